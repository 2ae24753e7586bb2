package io.s3dlio.jmh;

import io.s3dlio.platform.DirectOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The floor: the calls of the system that move an object, by as many threads as the library has,
 * from and to memory that is there already, and nothing else.
 */
final class HandContender implements Contender {

  /** What a thread takes at a time; the library's part size. */
  private static final int PART = 8 << 20;

  private final Path directory;
  private final String object;
  private final boolean direct;
  private final int block;
  private final ByteBuffer memory;
  private final ExecutorService threads;
  private final int depth;
  private int puts;

  HandContender(Path directory, String object, boolean direct, int depth, ByteBuffer memory) {
    this.directory = directory;
    this.object = object;
    this.direct = direct;
    this.block = direct ? 4 << 20 : 1 << 20;
    this.depth = depth;
    this.memory = memory;
    this.threads = Executors.newFixedThreadPool(depth);
  }

  @Override
  public String name() {
    return direct ? "by hand, O_DIRECT" : "by hand";
  }

  @Override
  public void run(Work work, int size) throws Exception {
    if (work == Work.GET) {
      try (FileChannel channel = open(directory.resolve(object), StandardOpenOption.READ)) {
        inParts(channel, size, FileChannel::read);
      }
      return;
    }
    Path file = directory.resolve("new");
    try (FileChannel channel =
        open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      inParts(channel, size, FileChannel::write);
    }
    Files.move(file, directory.resolve(FileCost.PUT + puts++), StandardCopyOption.ATOMIC_MOVE);
  }

  private FileChannel open(Path path, OpenOption... options) throws IOException {
    Set<OpenOption> all = new HashSet<>(List.of(options));
    if (direct) {
      all.add(DirectOption.find());
    }
    return FileChannel.open(path, all);
  }

  /** A call of the system. */
  private interface Move {
    int run(FileChannel channel, ByteBuffer buffer, long position) throws IOException;
  }

  private void inParts(FileChannel channel, int size, Move move) throws Exception {
    AtomicInteger next = new AtomicInteger();
    Callable<Void> worker =
        () -> {
          for (int at = next.getAndAdd(PART); at < size; at = next.getAndAdd(PART)) {
            for (int end = Math.min(size, at + PART), from = at; from < end; from += block) {
              ByteBuffer piece = memory.slice(from, Math.min(block, end - from));
              while (piece.hasRemaining()) {
                move.run(channel, piece, from + piece.position());
              }
            }
          }
          return null;
        };
    List<Callable<Void>> workers = new ArrayList<>();
    for (int i = 0; i < Math.min(depth, (size + PART - 1) / PART); i++) {
      workers.add(worker);
    }
    for (Future<Void> done : threads.invokeAll(workers)) {
      done.get();
    }
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
