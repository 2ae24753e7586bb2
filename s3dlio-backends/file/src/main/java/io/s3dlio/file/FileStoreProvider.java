package io.s3dlio.file;

import io.s3dlio.Capabilities;
import io.s3dlio.ConfigKey;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.spi.ObjectStoreProvider;
import io.s3dlio.spi.StoreBackend;
import io.s3dlio.spi.StoreContext;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import java.util.Set;

/**
 * Opens {@code file://} stores: every object is a file, and its key is the absolute path without
 * its first {@code /}.
 */
public final class FileStoreProvider implements ObjectStoreProvider {

  /** Whether a write is on the device before it counts as done. */
  public static final ConfigKey<Boolean> FSYNC =
      ConfigKey.flag(
          "file.fsync",
          true,
          "Flush the file and its directory to the device before a write counts as done; without,"
              + " a crash of the machine may leave new objects missing, empty or cut short.");

  /** File systems of the FAT family, which have no hard links. */
  private static final Set<String> WITHOUT_LINKS = Set.of("vfat", "msdos", "exfat");

  /** Made by {@link java.util.ServiceLoader}. */
  public FileStoreProvider() {}

  @Override
  public Set<String> schemes() {
    return Set.of("file");
  }

  @Override
  public List<ConfigKey<?>> configKeys() {
    return List.of(FSYNC);
  }

  @Override
  public StoreBackend open(ObjectUri uri, StoreContext context) throws ObjectStoreException {
    Path place = nearestExisting(uri);
    if (!place.getFileSystem().getSeparator().equals("/")) {
      String detail = "file:// needs paths that are divided by '/', which this system's are not";
      throw ObjectStoreException.of(Kind.UNSUPPORTED, "open", uri, detail, null);
    }
    try {
      FileStore store = Files.getFileStore(place);
      boolean attributes = store.supportsFileAttributeView(UserDefinedFileAttributeView.class);
      boolean links = !WITHOUT_LINKS.contains(store.type());
      Capabilities capabilities =
          new Capabilities(links, false, attributes, false, 1, Integer.MAX_VALUE);
      return new FileBackend(
          capabilities, context.config().get(FSYNC), new Requests(context.listener()));
    } catch (IOException e) {
      throw FileErrors.of("open", uri, e);
    }
  }

  /** The place in the file system that a URI will be in. */
  private static Path nearestExisting(ObjectUri uri) throws ObjectStoreException {
    try {
      Path path = Path.of("/" + uri.key());
      while (!Files.exists(path) && path.getParent() != null) {
        path = path.getParent();
      }
      return path;
    } catch (InvalidPathException e) {
      String detail = "no file can have this name (" + e.getReason() + ")";
      throw ObjectStoreException.of(Kind.INVALID, "open", uri, detail + Place.encodingAdvice(), e);
    }
  }
}
