package io.s3dlio;

import java.util.Optional;

/**
 * One attempt of one request. Times are of {@link System#nanoTime}.
 *
 * @param operation such as {@code get}, {@code put}, {@code putPart}, {@code head}, {@code list},
 *     {@code delete}
 * @param uri the object, prefix or bucket
 * @param offset first byte asked for, or -1 if the request has no range
 * @param bytes payload bytes moved
 * @param attempt 1 for the first try
 * @param endpoint who was asked, such as {@code http://127.0.0.1:9000}; the scheme for local stores
 * @param startNanos when the attempt began
 * @param firstByteNanos when the answer's first byte was there, or {@code endNanos} where that is
 *     not seen
 * @param endNanos when it ended
 * @param status HTTP status, or 0 where there is none
 * @param error what went wrong, if something did
 * @param checksum what became of the checksum
 */
public record RequestEvent(
    String operation,
    ObjectUri uri,
    long offset,
    long bytes,
    int attempt,
    String endpoint,
    long startNanos,
    long firstByteNanos,
    long endNanos,
    int status,
    Optional<ObjectStoreException.Kind> error,
    Checksum checksum) {

  /** What became of the checksum of a request's payload. */
  public enum Checksum {
    /** There was none. */
    NONE,
    /** It was sent with the payload. */
    SENT,
    /** It came with the payload, of the whole object, and is compared by the engine. */
    RECEIVED
  }
}
