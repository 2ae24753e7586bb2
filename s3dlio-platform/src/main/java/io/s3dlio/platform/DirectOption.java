package io.s3dlio.platform;

import java.nio.file.OpenOption;

/** The option that opens a file past the page cache: O_DIRECT, where the system has it. */
public final class DirectOption {

  private static final OpenOption DIRECT = search();

  private DirectOption() {}

  /**
   * Finds it by name, for compilers warn about its package.
   *
   * @return {@code ExtendedOpenOption.DIRECT}; a file system may still refuse it
   * @throws UnsupportedOperationException if this Java has none
   */
  public static OpenOption find() {
    if (DIRECT == null) {
      throw new UnsupportedOperationException("this Java has no direct I/O");
    }
    return DIRECT;
  }

  private static OpenOption search() {
    try {
      for (Object option :
          Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
        if (((Enum<?>) option).name().equals("DIRECT")) {
          return (OpenOption) option;
        }
      }
    } catch (ClassNotFoundException e) {
      return null; // another Java
    }
    return null;
  }
}
