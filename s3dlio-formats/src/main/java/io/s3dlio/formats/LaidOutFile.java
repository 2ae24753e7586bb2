package io.s3dlio.formats;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A file of which all is known before it is read: its parts, one behind the other. */
abstract class LaidOutFile implements ByteSource {

  /** What data may have, so that no sum of sizes is too large for a number. */
  static final long MAX_SIZE = 1L << 62;

  private static final int LONGEST_NAME = 1000;

  private final ByteSource file;

  LaidOutFile(List<ByteSource> parts) {
    this.file = ByteSources.concat(parts);
  }

  @Override
  public final long size() {
    return file.size();
  }

  @Override
  public final void read(long offset, ByteBuffer dst) throws IOException {
    file.read(offset, dst);
  }

  @Override
  public final ByteBuffer view(long offset, int length) {
    return file.view(offset, length);
  }

  /** That a name in a file is one for all who may read it. */
  static void checkName(String what, String name) {
    if (name.isEmpty() || name.length() > LONGEST_NAME || !UTF_8.newEncoder().canEncode(name)) {
      throw new IllegalArgumentException(
          "the name of %s must have 1 to %,d characters and be well-formed Unicode"
              .formatted(what, LONGEST_NAME));
    }
    if (name.indexOf('\0') >= 0) { // where many stop to read
      throw new IllegalArgumentException("the name of %s has a NUL".formatted(what));
    }
  }
}
