package io.s3dlio.cli;

import io.s3dlio.platform.DirectOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;

/** Whether files can be written past the page cache. */
final class DirectIo {

  private DirectIo() {}

  /** Writes one block to a new file, and deletes it. */
  static void tryIn(Path directory) throws IOException {
    Path file = directory.resolve(".s3dlio-tmp-" + UUID.randomUUID());
    int block = Math.toIntExact(Files.getFileStore(directory).getBlockSize());
    ByteBuffer bytes = ByteBuffer.allocateDirect(2 * block).alignedSlice(block).limit(block);
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, DirectOption.find()))) {
      channel.write(bytes, 0);
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
