package io.s3dlio.rest;

import io.s3dlio.http.ResponseHead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A complete answer with a small body.
 *
 * @param head status and headers
 * @param body its bytes
 */
public record Answer(ResponseHead head, byte[] body) {

  /** The most bytes that a body may have which is kept whole; no page of any listing has more. */
  public static final int MAX_BYTES = 64 << 20;

  /**
   * What taking a body fails with that has more.
   *
   * @return the failure
   */
  public static IOException tooLong() {
    return new IOException(
        "the answer is longer than " + MAX_BYTES + " bytes, which none should be");
  }

  /**
   * The body as text.
   *
   * @return decoded as UTF-8
   */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
