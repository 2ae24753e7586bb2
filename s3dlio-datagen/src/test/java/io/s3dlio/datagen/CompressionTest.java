package io.s3dlio.datagen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ratio asked for is what compressors find, in whatever unit a store compresses. */
class CompressionTest {

  private static final int SIZE = 2 << 20;

  /** From 4 on, the smallest unit of gzip -1 and the largest of zstd lie 9 % apart and more. */
  @ParameterizedTest
  @CsvSource({"1, 1", "1.02, 2.5", "1.2, 2", "1.5, 2", "2, 3", "3, 4", "4, 5", "5, 6", "10, 10"})
  void every_compressor_finds_it_in_every_unit(double ratio, double percent) {
    byte[] data = data(GeneratorSpec.of(11).withCompression(ratio));
    for (int unit : new int[] {4096, 64 << 10, 1 << 20, SIZE}) {
      found(data, unit, ratio, percent);
    }
  }

  @Test
  void at_1_no_compressor_gains_in_any_unit() {
    byte[] data = data(GeneratorSpec.of(15));
    for (Compressor compressor : Compressor.values()) {
      for (int unit : new int[] {512, 4096, 64 << 10, 1 << 20, SIZE}) {
        assertThat(compressor.ratio(data, unit))
            .as("%s in units of %d", compressor, unit)
            .isLessThanOrEqualTo(1);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 1.5, 2, 4})
  void dedup_does_not_change_it_up_to_the_block(double ratio) {
    for (double dedup : new double[] {1.5, 10}) {
      GeneratorSpec spec = GeneratorSpec.of(12).withCompression(ratio).withDedup(dedup);
      found(data(spec), 4096, ratio, 5);
      byte[] large = data(spec.withDedupBlock(64 << 10));
      found(large, 4096, ratio, 5);
      found(large, 64 << 10, ratio, 5);
    }
  }

  /** Headers of files and lists of codes weigh more in a small block. */
  @ParameterizedTest
  @CsvSource({"512, 2, 11", "512, 4, 18", "1024, 2, 7", "1024, 4, 12", "2048, 2, 5", "2048, 4, 8"})
  void small_dedup_blocks_keep_it_roughly(int block, double ratio, double percent) {
    byte[] data = data(GeneratorSpec.of(13).withCompression(ratio).withDedupBlock(block));
    found(data, block, ratio, percent);
    found(data, 4096, ratio, percent);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 1.2, 4, 20})
  void nothing_is_repeated_for_longer_than_a_page(double ratio) {
    byte[] data = data(GeneratorSpec.of(14).withCompression(ratio));
    int longest = 0;
    for (int i = Tail.PERIOD, run = 0; i < SIZE; i++) {
      run = data[i] == data[i - Tail.PERIOD] ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    assertThat(longest).isLessThan(4096);
    long zeros = 0;
    for (byte b : data) {
      zeros += b == 0 ? 1 : 0;
    }
    assertThat(zeros).isLessThan(SIZE / 100);
    for (int page = 0; page < SIZE; page += 4096) {
      assertThat(Arrays.mismatch(data, page, page + 4096, new byte[4096], 0, 4096)).isNotNegative();
    }
  }

  private static void found(byte[] data, int unit, double ratio, double percent) {
    for (Compressor compressor : Compressor.values()) {
      assertThat(compressor.ratio(data, unit))
          .as("%s in units of %d", compressor, unit)
          .isCloseTo(ratio, Percentage.withPercentage(percent));
    }
  }

  private static byte[] data(GeneratorSpec spec) {
    return GeneratedObjectProperties.read(spec.object("compressed", SIZE), 0, SIZE);
  }
}
