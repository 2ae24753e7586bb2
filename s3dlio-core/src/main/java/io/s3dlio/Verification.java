package io.s3dlio;

/** Whether bytes read were compared with a checksum that the store keeps. */
public enum Verification {
  /** The CRC-32C of the bytes read is the one that was stored with the whole object. */
  VERIFIED,
  /**
   * There was nothing to compare with: the store keeps no checksum of the whole object, or only a
   * part of the object was read. Lengths and ETag were checked all the same.
   */
  UNVERIFIED
}
