package io.s3dlio.rest;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collections;
import java.util.Set;

/** Files that hold secrets. */
public final class SecretFiles {

  private static final Set<PosixFilePermission> OTHERS =
      Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

  private SecretFiles() {}

  /**
   * Warns of a file that others can read, in one line; for when its secret is taken.
   *
   * @param store for the name of the logger, such as {@code s3}
   * @param file the file, which need not be there
   */
  public static void warnOf(String store, Path file) {
    if (isReadByOthers(file)) {
      System.getLogger("io.s3dlio." + store)
          .log(Level.WARNING, file + " holds a secret, and others can read it; chmod 600 it");
    }
  }

  private static boolean isReadByOthers(Path file) {
    try {
      return !Collections.disjoint(Files.getPosixFilePermissions(file), OTHERS);
    } catch (IOException | UnsupportedOperationException e) {
      return false; // not there, or without owners: whoever reads it says what is wrong
    }
  }
}
