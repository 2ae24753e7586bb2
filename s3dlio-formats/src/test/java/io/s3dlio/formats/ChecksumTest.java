package io.s3dlio.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteSource;
import io.s3dlio.datagen.GeneratorSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The checksum in front of an array, for which all of it is read. */
class ChecksumTest {

  private static final int SIZE = 3_000_000;

  /** Counts what is read; fails as often as it is told. */
  private static final class Counted implements ByteSource {

    private final ByteSource data = GeneratorSpec.of(1).object("data", SIZE);
    private final AtomicLong read = new AtomicLong();
    private final AtomicInteger failures = new AtomicInteger();

    @Override
    public long size() {
      return data.size();
    }

    @Override
    public void read(long offset, ByteBuffer dst) throws IOException {
      if (offset > 0 && failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        throw new IOException("not now");
      }
      read.addAndGet(dst.remaining());
      data.read(offset, dst);
    }
  }

  private static NpzFile file(Counted data) {
    return NpzFile.labelled(NpyArray.of("|u1", List.of((long) SIZE), data), 1);
  }

  private static ByteBuffer read(ByteSource file, long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    file.read(offset, bytes);
    return bytes.flip();
  }

  @Test
  void is_computed_once_by_whoever_needs_it_first() throws Exception {
    Counted data = new Counted();
    NpzFile file = file(data);
    NpzFile other = file(new Counted());
    List<Callable<ByteBuffer>> reads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      long offset = i % 2 == 0 ? 0 : file.size() - 200;
      reads.add(() -> read(file, offset, 200));
    }
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<ByteBuffer>> done = threads.invokeAll(reads, 1, TimeUnit.MINUTES);
      for (int i = 0; i < 8; i++) {
        long offset = i % 2 == 0 ? 0 : file.size() - 200;
        assertThat(done.get(i).get()).isEqualTo(read(other, offset, 200));
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(data.read.get()).isEqualTo(SIZE);
    read(file, 4096, 1000);
    assertThat(data.read.get()).as("a range that needs none").isEqualTo(SIZE + 1000);
  }

  @Test
  void that_failed_is_computed_again() throws Exception {
    Counted data = new Counted();
    data.failures.set(2);
    NpzFile file = file(data);
    for (long offset : new long[] {0, file.size() - 200}) {
      assertThatThrownBy(() -> read(file, offset, 200)).hasMessage("not now");
    }
    assertThat(read(file, 0, 200)).isEqualTo(read(file(new Counted()), 0, 200));
  }
}
