package io.s3dlio.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.cli.BlockCounts.Counted;
import io.s3dlio.datagen.GeneratedObject;
import io.s3dlio.datagen.GeneratorSpec;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a report says of data that is known. */
class DataReportTest {

  private static final int MIB = 1 << 20;

  private static DataReport report(ByteSource data) throws IOException {
    return DataScan.of(data, 4096);
  }

  private static DataReport report(byte[] data) throws IOException {
    return report(ByteSources.of(ByteBuffer.wrap(data)));
  }

  private static Counted block(DataReport report, int size) {
    return report.blocks().stream().filter(of -> of.size() == size).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 4096", "2, 1.5, 65536", "3, 2, 1048576", "1.5, 4, 8192", "4, 3.7, 2097152"})
  void generated_data_is_what_it_was_asked_to_be(double compression, double dedup, int block)
      throws IOException {
    GeneratorSpec spec =
        GeneratorSpec.of(1).withCompression(compression).withDedup(dedup).withDedupBlock(block);
    DataReport report = DataScan.of(spec.object("report", 24L * MIB), block);
    assertThat(report.bytes()).isEqualTo(24 * MIB);
    assertThat(report.sampledBytes()).isEqualTo(24 * MIB);
    for (DataReport.Compression of : report.compression()) {
      assertThat(of.ratios())
          .extracting(DataReport.Ratio::compressor)
          .containsExactly("zstd-1", "zstd-3", "lz4", "gzip-1", "gzip-6");
      if (dedup == 1 || (of.unit() > 0 && of.unit() <= block)) {
        for (DataReport.Ratio ratio : of.ratios()) {
          assertThat(ratio.ratio())
              .as("%s in units of %d", ratio.compressor(), of.unit())
              .isCloseTo(compression, withinPercentage(5.1));
        }
      }
    }
    long blocks = 24L * MIB / block;
    assertThat(block(report, block).blocks()).isEqualTo(blocks);
    assertThat(block(report, block).different()).isEqualTo(Math.round(blocks / dedup));
    assertThat(block(report, block).ratio())
        .isEqualTo((double) blocks / Math.round(blocks / dedup));
    assertThat(report.blocks()).allMatch(of -> of.zeroBlocks() == 0 && of.oneOf() == 1);
  }

  @Test
  void zeros_are_one_block_and_a_shorter_one() throws IOException {
    DataReport report = report(new byte[3 * MIB + 100]);
    assertThat(report.blocks()).extracting(Counted::size).containsExactly(512, 4096, 65536, MIB);
    for (Counted of : report.blocks()) {
      assertThat(of.blocks()).isEqualTo(3L * MIB / of.size() + 1);
      assertThat(of.different()).isEqualTo(2);
      assertThat(of.zeroBlocks()).isEqualTo(of.blocks());
    }
    assertThat(report.compression())
        .filteredOn(of -> of.unit() != 4096)
        .allSatisfy(of -> assertThat(of.ratios()).allMatch(ratio -> ratio.ratio() > 200));
  }

  @Test
  void of_nothing_there_is_nothing_to_say() throws IOException {
    DataReport report = report(new byte[0]);
    assertThat(report.lines("empty")).containsExactly("empty: 0 bytes");
    assertThat(Json.line(json -> report.write(json, "empty")))
        .isEqualTo(
            "{\"uri\":\"empty\",\"bytes\":0,\"sampledBytes\":0,\"streamedBytes\":0,"
                + "\"compression\":[],\"dedup\":[]}");
  }

  @Test
  void text_of_a_line_is_compressible_and_one_byte_is_not() throws IOException {
    byte[] text =
        "All work and no play makes Jack a dull boy.\n"
            .repeat(10_000)
            .getBytes(StandardCharsets.US_ASCII);
    assertThat(report(text).compression())
        .allSatisfy(of -> assertThat(of.ratios()).allMatch(ratio -> ratio.ratio() > 30));
    DataReport one = report(new byte[] {7});
    assertThat(one.compression())
        .allSatisfy(of -> assertThat(of.ratios()).allMatch(ratio -> ratio.ratio() < 1));
    assertThat(one.blocks()).allMatch(of -> of.blocks() == 1 && of.different() == 1);
  }

  /** Against the obvious way to count, with all lengths of what is left at the end. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void blocks_are_counted_as_by_comparing_them(long seed) throws IOException {
    Random random = new Random(seed);
    byte[] data = new byte[random.nextInt(2 * MIB) + 1];
    int piece = 256 << random.nextInt(8);
    for (int at = 0; at < data.length; at += piece) {
      // Of few kinds, one of them zeros.
      byte fill = (byte) random.nextInt(1 + random.nextInt(6));
      Arrays.fill(data, at, Math.min(data.length, at + piece), fill);
    }
    for (Counted of : report(data).blocks()) {
      Set<ByteBuffer> different = new HashSet<>();
      int zeros = 0;
      int blocks = 0;
      for (int at = 0; at < data.length; at += of.size()) {
        ByteBuffer block = ByteBuffer.wrap(data, at, Math.min(of.size(), data.length - at));
        zeros += block.mismatch(ByteBuffer.allocate(block.remaining())) < 0 ? 1 : 0;
        different.add(block);
        blocks++;
      }
      assertThat(of).isEqualTo(new Counted(of.size(), blocks, different.size(), 1, zeros));
    }
  }

  @Test
  void an_object_in_a_store_is_read_from_there() throws IOException {
    try (ObjectStore store = ObjectStores.open("memory://report/")) {
      ObjectUri uri = ObjectUri.parse("memory://report/object");
      byte[] data = new byte[100_000];
      new Random(1).nextBytes(data);
      store.put(uri, ByteBuffer.wrap(data));
      assertThat(report(store.source(uri))).isEqualTo(report(data));
    }
  }

  @Test
  void of_large_data_a_part_is_compressed_and_all_is_counted() throws IOException {
    long size = 100L * MIB + 17;
    // The same block at both ends, which only a whole count sees.
    ByteSource once = GeneratorSpec.of(1).object("large", size);
    ByteSource twice =
        new ByteSource() {
          @Override
          public long size() {
            return size + 512 - 17;
          }

          @Override
          public void read(long offset, ByteBuffer dst) throws IOException {
            ByteBuffer all = dst.duplicate();
            int atEnd = (int) Math.max(0, offset + dst.remaining() - 100L * MIB);
            dst.limit(dst.limit() - atEnd);
            once.read(offset, dst);
            dst.limit(all.limit());
            once.read(0, dst);
          }
        };
    DataReport report = report(twice);
    assertThat(report.sampledBytes()).isEqualTo(64 * MIB);
    assertThat(report.streamedBytes()).isEqualTo(64 * MIB);
    Counted smallest = block(report, 512);
    assertThat(smallest.blocks()).isEqualTo(100L * MIB / 512 + 1);
    assertThat(smallest.different()).isEqualTo(smallest.blocks() - 1);
    assertThat(report.lines("large"))
        .contains(
            "large: 104,858,112 bytes",
            "(measured on 67,108,864 bytes, evenly spread in pieces of 1 MiB; too large to compress"
                + " all)")
        .anyMatch(line -> line.startsWith("the first 64 MiB "));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 63, 64, 65, 100, 127, 128, 129, 1000, 65_537, 1L << 22})
  void the_sample_is_spread_evenly(long windows) {
    long last = -1;
    int sampled = 0;
    for (long window = 0; window < windows; window++) {
      if (DataScan.isSampled(window, windows)) {
        assertThat(window - last).isBetween(last < 0 ? 1 : windows / 64, windows / 64 + 1);
        last = window;
        sampled++;
      }
    }
    assertThat(sampled).isEqualTo((int) Math.min(64, windows));
  }

  @Test
  void the_count_is_exact_up_to_a_limit_and_near_above_it() {
    DistinctHashes hashes = new DistinctHashes();
    Random random = new Random(1);
    for (int i = 0; i < DistinctHashes.MAX_KEPT; i++) {
      long first = random.nextLong();
      long second = random.nextLong();
      hashes.add(first, second);
      hashes.add(first, second);
    }
    assertThat(hashes.count()).isEqualTo(DistinctHashes.MAX_KEPT);
    assertThat(hashes.oneOf()).isEqualTo(1);
    for (int n = 2 * DistinctHashes.MAX_KEPT; n <= 8 * DistinctHashes.MAX_KEPT; n *= 2) {
      for (int i = n / 2; i < n; i++) {
        hashes.add(random.nextLong(), random.nextLong());
      }
      // Five standard errors.
      assertThat(hashes.count()).isCloseTo(n, withinPercentage(0.7));
      assertThat(hashes.oneOf()).isGreaterThan(1);
    }
  }

  @Test
  void hashes_of_which_a_half_is_equal_or_zero_are_different() {
    DistinctHashes hashes = new DistinctHashes();
    for (long[] hash : List.of(new long[] {0, 0}, new long[] {0, 5}, new long[] {5, 0})) {
      hashes.add(hash[0], hash[1]);
      hashes.add(hash[0], hash[1]);
    }
    assertThat(hashes.count()).isEqualTo(3);
  }

  /** As by Ctrl-C: what the compressors use is closed when nobody works with it any more. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void an_interrupt_while_it_compresses_is_told_as_one() {
    GeneratedObject data = GeneratorSpec.of(1).object("interrupted", 32L * MIB);
    ByteSource interrupting =
        new ByteSource() {
          @Override
          public long size() {
            return data.size();
          }

          @Override
          public void read(long offset, ByteBuffer dst) throws IOException {
            data.read(offset, dst);
            Thread.currentThread().interrupt();
          }
        };
    assertThatThrownBy(() -> report(interrupting)).isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
