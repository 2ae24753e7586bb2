package io.s3dlio.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Files on this machine, to be uploaded. */
final class LocalFiles {

  private final Consumer<IOException> failures;
  private final Consumer<String> notes;

  /**
   * A look at files.
   *
   * @param failures hears of what cannot be uploaded
   * @param notes hears of what is left out on purpose
   */
  LocalFiles(Consumer<IOException> failures, Consumer<String> notes) {
    this.failures = failures;
    this.notes = notes;
  }

  /**
   * A file to upload.
   *
   * @param path where it is
   * @param key its path relative to what the user named, with {@code /} between segments
   */
  record Found(Path path, String key) {}

  /** A file, or all files in a directory at any depth; the caller closes the stream. */
  Stream<Found> below(Path path) {
    if (!Files.isDirectory(path)) {
      Path name = path.toAbsolutePath().normalize().getFileName();
      return Stream.of(new Found(path, name.toString())).filter(this::isFile);
    }
    Walk walk = new Walk(path);
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(walk, 0), false)
        .onClose(walk::close);
  }

  private boolean isFile(Found file) {
    if (Files.isRegularFile(file.path())) {
      return true;
    }
    failures.accept(
        CommandException.failed(
            file.path()
                + (Files.exists(file.path())
                    ? " is neither a file nor a directory"
                    : Files.isSymbolicLink(file.path())
                        ? " is a symbolic link to nothing"
                        : ": no such file or directory")));
    return false;
  }

  /** Goes through a tree; holds one directory of each depth open. */
  private final class Walk implements Iterator<Found>, AutoCloseable {

    private final Deque<Level> levels = new ArrayDeque<>();
    private Found next;

    /** A directory that is being read; {@code key} is empty or ends with a {@code /}. */
    private record Level(DirectoryStream<Path> directory, Iterator<Path> rest, String key) {}

    Walk(Path start) {
      enter(start, "");
    }

    @Override
    public boolean hasNext() {
      while (next == null && !levels.isEmpty()) {
        Level level = levels.peek();
        try {
          if (level.rest.hasNext()) {
            look(level.rest.next(), level.key);
          } else {
            levels.pop().directory.close();
          }
        } catch (DirectoryIteratorException e) {
          failures.accept(e.getCause());
          levels.pop();
        } catch (IOException e) {
          failures.accept(e);
        }
      }
      return next != null;
    }

    @Override
    public Found next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Found found = next;
      next = null;
      return found;
    }

    private void look(Path path, String key) {
      String name = path.getFileName().toString();
      if (name.indexOf('\uFFFD') >= 0
          && !path.getFileSystem().getPath(name).equals(path.getFileName())) {
        failures.accept(CommandException.failed(path + ": the name is not UTF-8; rename it"));
      } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        enter(path, key + name + "/");
      } else if (Files.isDirectory(path)) {
        notes.accept(path + " is left out: a symbolic link to a directory");
      } else {
        Found file = new Found(path, key + name);
        next = isFile(file) ? file : null;
      }
    }

    @SuppressWarnings("StreamResourceLeak") // closed when its level is left
    private void enter(Path path, String key) {
      try {
        DirectoryStream<Path> directory = Files.newDirectoryStream(path);
        levels.push(new Level(directory, directory.iterator(), key));
      } catch (IOException e) {
        failures.accept(e);
      }
    }

    @Override
    public void close() {
      try {
        for (Level level : levels) {
          level.directory.close();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
