package io.s3dlio.file;

import io.s3dlio.file.Requests.Meter;
import io.s3dlio.platform.PageCache;
import io.s3dlio.platform.PageCache.Advice;
import io.s3dlio.spi.Receiver.Landing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;

/** Through the page cache. */
final class BufferedIo implements FileIo {

  /**
   * Bytes of one read or write: far above the cost of a call, what the caches still hold, and what
   * Java would copy of a buffer on the heap at a time.
   */
  private static final int PIECE = 1 << 20;

  /** Bytes copied at a time; between two an interrupted thread stops. */
  private static final long STEP = 256 << 20;

  private static final Set<OpenOption> TO_READ = Set.of(StandardOpenOption.READ);

  private static final Set<OpenOption> TO_WRITE = Set.of(StandardOpenOption.WRITE);

  private final Blocks blocks = new Blocks(1, PIECE);
  private final PageCacheUse use;

  BufferedIo(PageCacheUse use) {
    this.use = use;
  }

  @Override
  public FileChannel open(Place place) throws IOException {
    return FileChannel.open(place.path(), TO_READ);
  }

  @Override
  public void read(OpenFile file, long offset, Landing landing, Meter meter) throws IOException {
    hint(file.place().path(), offset, landing.length(), false);
    ByteBuffer block = null;
    try {
      for (long at = 0; at < landing.length(); ) {
        int n = (int) Math.min(PIECE, landing.length() - at);
        ByteBuffer target = landing.sink().target(at, n);
        if (target == null && block == null) {
          block = blocks.borrow();
        }
        ByteBuffer piece = target == null ? block.clear().limit(n) : target;
        for (long from = offset + at; piece.hasRemaining(); ) {
          from += file.read(piece, from);
        }
        meter.moved(n);
        Deliveries.deliver(file.place(), landing, at, n, target == null ? piece.flip() : null);
        at += n;
      }
    } finally {
      blocks.giveBack(block);
    }
    hint(file.place().path(), offset, landing.length(), true);
  }

  /** Tells the page cache what is to come, or that it has come. */
  private void hint(Path path, long offset, long length, boolean done) {
    if (length > 0 && !done && use == PageCacheUse.SEQUENTIAL) {
      PageCache.advise(path, offset, length, Advice.SEQUENTIAL);
    } else if (length > 0 && !done && use == PageCacheUse.RANDOM) {
      PageCache.advise(path, offset, length, Advice.RANDOM);
    } else if (length > 0 && done && use == PageCacheUse.DROP) {
      PageCache.advise(path, offset, length, Advice.DONT_NEED);
    }
  }

  @Override
  public void flush(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, TO_WRITE)) {
      channel.force(true);
      hint(path, 0, channel.size(), true);
    }
  }

  @Override
  public void checkParts(TempFile file, long partSize) {}

  @Override
  public long write(TempFile file, long position, List<ByteBuffer> buffers) throws IOException {
    long at = position;
    try (FileChannel channel = FileChannel.open(file.path(), TO_WRITE)) {
      for (ByteBuffer buffer : buffers) {
        ByteBuffer rest = buffer.duplicate();
        int end = rest.limit();
        while (rest.position() < end) {
          rest.limit(Math.min(end, rest.position() + PIECE));
          at += channel.write(rest, at);
        }
      }
    }
    return at;
  }

  /** Within the kernel; on file systems that can, newer JDKs share the blocks. */
  @Override
  public long copy(OpenFile from, TempFile to) throws IOException {
    try (FileChannel out = FileChannel.open(to.path(), TO_WRITE)) {
      long at = 0;
      for (long n = 1; n > 0; at += n) {
        n = from.channel().transferTo(at, STEP, out);
      }
      return at;
    }
  }
}
