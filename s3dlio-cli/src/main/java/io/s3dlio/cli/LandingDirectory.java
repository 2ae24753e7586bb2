package io.s3dlio.cli;

import io.s3dlio.ByteSink;
import io.s3dlio.ObjectUri;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * A directory that files are put into, and nowhere else. Every directory below is opened relative
 * to the one above it and never through a symbolic link: exchanging one for a link while this works
 * leads nowhere. A file appears whole, under its name, or not at all. Thread-safe.
 */
final class LandingDirectory implements AutoCloseable {

  /** As the file:// store has it: its listings leave such files out. */
  private static final String TEMP_PREFIX = ".s3dlio-tmp-";

  private final Path path;
  private final SecureDirectoryStream<Path> directory;

  private LandingDirectory(Path path, SecureDirectoryStream<Path> directory) {
    this.path = path;
    this.directory = directory;
  }

  /** Fills a file, from several threads at once. */
  @FunctionalInterface
  interface Content {
    /** Returns how many bytes were written. */
    long writeTo(ByteSink file) throws IOException;
  }

  /** Opens a directory, which is made with those above it if there is none. */
  @SuppressWarnings("StreamResourceLeak") // closed with the directory
  static LandingDirectory open(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      Files.createDirectories(path);
    }
    DirectoryStream<Path> stream = Files.newDirectoryStream(path);
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return new LandingDirectory(path, secure);
    }
    stream.close();
    throw CommandException.failed(
        path
            + ": this system cannot hold on to a directory while files are put into it, without"
            + " which links could lead them astray; use `s3dlio cat` for single objects");
  }

  /**
   * Writes a file, in place of the one of that name if there is one.
   *
   * @param object for messages
   * @param segments the names of the directories below this one, then that of the file
   * @return how many bytes were written
   */
  long receive(ObjectUri object, List<String> segments, Content content) throws IOException {
    try (Opened opened = new Opened(object)) {
      int last = segments.size() - 1;
      for (String segment : segments.subList(0, last)) {
        opened.enter(segment);
      }
      return opened.write(segments.get(last), content);
    } catch (InvalidPathException e) {
      throw CommandException.failed(
          object + " is refused: no file can have this name (" + e.getReason() + ")");
    }
  }

  /** Makes a directory, and those above it. */
  void makeDirectory(ObjectUri object, List<String> segments) throws IOException {
    try (Opened opened = new Opened(object)) {
      for (String segment : segments) {
        opened.enter(segment);
      }
    } catch (InvalidPathException e) {
      throw CommandException.failed(
          object + " is refused: no file can have this name (" + e.getReason() + ")");
    }
  }

  @Override
  public void close() throws IOException {
    directory.close();
  }

  /** The directories on the way to a file. */
  private final class Opened implements AutoCloseable {

    private final ObjectUri object;
    private final Deque<SecureDirectoryStream<Path>> below = new ArrayDeque<>();
    private SecureDirectoryStream<Path> current = directory;
    private Path at = path;

    Opened(ObjectUri object) {
      this.object = object;
    }

    void enter(String name) throws IOException {
      Path entry = Path.of(name);
      SecureDirectoryStream<Path> next;
      try {
        next = open(entry);
      } catch (NoSuchFileException e) {
        make(entry);
        next = open(entry);
      }
      below.push(next);
      current = next;
      at = at.resolve(entry);
    }

    private SecureDirectoryStream<Path> open(Path entry) throws IOException {
      try {
        return current.newDirectoryStream(entry, LinkOption.NOFOLLOW_LINKS);
      } catch (NoSuchFileException e) {
        throw e;
      } catch (FileSystemException e) {
        BasicFileAttributes found = attributes(entry);
        if (found.isSymbolicLink()) {
          throw inTheWay(entry, "a symbolic link");
        }
        if (!found.isDirectory()) {
          throw inTheWay(entry, "a file");
        }
        throw unwritable(entry, e);
      }
    }

    /**
     * There is no making a directory relative to an open one; what is opened next is what counts.
     */
    private void make(Path entry) throws IOException {
      try {
        Files.createDirectory(at.resolve(entry));
      } catch (FileAlreadyExistsException e) {
        // Another object of the same directory was faster; or it is no directory, which open says.
        return;
      }
    }

    long write(String name, Content content) throws IOException {
      Path entry = Path.of(name);
      checkReplaceable(entry);
      Path temp = Path.of(TEMP_PREFIX + UUID.randomUUID());
      try {
        long bytes;
        try (SeekableByteChannel channel =
            current.newByteChannel(
                temp,
                Set.of(
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS))) {
          bytes = content.writeTo(sink((FileChannel) channel, at.resolve(entry)));
        }
        current.move(temp, current, entry);
        return bytes;
      } catch (FileSystemException e) {
        discard(temp, e);
        throw unwritable(entry, e);
      } catch (IOException | RuntimeException | Error e) {
        discard(temp, e);
        throw e;
      }
    }

    private void discard(Path temp, Throwable why) {
      try {
        current.deleteFile(temp);
      } catch (NoSuchFileException gone) {
        // It was never made.
      } catch (IOException also) {
        why.addSuppressed(also);
      }
    }

    private void checkReplaceable(Path entry) throws IOException {
      try {
        BasicFileAttributes found = attributes(entry);
        if (found.isSymbolicLink()) {
          throw inTheWay(entry, "a symbolic link");
        }
        if (found.isDirectory()) {
          throw inTheWay(entry, "a directory");
        }
        if (!found.isRegularFile()) {
          throw inTheWay(entry, "something that is no file");
        }
      } catch (NoSuchFileException e) {
        return;
      }
    }

    private BasicFileAttributes attributes(Path entry) throws IOException {
      return current
          .getFileAttributeView(entry, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
          .readAttributes();
    }

    /** What is opened relative to a directory, Java names without it. */
    private IOException unwritable(Path entry, FileSystemException e) {
      return CommandException.failed(
          object + " cannot be written to " + at.resolve(entry) + ": " + Messages.why(e), e);
    }

    private IOException inTheWay(Path entry, String what) {
      return CommandException.failed(
          object + " is refused: " + what + " is in the way at " + at.resolve(entry));
    }

    @Override
    public void close() throws IOException {
      for (SecureDirectoryStream<Path> stream : below) {
        stream.close();
      }
    }
  }

  private static ByteSink sink(FileChannel channel, Path file) {
    return (offset, src) -> {
      long at = offset;
      try {
        while (src.hasRemaining()) {
          at += channel.write(src, at);
        }
      } catch (ClosedChannelException e) { // by an interrupt: the file is not at fault
        throw e;
      } catch (IOException e) {
        FileSystemException named = new FileSystemException(file + "", null, e.getMessage());
        named.initCause(e);
        throw named;
      }
    };
  }
}
