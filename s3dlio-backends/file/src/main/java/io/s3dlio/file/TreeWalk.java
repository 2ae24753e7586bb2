package io.s3dlio.file;

import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Walks the objects below a prefix in the order of their keys. All keys in directory {@code a} begin
 * with {@code a/}, so it has its place among its neighbours by that name: after the file {@code
 * a-b}, before {@code ab}. Holds the entries of the directories that it is in, not of the tree.
 */
final class TreeWalk {

  private final ObjectUri prefix;
  private final Optional<String> startAfter;
  private final Deque<Directory> inside = new ArrayDeque<>();

  /** Keys that begin with this are left out; null at first. */
  private String skipped;

  private boolean begun;

  TreeWalk(ObjectUri prefix, Optional<String> startAfter) {
    this.prefix = prefix;
    this.startAfter = startAfter;
  }

  /**
   * One entry of a directory.
   *
   * @param name its name; with a {@code /} at the end if it is a directory
   * @param state what the file is; null of a directory
   */
  private record Entry(String name, FileState state) {}

  /**
   * A directory that the walk is in.
   *
   * @param path where it is
   * @param key what the keys in it begin with: empty, or with a {@code /} at the end
   * @param rest what is still to be walked
   */
  private record Directory(Path path, String key, Iterator<Entry> rest) {}

  /** The next object; null at the end. */
  ObjectMeta next() throws IOException {
    if (!begun) {
      begun = true;
      String key = prefix.key();
      enter(
          Place.directoryOfPrefix("list", prefix).path(),
          key.substring(0, key.lastIndexOf('/') + 1));
    }
    while (!inside.isEmpty()) {
      Directory directory = inside.peek();
      if (!directory.rest.hasNext()) {
        inside.pop();
        continue;
      }
      Entry entry = directory.rest.next();
      String key = directory.key + entry.name;
      if (skipped != null && key.startsWith(skipped)) {
        continue;
      }
      if (entry.state != null) {
        return entry.state.listed(prefix.withKey(key));
      }
      enter(directory.path.resolve(entry.name), key);
    }
    return null;
  }

  /** Leaves out all further keys that begin with a text, without looking at them. */
  void skip(String text) {
    skipped = text;
    while (!inside.isEmpty() && inside.peek().key.startsWith(text)) {
      inside.pop();
    }
  }

  private void enter(Path path, String key) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(path)) {
      for (Path child : stream) {
        Entry entry = entry(child, key);
        if (entry != null) {
          entries.add(entry);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    } catch (IOException e) {
      if (FileErrors.isAbsent(e)) {
        return; // no directory, or no longer
      }
      throw e;
    }
    entries.sort((a, b) -> ObjectUri.compareUtf8(a.name, b.name));
    inside.push(new Directory(path, key, entries.iterator()));
  }

  /** What a name in a directory is to the listing; null if nothing. */
  private Entry entry(Path child, String directory) throws IOException {
    String name = child.getFileName().toString();
    boolean asFile = isWanted(directory + name) && !Place.isTemporary(name);
    if (!asFile && !leadsToWanted(directory + name + "/")) {
      return null;
    }
    try {
      BasicFileAttributes found =
          Files.readAttributes(child, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (found.isDirectory()) {
        checkName(child, name);
        return leadsToWanted(directory + name + "/") ? new Entry(name + "/", null) : null;
      }
      if (found.isSymbolicLink() && asFile) {
        found = Files.readAttributes(child, BasicFileAttributes.class);
      }
      if (!found.isRegularFile() || !asFile) {
        return null;
      }
      checkName(child, name);
      return new Entry(name, FileState.of(found));
    } catch (IOException e) {
      if (!(e instanceof ObjectStoreException) && FileErrors.isAbsent(e)) {
        return null; // deleted since, or a link to nothing
      }
      throw e;
    }
  }

  private boolean isWanted(String key) {
    return key.startsWith(prefix.key()) && isAfterStart(key);
  }

  /** Whether keys that begin with this directory's can be wanted. */
  private boolean leadsToWanted(String directory) {
    return directory.startsWith(prefix.key())
        && (isAfterStart(directory) || startAfter.orElseThrow().startsWith(directory));
  }

  private boolean isAfterStart(String key) {
    return startAfter.isEmpty() || ObjectUri.compareUtf8(key, startAfter.get()) > 0;
  }

  /** A name that is not UTF-8 would come out as a key under which nothing can be read. */
  private void checkName(Path child, String name) throws ObjectStoreException {
    if (name.indexOf('\uFFFD') >= 0 && !isSame(child, name)) {
      String detail =
          "the name '" + name + "' in " + child.getParent() + " is not UTF-8; rename it";
      throw ObjectStoreException.of(
          Kind.INVALID, "list", prefix, detail + Place.encodingAdvice(), null);
    }
  }

  private static boolean isSame(Path child, String name) {
    try {
      return child.getFileName().equals(child.getFileSystem().getPath(name));
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
