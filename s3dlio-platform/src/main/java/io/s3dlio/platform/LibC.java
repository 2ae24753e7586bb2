package io.s3dlio.platform;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Functions of the C library that Java lacks, bound with JNA ({@code net.java.dev.jna:jna}) when
 * the first is asked for. That takes about a tenth of a second; from JDK 24 on the JVM prints a
 * warning then, unless it was started with {@code --enable-native-access=ALL-UNNAMED}.
 *
 * <p>No method may be called, and none catches a class of JNA, unless {@link #MISSING} is empty:
 * where JNA is not there such a class cannot be loaded.
 */
final class LibC {

  /** Why nothing here can be called, for people to read; empty if it can. */
  static final Optional<String> MISSING = load();

  /** What a call that failed returns. */
  static final int FAILED = -1;

  private LibC() {}

  static native int posix_fadvise(int descriptor, long offset, long length, int advice);

  static native int sched_setaffinity(int thread, long bytes, long[] mask);

  static native int madvise(Pointer address, long length, int advice);

  static native int getpagesize();

  static native Pointer memset(Pointer address, int value, long length);

  /** For {@code set_mempolicy}, which the C library does not have, only libnuma. */
  static native long syscall(long number, long mode, long[] nodes, long maxNode);

  static native String strerror(int error);

  /** Why the last call of this thread failed. */
  static String lastError() {
    return strerror(Native.getLastError());
  }

  static Pointer address(ByteBuffer direct) {
    return Native.getDirectBufferPointer(direct);
  }

  private static Optional<String> load() {
    // Elsewhere the numbers or the sizes of arguments are others.
    String system = System.getProperty("os.name", "an unknown system");
    String machine = System.getProperty("os.arch", "an unknown processor");
    if (!system.equals("Linux") || !(machine.equals("amd64") || machine.equals("aarch64"))) {
      return Optional.of("it works on 64-bit Linux only, and this is " + system + ", " + machine);
    }
    try {
      Native.register(LibC.class, "c");
      return Optional.empty();
    } catch (LinkageError e) {
      Logger log = System.getLogger("io.s3dlio.platform");
      log.log(Level.DEBUG, "the C library is called through JNA", e);
      return Optional.of("JNA (net.java.dev.jna:jna) is not on the class path or does not load");
    }
  }
}
