package io.s3dlio.rest;

import io.s3dlio.http.ResponseHead;
import java.nio.charset.StandardCharsets;

/**
 * A complete answer with a small body.
 *
 * @param head status and headers
 * @param body its bytes
 */
public record Answer(ResponseHead head, byte[] body) {

  /**
   * The body as text.
   *
   * @return decoded as UTF-8
   */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
