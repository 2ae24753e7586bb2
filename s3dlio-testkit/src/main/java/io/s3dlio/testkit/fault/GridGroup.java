package io.s3dlio.testkit.fault;

/** Operations of one sort, whose runs are counted together. */
public enum GridGroup {
  /** Writes in one request. */
  PUT,
  /** Writes in parts. */
  MULTIPART,
  /** Reads of bytes. */
  GET,
  /** Questions about one object. */
  HEAD,
  /** Listings. */
  LIST,
  /** Deletions of one object and of several. */
  DELETE,
  /** Copies within the store. */
  COPY
}
