package io.s3dlio;

import java.util.Optional;

/**
 * How to read an object.
 *
 * @param range which bytes
 * @param ifMatch read only if the object still has this ETag; otherwise {@link
 *     PreconditionFailedException}
 * @param version read this version of the object and not its latest, see {@link
 *     ObjectMeta#version}; a store that keeps none by its {@link Capabilities} refuses with kind
 *     UNSUPPORTED
 * @param progress hears how far the read is
 */
public record GetOptions(
    ByteRange range,
    Optional<String> ifMatch,
    Optional<String> version,
    ProgressListener progress) {

  /** The whole object as it is now, whatever its ETag. */
  public static final GetOptions DEFAULT =
      new GetOptions(ByteRange.WHOLE, Optional.empty(), Optional.empty(), ProgressListener.NONE);

  /**
   * With another range.
   *
   * @param newRange which bytes
   * @return a copy
   */
  public GetOptions withRange(ByteRange newRange) {
    return new GetOptions(newRange, ifMatch, version, progress);
  }

  /**
   * With a condition.
   *
   * @param etag what the object's ETag must be
   * @return a copy
   */
  public GetOptions withIfMatch(String etag) {
    return new GetOptions(range, Optional.of(etag), version, progress);
  }

  /**
   * Of an earlier version.
   *
   * @param id which one, as a write, a read or {@code head} has told it
   * @return a copy
   */
  public GetOptions withVersion(String id) {
    return new GetOptions(range, ifMatch, Optional.of(id), progress);
  }

  /**
   * With a listener.
   *
   * @param listener hears how far the read is
   * @return a copy
   */
  public GetOptions withProgress(ProgressListener listener) {
    return new GetOptions(range, ifMatch, version, listener);
  }
}
