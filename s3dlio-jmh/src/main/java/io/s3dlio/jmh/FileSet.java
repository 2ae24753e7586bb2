package io.s3dlio.jmh;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * What the contenders of {@link FileCost} work on.
 *
 * @param directory where new files go
 * @param object the file that is read
 * @param many files that are read together
 * @param memory what is put, and where the hand's reads land
 * @param depth parts in flight
 * @param fsync whether what was put has to be on the device
 */
record FileSet(
    Path directory, Path object, List<Path> many, ByteBuffer memory, int depth, boolean fsync) {

  /** Begins the names of the files that are put. */
  static final String PUT = "put-";

  /** Bytes that a stream is read or written by. */
  static final int PIECE = 1 << 20;

  /** A new name. */
  Path put(int number) {
    return directory.resolve(PUT + number);
  }
}
