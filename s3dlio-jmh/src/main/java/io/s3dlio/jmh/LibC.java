package io.s3dlio.jmh;

import com.sun.jna.IntegerType;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/** What the C library does with memory, as a ceiling to measure against, and its clock. */
final class LibC {

  static {
    Native.register("c");
  }

  private LibC() {}

  static native Pointer memset(Pointer memory, int value, SizeT length);

  static native Pointer memchr(Pointer memory, int value, SizeT length);

  /** Gives all of a direct buffer's bytes one value. */
  static Pointer memset(ByteBuffer memory, int value) {
    return memset(Native.getDirectBufferPointer(memory), value, new SizeT(memory.capacity()));
  }

  /** Reads a direct buffer up to a byte, and thus all of it if the byte is not there: null. */
  static Pointer memchr(ByteBuffer memory, int value) {
    return memchr(Native.getDirectBufferPointer(memory), value, new SizeT(memory.capacity()));
  }

  /** CPU time of this process in microseconds (POSIX fixes CLOCKS_PER_SEC at 1,000,000). */
  static native NativeLong clock();

  /** A size_t. JNA makes it with the constructor that has no parameter. */
  public static final class SizeT extends IntegerType {

    private static final long serialVersionUID = 1;

    /** Zero. */
    public SizeT() {
      this(0);
    }

    SizeT(long value) {
      super(Native.SIZE_T_SIZE, value, true);
    }
  }
}
