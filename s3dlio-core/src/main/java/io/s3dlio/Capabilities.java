package io.s3dlio;

/**
 * What a store can do beyond the operations that all have. The contract tests hold every backend to
 * what it declares here.
 *
 * @param createIfAbsent {@link PutMode#CREATE} works, with one winner of a race
 * @param ifMatch {@link PutMode#ifMatch} works as an atomic compare-and-swap
 * @param userMetadata user metadata and content type are kept
 * @param checksums the CRC-32C of an object is kept and given back
 * @param tags {@link PutOptions#tags} are kept
 * @param versions earlier contents of an object can be read, where its bucket keeps them
 * @param minPartSize the least size of a multipart upload's part but its last, in bytes
 * @param maxParts the most parts of a multipart upload
 */
public record Capabilities(
    boolean createIfAbsent,
    boolean ifMatch,
    boolean userMetadata,
    boolean checksums,
    boolean tags,
    boolean versions,
    long minPartSize,
    int maxParts) {

  /**
   * Those of a store without tags and versions.
   *
   * @param createIfAbsent {@link PutMode#CREATE} works
   * @param ifMatch {@link PutMode#ifMatch} works
   * @param userMetadata user metadata and content type are kept
   * @param checksums the CRC-32C of an object is kept
   * @param minPartSize the least size of a part, in bytes
   * @param maxParts the most parts
   */
  public Capabilities(
      boolean createIfAbsent,
      boolean ifMatch,
      boolean userMetadata,
      boolean checksums,
      long minPartSize,
      int maxParts) {
    this(createIfAbsent, ifMatch, userMetadata, checksums, false, false, minPartSize, maxParts);
  }
}
