package io.s3dlio.internal;

import io.s3dlio.ByteSink;
import java.nio.ByteBuffer;

/** Sinks without state. */
public final class Sinks {

  /** Takes everything, keeps nothing. */
  public static final ByteSink NOWHERE = (offset, src) -> skip(src);

  private Sinks() {}

  private static void skip(ByteBuffer src) {
    src.position(src.limit());
  }
}
