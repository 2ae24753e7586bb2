package io.s3dlio.testkit.fault;

/** What a {@link FaultGrid} does with a store. */
public enum GridOperation {
  /** Overwrites an object in one request. */
  PUT_SMALL,
  /** Overwrites an object in parts. */
  PUT_LARGE,
  /** Writes an object if there is none, in one request. */
  CREATE_SMALL,
  /** Writes an object if there is none, in parts. */
  CREATE_LARGE,
  /** Replaces an object that has a known ETag, in one request. */
  REPLACE_SMALL,
  /** Replaces an object that has a known ETag, in parts. */
  REPLACE_LARGE,
  /** Reads an object in one request. */
  GET_SMALL,
  /** Reads an object in parts, into memory. */
  GET_LARGE,
  /** Reads an object in parts, into a sink. */
  GET_TO_SINK,
  /** Reads a range in parts. */
  GET_RANGE,
  /** Reads a range into the caller's memory. */
  READ_INTO,
  /** Asks about an object. */
  HEAD,
  /** Lists some objects. */
  LIST,
  /** Deletes an object. */
  DELETE,
  /** Deletes several objects. */
  DELETE_ALL,
  /** Copies an object. */
  COPY;

  boolean large() {
    return name().endsWith("_LARGE");
  }

  /**
   * Whether it replaces an object only if that is the known one.
   *
   * @return true for what not every store can do
   */
  public boolean replaces() {
    return this == REPLACE_SMALL || this == REPLACE_LARGE;
  }

  boolean creates() {
    return this == CREATE_SMALL || this == CREATE_LARGE;
  }

  boolean writes() {
    return creates() || replaces() || this == PUT_SMALL || this == PUT_LARGE;
  }

  /**
   * Whether it reads bytes of an object.
   *
   * @return true for those that get
   */
  public boolean gets() {
    return ordinal() >= GET_SMALL.ordinal() && ordinal() <= READ_INTO.ordinal();
  }

  /**
   * Whether it reads a range, of which no store has a checksum.
   *
   * @return true for two of them
   */
  public boolean getsRange() {
    return this == GET_RANGE || this == READ_INTO;
  }
}
