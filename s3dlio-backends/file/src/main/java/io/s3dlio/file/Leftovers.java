package io.s3dlio.file;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The temporary files in the directories below a prefix of keys. Which object one was to be, its
 * name does not say, so those in a directory are found where all keys in it begin with the prefix.
 * Links are not followed.
 */
final class Leftovers {

  /** All of a name that {@link TempFile} gives, and nothing more. */
  private static final Pattern NAME =
      Pattern.compile(
          Pattern.quote(Place.TEMP_PREFIX) + "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final ObjectUri prefix;
  private final List<Leftover> found = new ArrayList<>();
  private final Deque<Directory> ahead = new ArrayDeque<>();

  /** A temporary file. */
  record Leftover(ObjectUri uri, Path path) {}

  /**
   * A directory that is still to be looked into.
   *
   * @param key what the keys in it begin with: empty, or with a {@code /} at the end
   */
  private record Directory(Path path, String key) {}

  private Leftovers(ObjectUri prefix) {
    this.prefix = prefix;
  }

  static List<Leftover> below(ObjectUri prefix) throws IOException {
    String key = prefix.key();
    if (key.isEmpty()) {
      throw new ObjectStoreException(
          Kind.INVALID, "unfinished", prefix, "is all files of this machine; name one below", null);
    }
    Leftovers leftovers = new Leftovers(prefix);
    Place base = Place.directoryOfPrefix("unfinished", prefix);
    leftovers.ahead.push(new Directory(base.path(), key.substring(0, key.lastIndexOf('/') + 1)));
    while (!leftovers.ahead.isEmpty()) {
      leftovers.look(leftovers.ahead.pop());
    }
    return leftovers.found;
  }

  private void look(Directory directory) throws IOException {
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory.path)) {
      for (Path child : stream) {
        String key = directory.key + child.getFileName();
        if (isDirectory(child)) {
          if ((key + "/").startsWith(prefix.key())) {
            ahead.push(new Directory(child, key + "/"));
          }
        } else if (isTemporary(child) && directory.key.startsWith(prefix.key())) {
          found.add(new Leftover(prefix.withKey(key), child));
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    } catch (IOException e) {
      if (!FileErrors.isAbsent(e)) { // else deleted meanwhile, or a prefix of no directory
        throw e;
      }
    }
  }

  private static boolean isDirectory(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean isTemporary(Path path) {
    return NAME.matcher(path.getFileName().toString()).matches()
        && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
  }
}
