package io.s3dlio.jmh;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.UUID;

/**
 * The floor for whoever promises what the library does. A read gives the object's metadata and
 * fails if the file was written to meanwhile; a put has a temporary name that is nobody else's, a
 * time of its own, tells the ETag, and flushes the directory if it flushes the file.
 */
final class CarefulHand extends HandContender {

  private final boolean fsync;

  CarefulHand(FileSet files, boolean direct) {
    super(files, direct);
    this.fsync = files.fsync();
  }

  @Override
  public String name() {
    return "with promises";
  }

  @Override
  void get(Path file, int size) throws Exception {
    BasicFileAttributes before = Files.readAttributes(file, BasicFileAttributes.class);
    Files.getFileAttributeView(file, UserDefinedFileAttributeView.class).list();
    super.get(file, size);
    BasicFileAttributes after = Files.readAttributes(file, BasicFileAttributes.class);
    if (before.size() != size
        || after.size() != size
        || !before.lastModifiedTime().equals(after.lastModifiedTime())
        || !before.fileKey().equals(after.fileKey())) {
      throw new IOException(file + " was written to");
    }
  }

  @Override
  void put(Path file, int size) throws Exception {
    Path directory = file.getParent();
    if (!Files.isDirectory(directory)) {
      throw new IOException(directory + " is gone");
    }
    Path temporary = directory.resolve("new-" + UUID.randomUUID());
    write(temporary, size);
    Files.setLastModifiedTime(temporary, FileTime.from(Instant.now()));
    if (fsync) {
      flush(temporary, StandardOpenOption.WRITE); // of the time
    }
    Files.readAttributes(temporary, BasicFileAttributes.class);
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    if (fsync) {
      flush(directory, StandardOpenOption.READ);
    }
  }

  private static void flush(Path path, StandardOpenOption access) throws IOException {
    try (FileChannel channel = FileChannel.open(path, access)) {
      channel.force(true);
    }
  }
}
