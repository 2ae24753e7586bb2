package io.s3dlio.s3;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * A key for AES-256 that goes with the requests it is for.
 *
 * @param text the key, in Base64
 * @param md5 its MD5, by which the store knows that it came as it was; in Base64
 */
record CustomerKey(String text, String md5) {

  private static final int BYTES = 32;

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is none; the message does not repeat it
   */
  static CustomerKey of(String text) {
    byte[] key;
    try {
      key = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      key = new byte[0]; // whose message may hold a part of it
    }
    if (key.length != BYTES) {
      throw new IllegalArgumentException(
          "s3.customer-key is not a key of 32 bytes in Base64; `openssl rand -base64 32` makes one");
    }
    try {
      byte[] md5 = MessageDigest.getInstance("MD5").digest(key);
      return new CustomerKey(text, Base64.getEncoder().encodeToString(md5));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }

  /** Says nothing of it. */
  @Override
  public String toString() {
    return "CustomerKey[hidden]";
  }
}
