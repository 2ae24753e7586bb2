package io.s3dlio.http;

import java.util.Optional;

/**
 * An HTTP proxy.
 *
 * @param authorization the header that it wants, if any
 */
record ProxyServer(String host, int port, Optional<String> authorization) {
  @Override
  public String toString() {
    return host + ":" + port; // without the password
  }
}
