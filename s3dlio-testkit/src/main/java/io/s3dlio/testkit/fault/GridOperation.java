package io.s3dlio.testkit.fault;

/** What a {@link FaultGrid} does with a store. */
public enum GridOperation {
  /** Overwrites an object in one request. */
  PUT_SMALL(Effect.WRITES),
  /** Overwrites an object in parts. */
  PUT_LARGE(Effect.WRITES_PARTS),
  /** Writes an object if there is none, in one request. */
  CREATE_SMALL(Effect.WRITES),
  /** Writes an object if there is none, in parts. */
  CREATE_LARGE(Effect.WRITES_PARTS),
  /** Replaces an object that has a known ETag, in one request. */
  REPLACE_SMALL(Effect.WRITES),
  /** Replaces an object that has a known ETag, in parts. */
  REPLACE_LARGE(Effect.WRITES_PARTS),
  /** Overwrites an object in parts, as a stream whose end is not known before it comes. */
  WRITER(Effect.WRITES_PARTS),
  /** Overwrites several objects. */
  PUT_MANY(Effect.WRITES_SEVERAL),
  /** Reads an object in one request. */
  GET_SMALL(Effect.READS),
  /** Reads an object in parts, into memory. */
  GET_LARGE(Effect.READS_PARTS),
  /** Reads an object in parts, into a sink. */
  GET_TO_SINK(Effect.READS_PARTS),
  /** Reads an object as a stream. */
  READER(Effect.READS_PARTS),
  /** Reads several objects in parts, into memory. */
  GET_MANY(Effect.READS_PARTS),
  /** Reads several objects, one after the other for the caller. */
  STREAM_MANY(Effect.READS),
  /** Reads a range in parts. */
  GET_RANGE(Effect.READS_RANGES),
  /** Reads several ranges of an object. */
  GET_RANGES(Effect.READS_RANGES),
  /** Reads a range into the caller's memory. */
  READ_INTO(Effect.READS_RANGES),
  /** Asks about an object. */
  HEAD(Effect.ASKS),
  /** Lists some objects. */
  LIST(Effect.ASKS),
  /** Deletes an object. */
  DELETE(Effect.DELETES),
  /** Deletes several objects. */
  DELETE_ALL(Effect.DELETES),
  /** Copies an object. */
  COPY(Effect.COPIES);

  private enum Effect {
    WRITES,
    WRITES_PARTS,
    WRITES_SEVERAL,
    READS,
    READS_PARTS,
    READS_RANGES,
    ASKS,
    DELETES,
    COPIES
  }

  private final Effect effect;

  GridOperation(Effect effect) {
    this.effect = effect;
  }

  /**
   * What it is one of.
   *
   * @return the group that its runs are counted in
   */
  public GridGroup group() {
    return switch (effect) {
      case WRITES, WRITES_SEVERAL -> GridGroup.PUT;
      case WRITES_PARTS -> GridGroup.MULTIPART;
      case READS, READS_PARTS, READS_RANGES -> GridGroup.GET;
      case ASKS -> this == LIST ? GridGroup.LIST : GridGroup.HEAD;
      case DELETES -> GridGroup.DELETE;
      case COPIES -> GridGroup.COPY;
    };
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
    return effect == Effect.WRITES || writesParts() || effect == Effect.WRITES_SEVERAL;
  }

  /**
   * Whether it writes an object in parts.
   *
   * @return true for a multipart upload
   */
  public boolean writesParts() {
    return effect == Effect.WRITES_PARTS;
  }

  /**
   * Whether it reads bytes of an object.
   *
   * @return true for those that get
   */
  public boolean gets() {
    return effect == Effect.READS || readsParts();
  }

  /**
   * Whether it reads an object, or much of it, in parts.
   *
   * @return true for what takes several requests for one object
   */
  public boolean readsParts() {
    return effect == Effect.READS_PARTS || getsRange();
  }

  /**
   * Whether it reads ranges, of which no store has a checksum.
   *
   * @return true for three of them
   */
  public boolean getsRange() {
    return effect == Effect.READS_RANGES;
  }

  /** Whether it is about several objects, each of which ends in its own way. */
  boolean ofSeveral() {
    return this == PUT_MANY || this == DELETE_ALL;
  }

  /** Whether it needs several objects to begin with. */
  boolean findsSeveral() {
    return ofSeveral() || this == GET_MANY || this == STREAM_MANY || this == LIST;
  }
}
