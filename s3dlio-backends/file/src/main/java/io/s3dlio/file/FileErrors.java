package io.s3dlio.file;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;

/** Tells what kind of error a failure of the file system is, and what to do about it. */
final class FileErrors {

  /** Java has classes for a few errors of the system; the others it tells by their text alone. */
  private static final List<Row> TABLE =
      List.of(
          row(NoSuchFileException.class, Kind.NOT_FOUND, "no such file or directory"),
          row(NotDirectoryException.class, Kind.NOT_FOUND, "not a directory"),
          row("Not a directory", Kind.NOT_FOUND, "a part of the path is a file, not a directory"),
          row("Too many levels of symbolic links", Kind.NOT_FOUND, "symbolic links form a loop"),
          row(FileAlreadyExistsException.class, Kind.ALREADY_EXISTS, "it is there already"),
          row(
              DirectoryNotEmptyException.class,
              Kind.INVALID,
              "the directory is not empty; delete what is in it first"),
          row("Is a directory", Kind.INVALID, "a directory is there; choose another key"),
          row("File name too long", Kind.INVALID, "the path is longer than this system allows"),
          row(
              AccessDeniedException.class,
              Kind.PERMISSION_DENIED,
              "permission denied; check owner and mode of the file and of its directories"),
          row(
              "Operation not permitted",
              Kind.PERMISSION_DENIED,
              "the system forbids it; check the owner and the attributes (lsattr) of the file"),
          row(
              "Read-only file system",
              Kind.PERMISSION_DENIED,
              "the file system is mounted read-only"),
          row(
              "No space left",
              Kind.OUT_OF_RESOURCES,
              "no space left on the file system; free some, or write elsewhere"),
          row("quota exceeded", Kind.OUT_OF_RESOURCES, "the disk quota is used up"),
          row(
              "Too many open files",
              Kind.OUT_OF_RESOURCES,
              "too many open files; raise the limit (ulimit -n) or lower max-concurrency"),
          row("Cannot allocate memory", Kind.OUT_OF_RESOURCES, "the system has no memory left"),
          row(
              "File too large",
              Kind.UNSUPPORTED,
              "the file system or the limit on file sizes (ulimit -f) allows no file this large"),
          row("not supported", Kind.UNSUPPORTED, "the file system cannot do it"),
          row("Input/output error", Kind.UNAVAILABLE, "the device failed; see the system's log"),
          row("Stale file handle", Kind.UNAVAILABLE, "the server of the file system lost the file"),
          row(
              ClosedByInterruptException.class,
              Kind.CANCELLED,
              "the thread was interrupted; nothing was published"));

  private FileErrors() {}

  private record Row(Class<?> type, String text, Kind kind, String detail) {
    boolean matches(Throwable e) {
      return type != null
          ? type.isInstance(e)
          : e.getMessage() != null && e.getMessage().contains(text);
    }
  }

  private static Row row(Class<?> type, Kind kind, String detail) {
    return new Row(type, null, kind, detail);
  }

  private static Row row(String text, Kind kind, String detail) {
    return new Row(null, text, kind, detail);
  }

  static ObjectStoreException of(String operation, ObjectUri uri, Exception e) {
    if (e instanceof ObjectStoreException known) {
      return known;
    }
    for (Row row : TABLE) {
      if (row.matches(e)) {
        return ObjectStoreException.of(row.kind, operation, uri, row.detail, e);
      }
    }
    return ObjectStoreException.of(Kind.UNKNOWN, operation, uri, "failed: " + e, e);
  }

  static Kind kind(IOException e) {
    return of("", null, e).kind();
  }

  /** Whether a failure says that there is nothing at a path. */
  static boolean isAbsent(IOException e) {
    return kind(e) == Kind.NOT_FOUND;
  }
}
