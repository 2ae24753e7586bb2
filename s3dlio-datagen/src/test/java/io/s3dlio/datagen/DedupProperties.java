package io.s3dlio.datagen;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** There are as many different blocks as asked for, and copies are spread. */
class DedupProperties {

  private static final double[] RATIOS = {1, 1.5, 2, 3.7, 10, 100};
  private static final int BLOCK = 4096;

  @Property
  void an_object_has_the_different_blocks_and_no_equal_neighbours(
      @ForAll @IntRange(min = 1, max = 20_000) int blocks,
      @ForAll @DoubleRange(min = 1, max = 300) double ratio,
      @ForAll long key) {
    long millionths = GeneratorSpec.millionths(ratio);
    BlockMap map = new ObjectDedup(blocks, millionths, key);
    long[] order = order(map, blocks);
    long different = Math.max(1, Math.round(blocks * 1e6 / millionths));
    assertThat(Arrays.stream(order).max()).hasValue(different - 1);
    assertThat(Arrays.stream(order).distinct().count()).isEqualTo(different);
    assertNoEqualNeighbours(order, different);
    long next = 0;
    for (int i = 0; i < blocks; i++) {
      if (order[i] == next) {
        assertThat(map.first(next++)).isEqualTo(i);
      }
    }
    assertThat(map.first(next)).isNegative();
  }

  @Property
  void objects_of_a_data_set_share_blocks_and_have_none_twice(
      @ForAll @IntRange(min = 1, max = 60) int objects,
      @ForAll @IntRange(min = 1, max = 300) int blocks,
      @ForAll @DoubleRange(min = 1, max = 100) double ratio,
      @ForAll long seed) {
    long millionths = GeneratorSpec.millionths(ratio);
    long different = Math.max(1, Math.round(objects * blocks * 1e6 / millionths));
    Set<Long> all = new HashSet<>();
    for (int i = 0; i < objects; i++) {
      long[] words = {seed + i, seed * 3 + i, ~seed - i, seed ^ (i * Mix.GAMMA)};
      BlockMap map = new DataSetDedup(objects, blocks, millionths, i, words);
      long[] order = order(map, blocks);
      assertThat(LongStream.range(0, different).map(map::first).filter(place -> place >= 0))
          .containsExactlyInAnyOrderElementsOf(firstPlaces(order));
      for (long unique : order) {
        assertThat(order[(int) map.first(unique)]).isEqualTo(unique);
      }
      assertThat(Arrays.stream(order).distinct().count()).isEqualTo(Math.min(blocks, different));
      assertNoEqualNeighbours(order, different);
      LongStream.of(order).forEach(all::add);
      long min = Arrays.stream(order).min().orElseThrow();
      long max = Arrays.stream(order).max().orElseThrow();
      long tail = map.unique(blocks);
      for (long unique : new long[] {min, max, order[0], order[blocks - 1], tail}) {
        assertThat(DataSetDedup.sharing(objects, blocks, millionths, unique)).contains((long) i);
      }
    }
    assertThat(all).hasSize((int) different).contains(0L, different - 1);
  }

  @Example
  void new_blocks_come_at_one_pace_and_copies_at_many_distances() {
    int blocks = 1 << 16;
    for (double ratio : new double[] {1.5, 2, 10}) {
      long[] order = order(new ObjectDedup(blocks, GeneratorSpec.millionths(ratio), 5), blocks);
      long[] copies = new long[blocks];
      long[] last = new long[blocks];
      Set<Long> distances = new HashSet<>();
      long different = 0;
      for (int i = 0; i < blocks; i++) {
        int unique = (int) order[i];
        if (unique == different) {
          different++;
        } else {
          distances.add(i - last[unique]);
        }
        copies[unique]++;
        last[unique] = i;
        assertThat(different).isBetween((long) (i / ratio), (long) (i / ratio) + 3);
      }
      assertThat(distances).hasSizeGreaterThan(1000);
      // None is far more popular than its share, even though the first ones are there for longest.
      assertThat(Arrays.stream(copies).max().orElseThrow()).isLessThan((long) (20 * ratio));
    }
  }

