package io.s3dlio.file;

import io.s3dlio.Capabilities;
import io.s3dlio.ConfigKey;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import io.s3dlio.platform.PageCache;
import io.s3dlio.spi.ObjectStoreProvider;
import io.s3dlio.spi.StoreBackend;
import io.s3dlio.spi.StoreContext;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import java.util.Set;

/**
 * Opens {@code file://} and {@code direct://} stores: every object is a file, and its key is the
 * absolute path without its first {@code /}, letter by letter. Every other file is an object as
 * well, whoever made it.
 *
 * <ul>
 *   <li><b>Keys.</b> A key that no file can have ({@code a//b}, {@code a/../b}, a {@code /} at the
 *       end, a segment of more than 255 bytes) is refused with kind INVALID, never changed. A file
 *       cannot be below a file: with an object {@code a} there is none {@code a/b}. Java writes
 *       names that are not ASCII only under a UTF-8 locale.
 *   <li><b>Writes</b> go to a temporary file in the same directory, {@code .s3dlio-tmp-} and a
 *       UUID, which then takes its name in one step; missing directories are made. Readers see the
 *       old object or the new one. {@link io.s3dlio.PutMode#CREATE} makes a hard link, of which one
 *       of several that race succeeds; where a file system has none it is UNSUPPORTED. So is {@link
 *       io.s3dlio.PutMode#ifMatch}: file systems have no compare-and-swap. Every object is a new
 *       file with the mode that the umask gives, whatever the one before had; a symbolic link in
 *       its place is replaced. Writes that fail leave no temporary file; processes that are killed
 *       do. Listings leave those out, and nothing deletes them by itself, since nothing tells
 *       whether their writer lives: delete them by name, as objects.
 *   <li><b>Durability.</b> See {@link #FSYNC}. Deletes are not flushed.
 *   <li><b>Reads</b> show the content that was there when they began, also if the object is
 *       replaced or deleted meanwhile. A file that someone writes to in place while it is read is
 *       an error of kind PRECONDITION_FAILED, as far as its size and time show it.
 *   <li><b>ETags</b> are made of size, time of the last write and inode. Objects written here get
 *       times to the nanosecond, different ones within a process. Two writes in place by other
 *       programs, within one tick of the file system's clock and of one size, cannot be told apart.
 *   <li><b>Metadata.</b> User metadata {@code k} is the extended attribute {@code user.k}, the
 *       content type {@code user.mime_type}; what other programs left under such names is shown if
 *       it is UTF-8 text. Where the file system of the URI that a store is opened with keeps no
 *       attributes its {@link Capabilities} say so, and they are refused with kind UNSUPPORTED.
 *   <li><b>Listings</b> hold in memory the entries of the directories on the way to the current
 *       key. Links to files are listed and read as those files; links to directories are not
 *       followed, unless the prefix or key names them. Directories without objects do not show. One
 *       that may not be read is an error, and shows as a prefix one level up; so is a name that is
 *       not UTF-8 an error. Other kinds of files are no objects.
 *   <li><b>Deletes</b> delete files and links, never directories, and leave those that become
 *       empty.
 *   <li><b>Buckets</b> are directories. {@code deleteBucket} deletes one together with the
 *       directories in it, if there is nothing else.
 * </ul>
 *
 * <p>{@code direct://} is {@code file://} past the page cache, with O_DIRECT: for data that is read
 * once, and for figures that are those of the device. The two see the same files. It moves blocks
 * of up to 4 MiB, several at a time where an object is larger than {@code multipart-threshold};
 * ranges and sizes are any. Bytes that are aligned to 4,096 in the file and in memory (those of
 * whole objects in pooled memory are, but for the last of them) are moved in place, others by way
 * of one more block of 4 MiB for each request under way. Where the file system has no O_DIRECT,
 * reads and writes fail with kind UNSUPPORTED; they never fall back. Parts are multiples of the
 * file system's block.
 *
 * <p>Requests are done on the calling thread; nothing is held open between them.
 */
