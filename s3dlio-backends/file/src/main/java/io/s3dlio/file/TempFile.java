package io.s3dlio.file;

import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.PutMode;
import io.s3dlio.PutResult;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A file on its way to become an object: written under a name of its own in the directory of the
 * object, then published in one step, or removed. It has the mode that the umask gives, as the
 * object will have: it shows nobody more than the object does.
 */
final class TempFile implements AutoCloseable {

  private static final Logger LOG = System.getLogger("io.s3dlio.file");

  private static final AtomicLong LAST_TIME = new AtomicLong();

  private final Place target;
  private final Path path;
  private final boolean fsync;
  private boolean published;

  private TempFile(Place target, Path path, boolean fsync) {
    this.target = target;
    this.path = path;
    this.fsync = fsync;
  }

  /** Names one; nothing is created but the directories above it. */
  static TempFile in(Place target, boolean fsync) throws IOException {
    Path directory = target.path().getParent();
    Directories.ensure(directory, target, fsync);
    Path path = directory.resolve(Place.TEMP_PREFIX + UUID.randomUUID());
    return new TempFile(target, path, fsync);
  }

  Path path() {
    return path;
  }

  Place target() {
    return target;
  }

  /** Creates it, with its attributes: what cannot be kept is refused before a byte is written. */
  void create(UserAttributes attributes) throws IOException {
    Files.createFile(path);
    try {
      attributes.write(path, target);
    } catch (IOException e) {
      discard(e);
      throw e;
    }
  }

  /** Removes it because of a failure. */
  void discard(IOException failure) {
    try {
      close();
    } catch (IOException also) {
      failure.addSuppressed(also);
    }
  }

  /** Cuts off what lies behind a number of bytes. */
  void truncate(long size) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  /** Makes it the object. Nothing is written to it after this. */
  PutResult publish(PutMode mode, FileIo io) throws IOException {
    Files.setLastModifiedTime(path, uniqueTime());
    if (fsync) {
      io.flush(path);
    }
    String etag = FileState.of(new Place(target.operation(), target.uri(), path)).etag();
    if (mode instanceof PutMode.Create) {
      link();
    } else {
      rename();
    }
    if (fsync) {
      syncPublished(target);
    }
    return new PutResult(Optional.of(etag));
  }

  /** Removes it, unless it was published. */
  @Override
  public void close() throws IOException {
    if (!published) {
      Files.deleteIfExists(path);
    }
  }

  private void rename() throws IOException {
    try {
      Files.move(path, target.path(), StandardCopyOption.ATOMIC_MOVE);
      published = true;
    } catch (FileSystemException e) {
      throw isDirectory(e);
    }
  }

  /** Of all links to one name, the system lets exactly one be made. */
  private void link() throws IOException {
    try {
      Files.createLink(target.path(), path);
      published = true;
    } catch (FileAlreadyExistsException e) {
      if (fsync) {
        syncPublished(target); // whoever hears that it is there may rely on it, whoever made it
      }
      throw isDirectory(e);
    } catch (UnsupportedOperationException | FileSystemException e) {
      throw linkFailure(target, e);
    }
    try {
      Files.delete(path);
    } catch (IOException e) {
      // The object is there, whatever becomes of its second name.
      LOG.log(Level.WARNING, "temporary file " + path + " is left; delete it", e);
    }
  }

  /**
   * What has its name cannot be taken back any more: an interrupt has to wait. That the name may
   * not last is an error of a kind that nobody repeats, or settles by looking at what is there.
   */
  static void syncPublished(Place target) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          sync(target.path().getParent(), StandardOpenOption.READ);
          return;
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        } catch (IOException e) {
          String detail =
              "the object is there, but its directory could not be flushed to the device, so that a"
                  + " crash of the machine may lose it; write it again, or set file.fsync=false if"
                  + " this file system cannot flush directories";
          throw target.error(Kind.UNSUPPORTED, detail, e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private IOException isDirectory(FileSystemException e) {
    return Files.isDirectory(target.path(), LinkOption.NOFOLLOW_LINKS)
        ? target.error(Kind.INVALID, "a directory is there; choose another key", e)
        : e;
  }

  /** What to say when a file system refuses a link, which it does in its own words. */
  static IOException linkFailure(Place target, Exception e) {
    String reason = e instanceof FileSystemException f ? String.valueOf(f.getReason()) : "";
    boolean possible =
        e instanceof FileSystemException
            && !reason.contains("not permitted")
            && !reason.contains("not supported")
            && !reason.contains("not implemented");
    if (possible) {
      return (FileSystemException) e;
    }
    String detail =
        "this file system makes no hard links, without which nothing can tell who came first;"
            + " overwrite instead, or use another file system";
    return target.error(Kind.UNSUPPORTED, detail, e);
  }

  /**
   * A time that no other file gets from this process. The clock of a file system stands still for
   * some milliseconds, and inodes are used again: without this, of three objects written one over
   * the other the third could have the ETag of the first.
   */
  private static FileTime uniqueTime() {
    Instant now = Instant.now();
    long nanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    long unique = LAST_TIME.updateAndGet(last -> Math.max(last + 1, nanos));
    return FileTime.from(unique, TimeUnit.NANOSECONDS);
  }

  static void sync(Path path, StandardOpenOption access) throws IOException {
    try (FileChannel channel = FileChannel.open(path, access)) {
      channel.force(true);
    }
  }
}
