package io.s3dlio;

/**
 * One of many objects to write.
 *
 * @param uri the object
 * @param source its content
 * @param options how
 */
public record PutItem(ObjectUri uri, ByteSource source, PutOptions options) {

  /**
   * To be written whatever there is.
   *
   * @param uri the object
   * @param source its content
   * @return the item
   */
  public static PutItem of(ObjectUri uri, ByteSource source) {
    return new PutItem(uri, source, PutOptions.DEFAULT);
  }
}
