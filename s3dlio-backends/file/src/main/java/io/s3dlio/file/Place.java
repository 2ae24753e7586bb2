package io.s3dlio.file;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Where an operation works: the URI that the user named, and the path that it means. The path is
 * the key behind a {@code /}, literally. Keys that a path would change or that no file can have are
 * refused.
 *
 * @param operation what is done there
 * @param uri the user's word for it
 * @param path the file or directory
 */
record Place(String operation, ObjectUri uri, Path path) {

  /** Begins the name of every file that is not an object yet. */
  static final String TEMP_PREFIX = ".s3dlio-tmp-";

  /** NAME_MAX of Linux and its file systems, in bytes. */
  private static final int MAX_SEGMENT = 255;

  private static final String ENCODING = System.getProperty("sun.jnu.encoding", "UTF-8");

  /** The file of an object that is looked at. */
  static Place object(String operation, ObjectUri uri) throws ObjectStoreException {
    if (uri.key().isEmpty()) {
      throw invalid(operation, uri, "the root directory is not an object; name a file", null);
    }
    checkSegments(operation, uri, uri.key());
    return of(operation, uri, uri.key());
  }

  /** The file of an object that is written. */
  static Place target(String operation, ObjectUri uri) throws ObjectStoreException {
    Place place = object(operation, uri);
    if (isTemporary(uri.name())) {
      String detail = "names that begin with " + TEMP_PREFIX + " are those of temporary files,";
      throw invalid(operation, uri, detail + " which listings leave out; choose another", null);
    }
    return place;
  }

  /** The directory that the key is, with or without a {@code /} at its end. */
  static Place directory(String operation, ObjectUri uri) throws ObjectStoreException {
    String key = uri.key();
    String name = key.endsWith("/") ? key.substring(0, key.length() - 1) : key;
    if (!key.isEmpty()) {
      checkSegments(operation, uri, name);
    }
    return of(operation, uri, name);
  }

  /** The directory in which all keys with this prefix are. */
  static Place directoryOfPrefix(String operation, ObjectUri prefix) throws ObjectStoreException {
    int end = prefix.key().lastIndexOf('/');
    String name = prefix.key().substring(0, Math.max(end, 0));
    if (end >= 0) {
      checkSegments(operation, prefix, name);
    }
    return of(operation, prefix, name);
  }

  static boolean isTemporary(String name) {
    return name.startsWith(TEMP_PREFIX);
  }

  /** What to do about names that this JVM cannot write; empty if it can write all. */
  static String encodingAdvice() {
    return ENCODING.toUpperCase(Locale.ROOT).equals("UTF-8")
        ? ""
        : "; Java speaks "
            + ENCODING
            + " to this system's files (sun.jnu.encoding): set LC_ALL=C.UTF-8 before it starts";
  }

  ObjectStoreException error(Kind kind, String detail, Throwable cause) {
    return ObjectStoreException.of(kind, operation, uri, detail, cause);
  }

  private static Place of(String operation, ObjectUri uri, String name)
      throws ObjectStoreException {
    if (!uri.bucket().isEmpty()) {
      String detail = "a file has no bucket; write " + uri.scheme() + ":///absolute/path";
      throw invalid(operation, uri, detail, null);
    }
    try {
      return new Place(operation, uri, Path.of("/" + name));
    } catch (InvalidPathException e) {
      String detail = "no file can have this name (" + e.getReason() + ")" + encodingAdvice();
      throw invalid(operation, uri, detail, e);
    }
  }

  private static void checkSegments(String operation, ObjectUri uri, String name)
      throws ObjectStoreException {
    for (int start = 0; start <= name.length(); ) {
      int slash = name.indexOf('/', start);
      String segment = name.substring(start, slash < 0 ? name.length() : slash);
      start += segment.length() + 1;
      String fault = null;
      if (segment.isEmpty()) {
        fault = "'//' and a '/' at the end cannot be kept in the name of a file; remove them";
      } else if (segment.equals(".") || segment.equals("..")) {
        fault = "the segment '" + segment + "' means another directory; write the path without it";
      } else if (segment.length() > MAX_SEGMENT / 3 && utf8Length(segment) > MAX_SEGMENT) {
        fault =
            "a segment of "
                + utf8Length(segment)
                + " bytes is longer than a file name can be ("
                + MAX_SEGMENT
                + "); shorten it or divide it with '/'";
      }
      if (fault != null) {
        throw invalid(operation, uri, fault, null);
      }
    }
  }

  private static int utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static ObjectStoreException invalid(
      String operation, ObjectUri uri, String detail, Throwable cause) {
    return ObjectStoreException.of(Kind.INVALID, operation, uri, detail, cause);
  }
}
