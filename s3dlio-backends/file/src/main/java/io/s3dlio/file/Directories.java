package io.s3dlio.file;

import io.s3dlio.BucketInfo;
import io.s3dlio.ObjectStoreException.Kind;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Directories as buckets. */
final class Directories {

  private Directories() {}

  static Void create(Place bucket, boolean fsync) throws IOException {
    Path parent = bucket.path().getParent();
    if (parent == null) {
      throw bucket.error(Kind.ALREADY_EXISTS, "is the root directory; name another", null);
    }
    ensure(parent, bucket, fsync);
    Files.createDirectory(bucket.path());
    if (fsync) {
      TempFile.sync(parent, StandardOpenOption.READ);
    }
    return null;
  }

  /**
   * Makes a directory and those above it, where they are missing. With {@code fsync} they are on
   * the device when it returns. Nobody puts anything in one before: so of those that are there only
   * an empty one may not be on the device, because whoever made it has not come to that.
   */
  static void ensure(Path directory, Place target, boolean fsync) throws IOException {
    Path parent = directory.getParent();
    if (Files.isDirectory(directory)) {
      // Who may not read the parent could not have made it: that takes a flush of the parent.
      if (fsync && parent != null && Files.isReadable(parent) && isEmpty(directory)) {
        TempFile.sync(parent, StandardOpenOption.READ);
      }
      return;
    }
    if (parent != null) {
      ensure(parent, target, fsync);
    }
    make(directory, target);
    if (fsync) {
      try {
        TempFile.sync(parent, StandardOpenOption.READ);
      } catch (IOException e) {
        discard(directory, e); // what was not flushed once is not flushed by trying again
        throw e;
      }
    }
  }

  private static void make(Path directory, Place target) throws IOException {
    try {
      Files.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) { // else someone else was faster
        throw target.error(
            Kind.INVALID,
            directory + " is a file, so nothing can be below it; choose another key",
            e);
      }
    }
  }

  private static void discard(Path directory, IOException failure) {
    try {
      Files.deleteIfExists(directory);
    } catch (IOException also) {
      failure.addSuppressed(also);
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      return !stream.iterator().hasNext();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /**
   * Deletes a directory in which there are only directories: what is left when all objects are
   * deleted. Nothing is deleted if there is anything else.
   */
  static Void delete(Place bucket) throws IOException {
    if (bucket.path().getParent() == null) {
      throw bucket.error(Kind.INVALID, "the root directory cannot be deleted; name another", null);
    }
    if (!Files.isDirectory(bucket.path(), LinkOption.NOFOLLOW_LINKS)) {
      String detail =
          Files.exists(bucket.path(), LinkOption.NOFOLLOW_LINKS)
              ? "is not a directory; delete it as an object"
              : "there is no such directory";
      throw bucket.error(Kind.NOT_FOUND, detail, null);
    }
    List<Path> tree = new ArrayList<>();
    tree.add(bucket.path());
    for (int i = 0; i < tree.size(); i++) {
      for (Path child : children(tree.get(i))) {
        if (!Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
          throw bucket.error(
              Kind.INVALID, "is not empty: it holds " + child + "; delete what is in it", null);
        }
        tree.add(child);
      }
    }
    // Parents come before their children: backwards, every directory is empty when its turn comes.
    for (int i = tree.size() - 1; i >= 0; i--) {
      Files.delete(tree.get(i));
    }
    return null;
  }

  static List<BucketInfo> list(Place parent) throws IOException {
    List<BucketInfo> buckets = new ArrayList<>();
    for (Path child : children(parent.path())) {
      if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
        String key = child.toString().substring(1) + "/";
        buckets.add(new BucketInfo(parent.uri().withKey(key), Optional.empty()));
      }
    }
    buckets.sort(Comparator.comparing(BucketInfo::uri));
    return buckets;
  }

  private static List<Path> children(Path directory) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(children::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return children;
  }
}
