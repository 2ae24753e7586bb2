package io.s3dlio.datagen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import com.sun.management.ThreadMXBean;
import io.s3dlio.BytesView;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.buffer.BufferPool;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratedVectorsTest {

  private static final GeneratedVectors VECTORS =
      GeneratedVectors.uniform(7, "embeddings", 3000, 768).withRange(-1, 1).normalized();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void any_number_of_threads_makes_the_same(int threads) {
    byte[] expected = GeneratedVectorsProperties.bytes(VECTORS);
    ByteBuffer dst = ByteBuffer.allocateDirect(expected.length);
    try (GeneratorPool pool = new GeneratorPool(threads)) {
      VECTORS.read(0, dst, pool);
      assertThat(dst.hasRemaining()).isFalse();
      assertThat(dst.flip()).isEqualTo(ByteBuffer.wrap(expected));
      ByteBuffer part = ByteBuffer.allocate(expected.length - 5001);
      VECTORS.read(5001, part, pool);
      assertThat(part.flip()).isEqualTo(ByteBuffer.wrap(expected, 5001, part.capacity()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void any_number_of_threads_scales_the_same(int threads) {
    GeneratedVectors uniform = GeneratedVectors.uniform(7, "rows", 5000, 777);
    FloatBuffer rows = FloatBuffer.allocate(5000 * 777);
    uniform.readRows(0, rows);
    for (int zero : new int[] {0, 2500, 4999}) {
      rows.put(zero * 777, new float[777]);
    }
    FloatBuffer expected = FloatBuffer.wrap(rows.array().clone());
    assertThat(GeneratedVectors.normalizeRows(expected, 777)).isEqualTo(3);
    try (GeneratorPool pool = new GeneratorPool(threads)) {
      assertThat(GeneratedVectors.normalizeRows(rows.flip(), 777, pool)).isEqualTo(3);
    }
    assertThat(rows).isEqualTo(expected);
  }

  @Test
  void rows_in_pooled_memory() throws Exception {
    BufferPool memory = BufferPool.ofLimit(64 << 20);
    try (GeneratorPool pool = new GeneratorPool(2)) {
      try (BytesView view = VECTORS.generate(1000, 500, memory, pool)) {
        FloatBuffer expected = FloatBuffer.allocate(500 * 768);
        VECTORS.readRows(1000, expected);
        assertThat(view.asFloatBuffer()).isEqualTo(expected.flip());
      }
      assertThatThrownBy(() -> VECTORS.generate(2999, 2, memory, pool))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThat(memory.used()).isZero();
  }

  @Test
  void they_are_stored_as_any_source() throws Exception {
    try (ObjectStore store = ObjectStores.open("memory://vectors/")) {
      ObjectUri uri = ObjectUri.parse("memory://vectors/embeddings.f32");
      store.put(uri, VECTORS, PutOptions.DEFAULT);
      try (BytesView view = store.get(uri)) {
        assertThat(view.toByteArray()).isEqualTo(GeneratedVectorsProperties.bytes(VECTORS));
      }
    }
  }

  @Test
  void they_may_be_larger_than_memory() {
    GeneratedVectors most = GeneratedVectors.uniform(1, "most", 1L << 50, 1024).normalized();
    assertThat(most.size()).isEqualTo(1L << 62);
    float[] last = new float[1024];
    most.readRows((1L << 50) - 1, FloatBuffer.wrap(last));
    assertThat(GeneratedVectorsProperties.norm(last, 0, 1024)).isBetween(0.9999998, 1.0000002);
  }

  @Test
  void the_floats_are_uniform() {
    int n = 1 << 22;
    float[] x =
        GeneratedVectorsProperties.floats(
            GeneratedVectors.uniform(11, "uniform", n, 1).withRange(-3, 5));
    double sum = 0;
    double squares = 0;
    double neighbours = 0;
    long[] bins = new long[1024];
    for (int i = 0; i < n; i++) {
      double centered = x[i] - 1.0;
      sum += centered;
      squares += centered * centered;
      neighbours += i == 0 ? 0 : centered * (x[i - 1] - 1.0);
      bins[(int) ((x[i] + 3) * 128)]++;
    }
    double variance = 64 / 12.0;
    // Five standard deviations.
    assertThat(sum / n).isBetween(-5 * Math.sqrt(variance / n), 5 * Math.sqrt(variance / n));
    assertThat(squares / n).isBetween(variance * 0.997, variance * 1.003);
    assertThat(neighbours / n).isBetween(-5 * variance / 2048, 5 * variance / 2048);
    double chiSquare = 0;
    for (long count : bins) {
      chiSquare += (count - n / 1024.0) * (count - n / 1024.0) / (n / 1024.0);
    }
    assertThat(chiSquare).isBetween(1023 - 5 * 45.2, 1023 + 5 * 45.2);
  }

  @Test
  void rows_of_zeros_become_the_first_axis() {
    // Only 0 lies between these two.
    GeneratedVectors zeros =
        GeneratedVectors.uniform(1, "zeros", 100, 5).withRange(0, Float.MIN_VALUE);
    assertThat(GeneratedVectorsProperties.floats(zeros)).containsOnly(0f);
    float[] normalized = GeneratedVectorsProperties.floats(zeros.normalized());
    for (int i = 0; i < 500; i++) {
      assertThat(normalized[i]).isEqualTo(i % 5 == 0 ? 1f : 0f);
    }
  }

  @Test
  void what_has_no_direction_is_counted_and_left() {
    float[] rows = {
      3,
      4,
      0,
      0,
      1e30f,
      1e30f,
      1e-30f,
      -1e-30f,
      Float.MIN_VALUE,
      0,
      Float.NaN,
      1,
      Float.NEGATIVE_INFINITY,
      2,
      Float.MAX_VALUE,
      -Float.MAX_VALUE,
      -0f,
      0
    };
    assertThat(GeneratedVectors.normalizeRows(FloatBuffer.wrap(rows), 2)).isEqualTo(4);
    float half = (float) Math.sqrt(0.5);
    assertThat(rows[0]).isCloseTo(0.6f, offset(1e-7f));
    assertThat(rows[1]).isCloseTo(0.8f, offset(1e-7f));
    assertThat(new float[] {rows[2], rows[3]}).containsExactly(0, 0);
    for (int i : new int[] {4, 5, 6, 14}) {
      assertThat(rows[i]).isCloseTo(half, offset(1.2e-7f));
    }
    assertThat(rows[7]).isEqualTo(-rows[6]);
    assertThat(rows[8]).isEqualTo(1);
    assertThat(new float[] {rows[10], rows[11], rows[12], rows[13]})
        .containsExactly(Float.NaN, 1, Float.NEGATIVE_INFINITY, 2);
    assertThat(rows[15]).isEqualTo(-rows[14]);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NaN | 1 | floats from NaN to 1.0: must be finite, and the first one less",
        "0 | NaN | floats from 0.0 to NaN: must be finite, and the first one less",
        "0 | Infinity | floats from 0.0 to Infinity: must be finite, and the first one less",
        "-Infinity | 0 | floats from -Infinity to 0.0: must be finite, and the first one less",
        "1 | 1 | floats from 1.0 to 1.0: must be finite, and the first one less",
        "-0.0 | 0.0 | floats from -0.0 to 0.0: must be finite, and the first one less",
        "2 | 1 | floats from 2.0 to 1.0: must be finite, and the first one less",
        "-3e38 | 3e38 | floats from -3.0E38 to 3.0E38: they must not be further apart than"
            + " 3.4028235E38",
      })
  void bounds_that_make_no_sense_are_refused(float low, float high, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VECTORS.withRange(low, high))
        .withMessage(message);
  }

  @Test
  void numbers_that_make_no_sense_are_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GeneratedVectors.uniform(1, "k", -1, 3))
        .withMessage("-1 vectors: must be 0 or more");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GeneratedVectors.uniform(1, "k", 1, 0))
        .withMessage("vectors of dimension 0: must be 1 or more");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GeneratedVectors.uniform(1, "k", Long.MAX_VALUE / 4, 2))
        .withMessageEndingWith("would have more than 2^63 - 1 bytes");
    GeneratedVectors wide = GeneratedVectors.uniform(1, "k", 2, 65_537);
    assertThatIllegalArgumentException()
        .isThrownBy(wide::normalized)
        .withMessage("normalized vectors of dimension 65,537: must be 1 to 65,536");
    assertThat(GeneratedVectors.uniform(1, "k", 0, 3).size()).isZero();
  }

  @Test
  void buffers_that_make_no_sense_are_refused() {
    assertThatThrownBy(() -> VECTORS.read(VECTORS.size(), ByteBuffer.allocate(1)))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> VECTORS.read(-1, ByteBuffer.allocate(1)))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> VECTORS.read(0, ByteBuffer.allocate(1).asReadOnlyBuffer()))
        .isInstanceOf(ReadOnlyBufferException.class);
    assertThatThrownBy(() -> VECTORS.readRows(3000, FloatBuffer.allocate(768)))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> VECTORS.readRows(0, FloatBuffer.allocate(768).asReadOnlyBuffer()))
        .isInstanceOf(ReadOnlyBufferException.class);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VECTORS.readRows(0, FloatBuffer.allocate(769)))
        .withMessage("769 floats: not a whole number of rows of 768");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GeneratedVectors.normalizeRows(FloatBuffer.allocate(5), 3))
        .withMessage("5 floats: not a whole number of rows of 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GeneratedVectors.normalizeRows(FloatBuffer.allocate(5), 0))
        .withMessage("rows of dimension 0: must be 1 or more");
    FloatBuffer readOnly = FloatBuffer.allocate(4).asReadOnlyBuffer();
    assertThatThrownBy(() -> GeneratedVectors.normalizeRows(readOnly, 4))
        .isInstanceOf(ReadOnlyBufferException.class);
    VECTORS.read(VECTORS.size(), ByteBuffer.allocate(0));
    assertThat(GeneratedVectors.normalizeRows(FloatBuffer.allocate(0), 3)).isZero();
    GeneratorPool closed = new GeneratorPool(2);
    closed.close();
    assertThatThrownBy(() -> VECTORS.read(0, ByteBuffer.allocate(8), closed))
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void reading_allocates_nothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    ByteBuffer bytes = ByteBuffer.allocateDirect(50_001);
    FloatBuffer rows = ByteBuffer.allocateDirect(20 * 768 * Float.BYTES).asFloatBuffer();
    long least = Long.MAX_VALUE;
    // The vector kernel makes objects until it is compiled, which takes long on a busy machine.
    for (int round = 0; round < 50 && least >= 1000; round++) {
      long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
      for (int call = 0; call < 1000; call++) {
        VECTORS.read(call, bytes.clear());
        VECTORS.readRows(call, rows.clear());
        GeneratedVectors.normalizeRows(rows.flip(), 768);
      }
      long after = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
      least = Math.min(least, after - before);
    }
    assertThat(least).isLessThan(1000);
  }
}
