package io.s3dlio.layer;

/** What is asked of a backend. */
public enum Operation {
  /** About an object. */
  HEAD("head"),
  /** For the tags of an object. */
  TAGS("tags"),
  /** Bytes of an object. */
  READ("read"),
  /** To write an object in one request. */
  PUT("put"),
  /** To begin a multipart upload. */
  START_MULTIPART("startMultipart"),
  /** To store a part of one. */
  PUT_PART("putPart"),
  /** To make the object of its parts. */
  COMPLETE("complete"),
  /** To remove what one has left, its own or one that was found. */
  ABORT("abort"),
  /** A page of a listing. */
  LIST("list"),
  /** To delete objects. */
  DELETE_ALL("deleteAll"),
  /** To copy an object. */
  COPY("copy"),
  /** For what writes that have not ended have left. */
  UNFINISHED("unfinished"),
  /** To make a bucket. */
  CREATE_BUCKET("createBucket"),
  /** To delete a bucket. */
  DELETE_BUCKET("deleteBucket"),
  /** For the buckets. */
  LIST_BUCKETS("listBuckets");

  private final String method;

  Operation(String method) {
    this.method = method;
  }

  /**
   * Its name.
   *
   * @return that of the method of {@link io.s3dlio.spi.StoreBackend} or {@link
   *     io.s3dlio.spi.PartUpload}; {@code list} for a page of a listing
   */
  @Override
  public String toString() {
    return method;
  }
}
