package io.s3dlio.file;

import io.s3dlio.CommonPrefix;
import io.s3dlio.ListEntry;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
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

/**
 * Walks the objects below a prefix in the order of their keys. All keys in directory {@code a}
 * begin with {@code a/}, so it has its place among its neighbours by that name: after the file
 * {@code a-b}, before {@code ab}. Holds the entries of the directories that it is in, not of the
 * tree.
 */
final class TreeWalk {

  private final ObjectUri prefix;
  private final ListOptions options;
  private final Deque<Directory> inside = new ArrayDeque<>();

  /** The keys that were rolled up last; null at first. */
  private String rolledUp;

  private boolean begun;

  TreeWalk(ObjectUri prefix, ListOptions options) {
    this.prefix = prefix;
    this.options = options;
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

  /** The next entry of the listing; null at the end. */
  ListEntry next() throws IOException {
    if (!begun) {
      begun = true;
      String key = prefix.key();
      Place base = Place.directoryOfPrefix("list", prefix);
      enter(base.path(), key.substring(0, key.lastIndexOf('/') + 1));
    }
    while (!inside.isEmpty()) {
      Directory directory = inside.peek();
      if (!directory.rest.hasNext()) {
        inside.pop();
        continue;
      }
      Entry entry = directory.rest.next();
      ListEntry found = visit(directory, entry, directory.key + entry.name);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** What an entry adds to the listing; null if nothing, or nothing yet. */
  private ListEntry visit(Directory directory, Entry entry, String key) throws IOException {
    if (rolledUp != null && key.startsWith(rolledUp)) {
      return null;
    }
    boolean isFile = entry.state != null;
    String delimiter = options.delimiter().orElse(null);
    int at = delimiter == null ? -1 : key.indexOf(delimiter, prefix.key().length());
    if (at >= 0) {
      String common = key.substring(0, at + delimiter.length());
      // A prefix is an entry like others: a listing that goes on after it, or after a key below
      // it, does not come back to it.
      if (!isAfterStart(common)
          || (!isFile && !holdsAny(directory.path.resolve(entry.name), key))) {
        return null;
      }
      rolledUp = common;
      return new CommonPrefix(prefix.withKey(common));
    }
    if (isFile) {
      return entry.state.listed(prefix.withKey(key));
    }
    enter(directory.path.resolve(entry.name), key);
    return null;
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
      if (isGone(e)) {
        return;
      }
      throw e;
    }
    entries.sort((a, b) -> ObjectUri.compareUtf8(a.name, b.name));
    inside.push(new Directory(path, key, entries.iterator()));
  }

  /**
   * Whether there is any object to list in a directory, at whatever depth. One that may not be
   * looked into counts as holding some: it shows, and whoever lists it is told why that fails.
   */
  private boolean holdsAny(Path path, String key) throws IOException {
    List<Entry> directories = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(path)) {
      for (Path child : stream) {
        Entry entry = entry(child, key);
        if (entry != null && entry.state != null) {
          return true;
        } else if (entry != null) {
          directories.add(entry);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    } catch (AccessDeniedException e) {
      return true;
    } catch (IOException e) {
      if (isGone(e)) {
        return false;
      }
      throw e;
    }
    for (Entry directory : directories) {
      if (holdsAny(path.resolve(directory.name), key + directory.name)) {
        return true;
      }
    }
    return false;
  }

  /** What a name in a directory is to the listing; null if nothing. */
  private Entry entry(Path child, String directory) throws IOException {
    String name = child.getFileName().toString();
    boolean asFile = isWanted(directory + name) && !Place.isTemporary(name);
    boolean asDirectory = leadsToWanted(directory + name + "/");
    if (!asFile && !asDirectory) {
      return null;
    }
    try {
      BasicFileAttributes found =
          Files.readAttributes(child, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (found.isDirectory()) {
        return asDirectory ? new Entry(checked(child, name) + "/", null) : null;
      }
      if (found.isSymbolicLink() && asFile) {
        found = Files.readAttributes(child, BasicFileAttributes.class);
      }
      return asFile && found.isRegularFile()
          ? new Entry(checked(child, name), FileState.of(found))
          : null;
    } catch (IOException e) {
      if (isGone(e)) {
        return null;
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
        && (isAfterStart(directory) || options.startAfter().orElseThrow().startsWith(directory));
  }

  private boolean isAfterStart(String key) {
    return options.startAfter().isEmpty()
        || ObjectUri.compareUtf8(key, options.startAfter().get()) > 0;
  }

  /**
   * Deleted since its name was read, or never there: a link to nothing, a prefix of no directory.
   */
  private static boolean isGone(IOException e) {
    return !(e instanceof ObjectStoreException) && FileErrors.isAbsent(e);
  }

  /** A name that is not UTF-8 would come out as a key under which nothing can be read. */
  private String checked(Path child, String name) throws ObjectStoreException {
    if (name.indexOf('\uFFFD') >= 0 && !isSame(child, name)) {
      String detail =
          "the name '" + name + "' in " + child.getParent() + " is not UTF-8; rename it";
      throw ObjectStoreException.of(
          Kind.INVALID, "list", prefix, detail + Place.encodingAdvice(), null);
    }
    return name;
  }

  private static boolean isSame(Path child, String name) {
    try {
      return child.getFileName().equals(child.getFileSystem().getPath(name));
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
