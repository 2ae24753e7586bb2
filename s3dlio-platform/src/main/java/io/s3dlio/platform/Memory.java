package io.s3dlio.platform;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The C library's {@code memset}, as a yardstick for whoever writes memory. On 64-bit Linux and
 * with JNA ({@code net.java.dev.jna:jna}) on the class path.
 */
public final class Memory {

  private Memory() {}

  /**
   * Why {@link #set} does nothing.
   *
   * @return a reason for people to read; empty if it works
   */
  public static Optional<String> missing() {
    return LibC.MISSING;
  }

  /**
   * Gives all bytes of a buffer one value.
   *
   * @param direct a direct buffer, from begin to capacity
   * @param value the lowest 8 bits count
   * @return false, with nothing done, if the C library cannot be called
   * @throws IllegalArgumentException if the buffer is not direct
   */
  public static boolean set(ByteBuffer direct, int value) {
    if (!direct.isDirect()) {
      throw new IllegalArgumentException("the buffer is not direct");
    }
    return missing().isEmpty() && setAll(direct, value);
  }

  /** A method of its own, since the class of what it gets is JNA's. */
  private static boolean setAll(ByteBuffer direct, int value) {
    Pointer begin = LibC.address(direct.duplicate().clear());
    LibC.memset(begin, value, direct.capacity());
    return true;
  }
}
