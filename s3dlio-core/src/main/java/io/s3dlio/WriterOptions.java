package io.s3dlio;

import java.util.OptionalLong;

/**
 * How to write an object through an {@link ObjectWriter}.
 *
 * @param put what to do if there is one already, and what to store with it
 * @param size how many bytes there will be, where that is known: neither more nor fewer are then
 *     written. Makes parts large enough for large objects, and takes less memory for small ones
 * @param partSize bytes of each part but the last, 1 to 1 GiB; raised to the store's least. Unless
 *     given, the setting {@code part-size}. An object of unknown size holds at most as many parts
 *     as the store allows ({@link Capabilities#maxParts}; S3: 10,000)
 * @param inFlight parts that are sent at a time while the next is filled, 1 or more
 */
public record WriterOptions(
    PutOptions put, OptionalLong size, OptionalLong partSize, int inFlight) {

  /** Overwrites; four parts in flight. */
  public static final WriterOptions DEFAULT =
      new WriterOptions(PutOptions.DEFAULT, OptionalLong.empty(), OptionalLong.empty(), 4);

  /** Checks the ranges. */
  public WriterOptions {
    if (size.isPresent() && size.getAsLong() < 0) {
      throw new IllegalArgumentException("a size is 0 or more: " + size.getAsLong());
    }
    if (partSize.isPresent() && (partSize.getAsLong() < 1 || partSize.getAsLong() > 1L << 30)) {
      throw new IllegalArgumentException("a part size is 1 byte to 1 GiB: " + partSize.getAsLong());
    }
    if (inFlight < 1) {
      throw new IllegalArgumentException("one part or more is in flight: " + inFlight);
    }
  }

  /**
   * With other options of the object.
   *
   * @param options what to do if there is one already, and what to store with it
   * @return a copy
   */
  public WriterOptions withPut(PutOptions options) {
    return new WriterOptions(options, size, partSize, inFlight);
  }

  /**
   * With a size that is known.
   *
   * @param bytes how many bytes there will be
   * @return a copy
   */
  public WriterOptions withSize(long bytes) {
    return new WriterOptions(put, OptionalLong.of(bytes), partSize, inFlight);
  }

  /**
   * With another part size.
   *
   * @param bytes of each part but the last
   * @return a copy
   */
  public WriterOptions withPartSize(long bytes) {
    return new WriterOptions(put, size, OptionalLong.of(bytes), inFlight);
  }

  /**
   * With more or fewer parts in flight.
   *
   * @param parts that are sent at a time
   * @return a copy
   */
  public WriterOptions withInFlight(int parts) {
    return new WriterOptions(put, size, partSize, parts);
  }
}
