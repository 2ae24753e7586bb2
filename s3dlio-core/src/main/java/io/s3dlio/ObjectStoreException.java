package io.s3dlio;

import io.s3dlio.spi.Secrets;
import java.io.IOException;
import java.util.Optional;

/**
 * What went wrong in a store. The message says what was tried, where, why it failed and what to do;
 * the cause is kept whole. No secret is in either.
 */
public class ObjectStoreException extends IOException {

  private static final long serialVersionUID = 1L;

  /** The kinds of failure that callers and reports tell apart. */
  public enum Kind {
    /** There is no such object or bucket. */
    NOT_FOUND,
    /** There is one already, and the operation was to create it. */
    ALREADY_EXISTS,
    /** An ETag is not the one asked for, or changed while the object was read in parts. */
    PRECONDITION_FAILED,
    /** A byte range selects no byte of the object. */
    RANGE_NOT_SATISFIABLE,
    /** The credentials do not allow it. */
    PERMISSION_DENIED,
    /** There are no credentials, or they are not valid. */
    UNAUTHENTICATED,
    /** The store asks for fewer requests. */
    THROTTLED,
    /** No answer in time; of a write it is not known whether it took place. */
    TIMEOUT,
    /** The store cannot be reached, broke off, or failed inside. */
    UNAVAILABLE,
    /** Bytes are not the ones that were sent. */
    CHECKSUM_MISMATCH,
    /** No memory within the budget, no space or no quota left. */
    OUT_OF_RESOURCES,
    /** This store cannot do it. */
    UNSUPPORTED,
    /** The caller's arguments, the key or the configuration are wrong. */
    INVALID,
    /** The caller cancelled it, or the thread was interrupted. */
    CANCELLED,
    /** None of the others. */
    UNKNOWN
  }

  /** What went wrong. */
  private final Kind kind;

  /** What was tried, such as {@code get}. */
  private final String operation;

  /** Where; may be null. */
  private final ObjectUri uri;

  /**
   * Makes one.
   *
   * @param kind what went wrong
   * @param operation what was tried: the name of the method of {@link ObjectStore}
   * @param uri where, or null if it concerns no place
   * @param detail why, and what to do; the operation and the URI are put in front of it
   * @param cause what led to it, or null
   */
  public ObjectStoreException(
      Kind kind, String operation, ObjectUri uri, String detail, Throwable cause) {
    super(Secrets.masked(operation + (uri == null ? "" : " " + uri) + ": " + detail), cause);
    this.kind = kind;
    this.operation = operation;
    this.uri = uri;
  }

  /**
   * Makes the subclass that fits the kind, or this class where there is none.
   *
   * @param kind what went wrong
   * @param operation what was tried
   * @param uri where, or null
   * @param detail why, and what to do
   * @param cause what led to it, or null
   * @return the exception
   */
  public static ObjectStoreException of(
      Kind kind, String operation, ObjectUri uri, String detail, Throwable cause) {
    return switch (kind) {
      case NOT_FOUND -> new ObjectNotFoundException(operation, uri, detail, cause);
      case ALREADY_EXISTS -> new ObjectAlreadyExistsException(operation, uri, detail, cause);
      case PRECONDITION_FAILED -> new PreconditionFailedException(operation, uri, detail, cause);
      default -> new ObjectStoreException(kind, operation, uri, detail, cause);
    };
  }

  /**
   * What went wrong.
   *
   * @return the kind
   */
  public final Kind kind() {
    return kind;
  }

  /**
   * What was tried.
   *
   * @return the operation, such as {@code get}
   */
  public final String operation() {
    return operation;
  }

  /**
   * Where.
   *
   * @return the object or bucket, if it concerns one
   */
  public final Optional<ObjectUri> uri() {
    return Optional.ofNullable(uri);
  }

  /**
   * Whether the same call may succeed later. The library has by then retried what its retry policy
   * allows.
   *
   * @return true for throttling, time-outs and unavailable stores
   */
  public final boolean isRetryable() {
    return kind == Kind.THROTTLED || kind == Kind.TIMEOUT || kind == Kind.UNAVAILABLE;
  }
}
