package io.s3dlio.jmh;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The floor of streams: one thread that reads or writes a file piece by piece. */
final class HandStream implements Contender {

  private final FileSet files;
  private final ByteBuffer piece = ByteBuffer.allocateDirect(FileSet.PIECE);
  private int puts;

  HandStream(FileSet files) {
    this.files = files;
  }

  @Override
  public String name() {
    return "by hand";
  }

  @Override
  public void run(Work work, int size) throws IOException {
    if (work == Work.GET) {
      read(size);
    } else {
      write(size);
    }
  }

  private void read(int size) throws IOException {
    try (FileChannel channel = FileChannel.open(files.object(), StandardOpenOption.READ)) {
      long read = 0;
      for (int n = 0; n >= 0; n = channel.read(piece.clear())) {
        read += n;
      }
      Contender.check(read, size);
    }
  }

  private void write(int size) throws IOException {
    Path temporary = files.directory().resolve("new");
    try (FileChannel channel =
        FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      for (int at = 0; at < size; ) {
        at += channel.write(files.memory().slice(at, Math.min(FileSet.PIECE, size - at)));
      }
      if (files.fsync()) {
        channel.force(true);
      }
    }
    Files.move(temporary, files.put(puts++), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void close() {}
}
