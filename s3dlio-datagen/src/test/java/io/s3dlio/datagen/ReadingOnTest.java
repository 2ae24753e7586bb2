package io.s3dlio.datagen;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Small pieces in order make each page once, and seed each unit once. */
class ReadingOnTest {

  private static final int SIZE = 1 << 20;

  /** Counts what it is asked for. */
  private static final class CountingKernel extends Kernel {

    private final ScalarKernel kernel = new ScalarKernel();
    private int seeds;
    private int rows;

    @Override
    String kernelName() {
      return "counting";
    }

    @Override
    void seed(StreamKey key, long unit) {
      seeds++;
      kernel.seed(key, unit);
    }

    @Override
    void make(int rows, byte[] out, int at) {
      this.rows += rows;
      kernel.make(rows, out, at);
    }
  }

  @ParameterizedTest
  @CsvSource({"512, 1", "512, 2", "100, 1", "4096, 2", "5000, 1", "262144, 1"})
  void nothing_is_made_twice(int piece, double compression) {
    GeneratedObject object = GeneratorSpec.of(1).withCompression(compression).object("k", SIZE);
    CountingKernel kernel = new CountingKernel();
    Pages pages = new Pages(kernel);
    ByteBuffer dst = ByteBuffer.allocate(SIZE);
    for (int at = 0; at < SIZE; at += piece) {
      pages.read(object, at, dst.limit(Math.min(SIZE, at + piece)));
    }
    assertThat(dst.array()).isEqualTo(GeneratedObjectProperties.read(object, 0, SIZE));
    assertThat(kernel.seeds).isEqualTo(SIZE / Shape.MAX_UNIT);
    assertThat(kernel.rows).isEqualTo(SIZE / Shape.MAX_PAGE * object.shape().rows());
  }
}
