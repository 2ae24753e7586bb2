package io.s3dlio.platform;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Hints to the kernel's page cache: {@code posix_fadvise}, on 64-bit Linux and with JNA ({@code
 * net.java.dev.jna:jna}) on the class path. Everywhere else a hint does nothing and says so. JNA is
 * loaded with the first hint, which takes about a tenth of a second; from JDK 24 on the JVM prints
 * a warning then, unless it was started with {@code --enable-native-access=ALL-UNNAMED}.
 */
public final class PageCache {

  private static final Logger LOG = System.getLogger("io.s3dlio.platform");

  /** Java does not tell the number of a descriptor; the kernel lists them all here. */
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  private PageCache() {}

  /** What is going to happen to bytes of a file. The numbers are those of Linux. */
  public enum Advice {
    /** They are read at random: nothing is to be read ahead. Holds for the whole open file. */
    RANDOM(1),
    /** They are read from begin to end: more is to be read ahead. Holds for the whole open file. */
    SEQUENTIAL(2),
    /** They are not needed again: what is on the device already is to leave the cache. */
    DONT_NEED(4);

    private final int number;

    Advice(int number) {
      this.number = number;
    }
  }

  /**
   * Whether hints can be given.
   *
   * @return false where the system is another or JNA is not there
   */
  public static boolean isAvailable() {
    return LibC.MISSING.isEmpty();
  }

  /**
   * Gives a hint for every descriptor that this process has open on a file. Never fails: a hint
   * changes no byte.
   *
   * @param file the file, which this process has open
   * @param offset where the bytes begin, 0 or more
   * @param length how many; 0 for all that follow
   * @param advice the hint
   * @return how many descriptors it was taken for; 0 if hints are not available
   */
  public static int advise(Path file, long offset, long length, Advice advice) {
    if (!isAvailable()) {
      return 0;
    }
    int taken = 0;
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
      Object wanted = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
      for (Path descriptor : descriptors) {
        if (wanted.equals(fileOf(descriptor))) {
          int number = Integer.parseInt(descriptor.getFileName().toString());
          taken += LibC.posix_fadvise(number, offset, length, advice.number) == 0 ? 1 : 0;
        }
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "no hint could be given for " + file, e);
    }
    return taken;
  }

  private static Object fileOf(Path descriptor) {
    try {
      return Files.readAttributes(descriptor, BasicFileAttributes.class).fileKey();
    } catch (IOException e) {
      return null; // closed meanwhile
    }
  }
}