  @Example
  void the_bytes_have_the_ratio_at_the_block_size_whatever_the_compression() {
    int blocks = 2000;
    for (double ratio : RATIOS) {
      for (double compression : new double[] {1, 2}) {
        GeneratorSpec spec = GeneratorSpec.of(3).withDedup(ratio).withCompression(compression);
        byte[] data = data(spec, blocks * BLOCK);
        long different = Math.round(blocks / ratio);
        assertThat(different(data, BLOCK)).isEqualTo(different);
        // At twice the size, two blocks are equal by two coincidences: few where many differ.
        if (different > blocks / 4) {
          assertThat(different(data, 2 * BLOCK)).isGreaterThan(blocks / 2 * 9 / 10);
        }
        // At half the size, each different block is two.
        if (compression == 1) {
          assertThat(different(data, BLOCK / 2)).isEqualTo(2 * different);
        }
      }
    }
  }

  @Example
  void all_block_sizes_have_the_ratio() {
    for (int block = 512; block <= 4 << 20; block *= 2) {
      int blocks = Math.max(9, Math.min(1000, (32 << 20) / block));
      byte[] data = data(GeneratorSpec.of(4).withDedup(3).withDedupBlock(block), blocks * block);
      assertThat(different(data, block)).as("%d", block).isEqualTo(Math.round(blocks / 3.0));
    }
  }

  @Example
  void a_data_set_has_the_ratio_across_its_objects() {
    for (double ratio : RATIOS) {
      assertThat(differentAcross(12, 100 * BLOCK, ratio)).isEqualTo((int) Math.round(1200 / ratio));
    }
  }

  /** Shorter blocks at the end are shared, too: whole ones and these have the ratio, each. */
  @Example
  void a_data_set_has_the_ratio_whatever_the_size_of_its_objects() {
    for (double ratio : RATIOS) {
      for (int size : new int[] {100, BLOCK - 1, BLOCK + 100, 10_000, 200_000}) {
        int whole = size < BLOCK ? 0 : (int) Math.max(1, Math.round(200 * (size / BLOCK) / ratio));
        assertThat(differentAcross(200, size, ratio))
            .as("%d bytes at %s", size, ratio)
            .isEqualTo(whole + (int) Math.round(200 / ratio));
      }
    }
  }

  private static int differentAcross(int objects, int size, double ratio) {
    Set<ByteBuffer> all = new HashSet<>();
    GeneratorSpec spec =
        GeneratorSpec.of(5).withDedup(ratio).withDedupScope(DedupScope.dataSet(objects, size));
    for (int i = 0; i < objects; i++) {
      byte[] data = GeneratedObjectProperties.read(spec.object("o" + i, size, i), 0, size);
      all.addAll(blocks(data, BLOCK));
    }
    return all.size();
  }

  private static void assertNoEqualNeighbours(long[] order, long different) {
    for (int i = 1; i < order.length && different > 1; i++) {
      assertThat(order[i]).as("block %d", i).isNotEqualTo(order[i - 1]);
    }
  }

  private static Set<Long> firstPlaces(long[] order) {
    Set<Long> seen = new HashSet<>();
    return LongStream.range(0, order.length)
        .filter(place -> seen.add(order[(int) place]))
        .boxed()
        .collect(Collectors.toSet());
  }

  private static long[] order(BlockMap map, int blocks) {
    return LongStream.range(0, blocks).map(map::unique).toArray();
  }

  private static byte[] data(GeneratorSpec spec, int size) {
    return GeneratedObjectProperties.read(spec.object("duplicated", size), 0, size);
  }

  private static long different(byte[] data, int block) {
    return blocks(data, block).size();
  }

  private static Set<ByteBuffer> blocks(byte[] data, int block) {
    Set<ByteBuffer> blocks = new HashSet<>();
    for (int at = 0; at < data.length; at += block) {
      blocks.add(ByteBuffer.wrap(data, at, Math.min(block, data.length - at)).slice());
    }
    return blocks;
  }
}
