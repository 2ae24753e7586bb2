package io.s3dlio;

/** What a listing yields: an object, or with a delimiter also the prefixes one level down. */
public sealed interface ListEntry permits ObjectMeta, CommonPrefix {

  /**
   * Where it is, in the form of URI that the listing was asked in.
   *
   * @return the object's URI, or the prefix's, which ends with the delimiter
   */
  ObjectUri uri();
}
