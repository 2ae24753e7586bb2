package io.s3dlio;

import java.util.Optional;

/**
 * How to read an object.
 *
 * @param range which bytes
 * @param ifMatch read only if the object still has this ETag; otherwise {@link
 *     PreconditionFailedException}
 * @param progress hears how far the read is
 */
public record GetOptions(ByteRange range, Optional<String> ifMatch, ProgressListener progress) {

  /** The whole object, whatever its ETag. */
  public static final GetOptions DEFAULT =
      new GetOptions(ByteRange.WHOLE, Optional.empty(), ProgressListener.NONE);

  /**
   * With another range.
   *
   * @param newRange which bytes
   * @return a copy
   */
  public GetOptions withRange(ByteRange newRange) {
    return new GetOptions(newRange, ifMatch, progress);
  }

  /**
   * With a condition.
   *
   * @param etag what the object's ETag must be
   * @return a copy
   */
  public GetOptions withIfMatch(String etag) {
    return new GetOptions(range, Optional.of(etag), progress);
  }

  /**
   * With a listener.
   *
   * @param listener hears how far the read is
   * @return a copy
   */
  public GetOptions withProgress(ProgressListener listener) {
    return new GetOptions(range, ifMatch, listener);
  }
}