public final class FileStoreProvider implements ObjectStoreProvider {

  /**
   * Whether a write is on the device before it counts as done: the file is flushed before it gets
   * its name, its directory after, as are the directories above it where they are new, or are
   * empty, since whoever made them may not have come to that. An object that was to be created and
   * is there already is on the device, too, when that is said. If a directory cannot be flushed,
   * the object is there and may not last: an error of kind UNSUPPORTED. On by default, because a
   * store that has said "written" is taken at its word (a checkpoint that only seems to be there
   * deletes the one before), and because a figure without it is that of the page cache. It costs
   * some milliseconds an object on a disk; writers in parallel share them. Off, a crash of the
   * process loses nothing, but a crash of the machine may leave objects missing, empty or cut short
   * that were reported as written.
   */
  public static final ConfigKey<Boolean> FSYNC =
      ConfigKey.flag(
          "file.fsync",
          true,
          "Flush the file and its directory to the device before a write counts as done; without,"
              + " a crash of the machine may leave new objects missing, empty or cut short.");

  /**
   * What the kernel's page cache is told about files: {@code keep}, nothing; {@code sequential} and
   * {@code random}, how they are read; {@code drop}, that what was read, or written and flushed, is
   * not needed again, so that the next read is one of the device and other programs keep their
   * cache. A hint, given by way of {@link PageCache}: what others use as well stays, and where
   * hints cannot be given a store is opened with a warning in the log.
   */
  static final ConfigKey<PageCacheUse> PAGE_CACHE =
      ConfigKey.choice(
          "file.page-cache",
          PageCacheUse.KEEP,
          "What the page cache is told of files: nothing; that they are read sequentially, or at"
              + " random; or to drop what was read or flushed. Needs Linux and JNA; not for"
              + " direct://, which does not use it.");

  private static final Logger LOG = System.getLogger("io.s3dlio.file");

  /** File systems of the FAT family, which have no hard links. */
  private static final Set<String> WITHOUT_LINKS = Set.of("vfat", "msdos", "exfat");

  /** Made by {@link java.util.ServiceLoader}. */
  public FileStoreProvider() {}

  @Override
  public Set<String> schemes() {
    return Set.of("file", "direct");
  }

  @Override
  public List<ConfigKey<?>> configKeys() {
    return List.of(FSYNC, PAGE_CACHE);
  }

  @Override
  public StoreBackend open(ObjectUri uri, StoreContext context) throws ObjectStoreException {
    Path place = nearestExisting(uri);
    if (!place.getFileSystem().getSeparator().equals("/")) {
      String detail =
          uri.scheme() + ":// needs paths that are divided by '/', which this system's are not";
      throw ObjectStoreException.of(Kind.UNSUPPORTED, "open", uri, detail, null);
    }
    try {
      FileStore store = Files.getFileStore(place);
      boolean attributes = store.supportsFileAttributeView(UserDefinedFileAttributeView.class);
      boolean links = !WITHOUT_LINKS.contains(store.type());
      Capabilities capabilities =
          new Capabilities(links, false, attributes, false, 1, Integer.MAX_VALUE);
      FileIo io = uri.scheme().equals("direct") ? new DirectIo() : buffered(context.config());
      return new FileBackend(
          capabilities, context.config().get(FSYNC), io, new Requests(context.listener()));
    } catch (IOException e) {
      throw FileErrors.of("open", uri, e);
    }
  }

  private static FileIo buffered(StoreConfig config) {
    PageCacheUse use = config.get(PAGE_CACHE);
    if (use != PageCacheUse.KEEP && !PageCache.isAvailable()) {
      LOG.log(
          Level.WARNING,
          "file.page-cache has no effect: hints need 64-bit Linux and net.java.dev.jna:jna on the"
              + " class path");
    }
    return new BufferedIo(use);
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
