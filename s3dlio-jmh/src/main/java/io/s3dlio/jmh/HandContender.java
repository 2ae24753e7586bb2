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
class HandContender implements Contender {

  /** What a thread takes at a time; the library's part size. */
  private static final int PART = 8 << 20;

  private final FileSet files;
  private final boolean direct;
  private final int block;
  private final ExecutorService threads;
  private int puts;

  HandContender(FileSet files, boolean direct) {
    this.files = files;
    this.direct = direct;
    this.block = direct ? 4 << 20 : 1 << 20;
    this.threads = Executors.newFixedThreadPool(files.depth());
  }

  @Override
  public String name() {
    return "by hand";
  }

  @Override
  public final int objects(Work work) {
    return work == Work.MANY ? files.many().size() : 1;
  }

  @Override
  public final void run(Work work, int size) throws Exception {
    switch (work) {
      case GET -> get(files.object(), size);
      case PUT -> put(files.put(puts++), size);
      case MANY -> many(size);
    }
  }

  void get(Path file, int size) throws Exception {
    try (FileChannel channel = open(file, StandardOpenOption.READ)) {
      inParts(channel, size, FileChannel::read);
    }
  }

  void put(Path file, int size) throws Exception {
    Path temporary = file.resolveSibling("new");
    write(temporary, size);
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  final void write(Path file, int size) throws Exception {
    try (FileChannel channel =
        open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      inParts(channel, size, FileChannel::write);
      if (files.fsync()) {
        channel.force(true);
      }
    }
  }

  /** Each thread has the next file. */
  private void many(int size) throws Exception {
    AtomicInteger next = new AtomicInteger();
    together(
        files.depth(),
        () -> {
          ByteBuffer buffer = FileCost.aligned(size);
          for (int i = next.getAndIncrement();
              i < files.many().size();
              i = next.getAndIncrement()) {
            try (FileChannel channel = open(files.many().get(i), StandardOpenOption.READ)) {
              channel.read(buffer.rewind(), 0);
            }
          }
          return null;
        });
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
    together(
        Math.min(files.depth(), (size - 1) / PART + 1),
        () -> {
          for (int at = next.getAndAdd(PART); at >= 0 && at < size; at = next.getAndAdd(PART)) {
            int end = Math.min(size - at, PART) + at;
            for (int from = at; from < end; from += block) {
              ByteBuffer piece = files.memory().slice(from, Math.min(block, end - from));
              while (piece.hasRemaining()) {
                move.run(channel, piece, from + piece.position());
              }
            }
          }
          return null;
        });
  }

  /** On the calling thread and others. */
  private void together(int width, Callable<Void> worker) throws Exception {
    List<Future<Void>> others = new ArrayList<>();
    for (int i = 1; i < width; i++) {
      others.add(threads.submit(worker));
    }
    worker.call();
    for (Future<Void> other : others) {
      other.get();
    }
  }

  @Override
  public final void close() {
    threads.shutdown();
  }
}
