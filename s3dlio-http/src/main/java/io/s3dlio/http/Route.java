package io.s3dlio.http;

import java.util.Optional;

/**
 * Where a connection leads to.
 *
 * @param tls whether TLS is spoken there
 * @param host a name or an address
 * @param proxy by way of whom
 */
record Route(boolean tls, String host, int port, Optional<ProxyServer> proxy) {

  /** For the Host header. */
  String authority() {
    return port == (tls ? 443 : 80) ? host : host + ":" + port;
  }

  /** What is connected to. */
  String nextHost() {
    return proxy.map(ProxyServer::host).orElse(host);
  }

  int nextPort() {
    return proxy.map(ProxyServer::port).orElse(port);
  }

  /** Whether requests name the server in their first line, for the proxy to read. */
  boolean absoluteForm() {
    return proxy.isPresent() && !tls;
  }
}
