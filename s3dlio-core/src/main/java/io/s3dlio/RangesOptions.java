package io.s3dlio;

import java.util.Optional;

/**
 * How to read ranges of one object.
 *
 * @param maxGap ranges that are no more bytes apart than this are read in one request; the bytes
 *     between them are thrown away as they come and take no memory. 0 joins only what touches or
 *     overlaps
 * @param maxRequest no gap is read over to make a request of more bytes than this. What is larger
 *     without gaps is read as any other large object
 * @param ifMatch read only if the object still has this ETag; otherwise {@link
 *     PreconditionFailedException}
 * @param progress hears how far the read is, bytes of gaps included
 */
public record RangesOptions(
    long maxGap, long maxRequest, Optional<String> ifMatch, ProgressListener progress) {

  /** Gaps of up to 1 MiB, requests of up to 16 MiB, whatever the ETag. */
  public static final RangesOptions DEFAULT =
      new RangesOptions(1 << 20, 16 << 20, Optional.empty(), ProgressListener.NONE);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if a gap is below 0 or a request below 1 byte
   */
  public RangesOptions {
    if (maxGap < 0 || maxRequest < 1) {
      throw new IllegalArgumentException(
          "a gap is 0 bytes or more and a request 1 or more: " + maxGap + ", " + maxRequest);
    }
  }

  /**
   * With another gap.
   *
   * @param bytes 0 or more
   * @return a copy
   */
  public RangesOptions withMaxGap(long bytes) {
    return new RangesOptions(bytes, maxRequest, ifMatch, progress);
  }

  /**
   * With another limit on what is joined.
   *
   * @param bytes 1 or more
   * @return a copy
   */
  public RangesOptions withMaxRequest(long bytes) {
    return new RangesOptions(maxGap, bytes, ifMatch, progress);
  }

  /**
   * With a condition.
   *
   * @param etag what the object's ETag must be
   * @return a copy
   */
  public RangesOptions withIfMatch(String etag) {
    return new RangesOptions(maxGap, maxRequest, Optional.of(etag), progress);
  }

  /**
   * With a listener.
   *
   * @param listener hears how far the read is
   * @return a copy
   */
  public RangesOptions withProgress(ProgressListener listener) {
    return new RangesOptions(maxGap, maxRequest, ifMatch, listener);
  }
}
