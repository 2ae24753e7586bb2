package io.s3dlio.cli;

import io.s3dlio.ObjectStoreException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.ExecutionException;

/** One line for a failure. */
final class Messages {

  private Messages() {}

  static String of(Throwable failure) {
    Throwable e = unwrapped(failure);
    if (e instanceof FileSystemException file) {
      return ofFile(file);
    }
    if (e instanceof ObjectStoreException || e instanceof CommandException) {
      return e.getMessage();
    }
    if (e instanceof OutOfMemoryError) {
      return "out of memory ("
          + e.getMessage()
          + "); lower -j, or raise -Xmx with S3DLIO_JAVA_OPTS";
    }
    if (e instanceof ConnectException && e.getMessage() == null) {
      return "nothing answers there";
    }
    return e.getMessage() == null || e instanceof RuntimeException || e instanceof Error
        ? e.toString()
        : e.getMessage();
  }

  /** The failure itself, without the exceptions that only carried it. */
  static Throwable unwrapped(Throwable failure) {
    Throwable e = failure;
    while ((e instanceof UncheckedIOException || e instanceof ExecutionException)
        && e.getCause() != null) {
      e = e.getCause();
    }
    return e;
  }

  private static String ofFile(FileSystemException e) {
    return e.getFile() + ": " + why(e);
  }

  /** Of most failures of the file system Java's message is the path alone. */
  static String why(FileSystemException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "it is there already";
    }
    if (e instanceof NotDirectoryException) {
      return "not a directory";
    }
    if (e instanceof DirectoryNotEmptyException) {
      return "the directory is not empty";
    }
    if (e instanceof FileSystemLoopException) {
      return "symbolic links form a loop";
    }
    return e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
  }
}
