package io.s3dlio.file;

import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What one look at a file shows. Two equal states are the same content, unless someone writes into
 * the file in place twice within one tick of the file system's clock.
 *
 * @param size bytes
 * @param modified when its content was written
 * @param inode tells files apart that are there at the same time
 */
record FileState(long size, FileTime modified, int inode) {

  /** Looks at the file of an object, through a symbolic link. */
  static FileState of(Place place) throws IOException {
    BasicFileAttributes found = Files.readAttributes(place.path(), BasicFileAttributes.class);
    if (found.isRegularFile()) {
      return of(found);
    }
    String detail =
        found.isDirectory()
            ? "is a directory, not an object; the keys below it begin with '" + place.uri() + "/'"
            : "is neither a file nor a directory, so there is no object";
    throw place.error(Kind.NOT_FOUND, detail, null);
  }

  static FileState of(BasicFileAttributes found) {
    // A hash is enough: it has to tell apart only files of one size and one time.
    int inode = found.fileKey() == null ? 0 : found.fileKey().hashCode();
    return new FileState(found.size(), found.lastModifiedTime(), inode);
  }

  String etag() {
    return Long.toHexString(size)
        + "-"
        + Long.toHexString(modified.to(TimeUnit.NANOSECONDS))
        + "-"
        + Integer.toHexString(inode);
  }

  ObjectMeta listed(ObjectUri uri) {
    return ObjectMeta.listed(uri, size, modified.toInstant(), Optional.of(etag()));
  }

  /** All that is kept about an object, of one moment. */
  static ObjectMeta meta(Place place) throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      FileState before = of(place);
      UserAttributes attributes = UserAttributes.read(place.path());
      if (before.equals(of(place))) {
        return before.meta(place.uri(), attributes);
      }
    }
    throw restless(place);
  }

  ObjectMeta meta(ObjectUri uri, UserAttributes attributes) {
    return new ObjectMeta(
        uri,
        size,
        modified.toInstant(),
        Optional.of(etag()),
        attributes.contentType(),
        attributes.metadata(),
        Optional.empty());
  }

  /** How often to look again at a file that others replace all the time. */
  static final int ATTEMPTS = 100;

  static ObjectStoreException restless(Place place) {
    String detail = "was replaced " + ATTEMPTS + " times while it was looked at; try again";
    return place.error(Kind.UNAVAILABLE, detail, null);
  }
}
