package io.s3dlio.datagen;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever stores the data can neither shrink it nor find it twice. */
class RandomnessTest {

  private static final int MIB = 1 << 20;

  @Test
  void no_512_bytes_are_equal_to_others_in_a_gib_and_in_other_objects() {
    List<GeneratedObject> objects =
        List.of(
            GeneratorSpec.of(1).object("a", 1024 * MIB),
            GeneratorSpec.of(1).object("b", 64 * MIB),
            GeneratorSpec.of(2).object("a", 64 * MIB),
            GeneratorSpec.of(2).object("b", 64 * MIB));
    long[] beginnings = new long[(1024 + 3 * 64) * MIB / 512];
    ByteBuffer buffer = ByteBuffer.allocate(MIB);
    int n = 0;
    for (GeneratedObject object : objects) {
      for (long offset = 0; offset < object.size(); offset += MIB) {
        object.read(offset, buffer.clear());
        for (int at = 0; at < MIB; at += 512) {
          beginnings[n++] = buffer.getLong(at);
        }
      }
    }
    assertThat(n).isEqualTo(beginnings.length);
    Arrays.sort(beginnings);
    // Equal blocks would begin with equal words.
    for (int i = 1; i < n; i++) {
      assertThat(beginnings[i] == beginnings[i - 1]).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Deflater.BEST_SPEED, 6, Deflater.BEST_COMPRESSION})
  void a_compressor_gains_nothing(int level) {
    byte[] data =
        GeneratedObjectProperties.read(GeneratorSpec.of(5).object("c", 4 * MIB), 0, 4 * MIB);
    Deflater deflater = new Deflater(level);
    try {
      deflater.setInput(data);
      deflater.finish();
      byte[] out = new byte[5 * MIB];
      assertThat(deflater.deflate(out)).isGreaterThan(data.length);
      assertThat(deflater.finished()).isTrue();
    } finally {
      deflater.end();
    }
  }

  @Test
  void all_bytes_are_equally_frequent() {
    byte[] data =
        GeneratedObjectProperties.read(GeneratorSpec.of(6).object("b", 16 * MIB), 0, 16 * MIB);
    assertThat(chiSquare(data)).isBetween(170.0, 350.0);
  }

  /** The seeding alone: the first word of each of many blocks, of many keys, of many seeds. */
  @Test
  void neighbouring_blocks_keys_and_seeds_have_nothing_in_common() {
    int n = 1 << 16;
    ByteBuffer blocks = ByteBuffer.allocate(8 * n);
    ByteBuffer keys = ByteBuffer.allocate(8 * n);
    ByteBuffer seeds = ByteBuffer.allocate(8 * n);
    GeneratedObject object = GeneratorSpec.of(0).object("", (long) n * Pages.BLOCK);
    for (int i = 0; i < n; i++) {
      object.read((long) i * Pages.BLOCK, blocks.limit(8 * i + 8));
      GeneratorSpec.of(0).object("k" + i, 8).read(0, keys.limit(8 * i + 8));
      GeneratorSpec.of(i).object("k", 8).read(0, seeds.limit(8 * i + 8));
    }
    for (ByteBuffer words : new ByteBuffer[] {blocks, keys, seeds}) {
      assertThat(chiSquare(words.array())).isBetween(170.0, 350.0);
      for (int bit = 0; bit < 64; bit++) {
        long changes = 0;
        for (int i = 1; i < n; i++) {
          changes += (words.getLong(8 * i) ^ words.getLong(8 * i - 8)) >>> bit & 1;
        }
        // Five standard deviations around a half.
        assertThat(changes).as("bit %d", bit).isBetween(n / 2 - 640L, n / 2 + 640L);
      }
    }
  }

  private static double chiSquare(byte[] data) {
    long[] counts = new long[256];
    for (byte b : data) {
      counts[b & 0xFF]++;
    }
    double expected = data.length / 256.0;
    return Arrays.stream(counts).mapToDouble(c -> (c - expected) * (c - expected) / expected).sum();
  }
}
