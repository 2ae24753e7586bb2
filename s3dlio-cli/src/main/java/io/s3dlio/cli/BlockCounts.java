package io.s3dlio.cli;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import net.jpountz.xxhash.XXHash64;
import net.jpountz.xxhash.XXHashFactory;

/**
 * Counts blocks, different blocks and blocks of zeros, of several sizes in one pass. A block is
 * known by 128 bits, two XXH64 with different seeds; that of a larger block is made of those of the
 * blocks of the next smaller size in it, so that all bytes are hashed once.
 */
final class BlockCounts {

  /** The smallest block: what is added at a time. */
  static final int SMALLEST = 512;

  private static final int HASH = 16;
  private static final long SEED_1 = 0x9E3779B97F4A7C15L;
  private static final long SEED_2 = 0xC2B2AE3D27D4EB4FL;
  private static final byte[] ZEROS = new byte[SMALLEST];

  private final XXHash64 xxHash = factory().hash64();
  private final List<Level> levels = new ArrayList<>();

  /**
   * Begins.
   *
   * @param sizes in bytes, powers of two from {@link #SMALLEST}
   */
  BlockCounts(List<Integer> sizes) {
    SortedSet<Integer> ascending = new TreeSet<>(sizes);
    ascending.add(SMALLEST);
    int below = SMALLEST;
    for (int size : ascending) {
      levels.add(new Level(size, size / below));
      below = size;
    }
  }

  /** The native one, else one that needs nothing which a JDK warns of. */
  private static XXHashFactory factory() {
    try {
      return XXHashFactory.nativeInstance();
    } catch (LinkageError e) {
      System.getLogger("io.s3dlio.cli")
          .log(System.Logger.Level.DEBUG, "no native hash functions", e);
      return XXHashFactory.safeInstance();
    }
  }

  /** Takes the next bytes: a multiple of {@link #SMALLEST}, unless they are the last ones. */
  void add(byte[] data, int length) {
    for (int at = 0; at < length; at += SMALLEST) {
      int some = Math.min(SMALLEST, length - at);
      boolean zero = Arrays.mismatch(data, at, at + some, ZEROS, 0, some) < 0;
      count(0, data, at, some, zero);
    }
  }

  /** Counts the last blocks, which may be shorter, and returns all. */
  List<Counted> finish() {
    for (int i = 1; i < levels.size(); i++) {
      if (levels.get(i).below.position() > 0) {
        flush(i);
      }
    }
    return levels.stream()
        .map(
            level ->
                new Counted(
                    level.size,
                    level.blocks,
                    level.hashes.count(),
                    level.hashes.oneOf(),
                    level.zeroBlocks))
        .toList();
  }

  private void count(int index, byte[] data, int from, int length, boolean zero) {
    Level level = levels.get(index);
    long first = xxHash.hash(data, from, length, SEED_1);
    long second = xxHash.hash(data, from, length, SEED_2);
    level.hashes.add(first, second);
    level.blocks++;
    level.zeroBlocks += zero ? 1 : 0;
    if (index + 1 < levels.size()) {
      Level above = levels.get(index + 1);
      above.below.putLong(first).putLong(second);
      above.zero &= zero;
      if (!above.below.hasRemaining()) {
        flush(index + 1);
      }
    }
  }

  private void flush(int index) {
    Level level = levels.get(index);
    count(index, level.below.array(), 0, level.below.position(), level.zero);
    level.below.clear();
    level.zero = true;
  }

  /**
   * What was counted of one size.
   *
   * @param size of a block, in bytes
   * @param blocks how many, with a shorter one at the end
   * @param different how many different ones
   * @param oneOf if it is above 1, {@code different} is an estimate from one hash of so many
   * @param zeroBlocks how many are all zeros
   */
  record Counted(int size, long blocks, long different, long oneOf, long zeroBlocks) {

    /** At least 1: an estimate may be a little above the truth. */
    double ratio() {
      return Math.max(1, (double) blocks / different);
    }
  }

  private static final class Level {
    private final int size;
    private final ByteBuffer below;
    private final DistinctHashes hashes = new DistinctHashes();
    private long blocks;
    private long zeroBlocks;
    private boolean zero = true;

    /** A block of this size has so many hashes of the next smaller one. */
    Level(int size, int hashes) {
      this.size = size;
      this.below = ByteBuffer.allocate(hashes * HASH).order(ByteOrder.LITTLE_ENDIAN);
    }
  }
}
