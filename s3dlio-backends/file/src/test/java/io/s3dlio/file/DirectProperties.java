package io.s3dlio.file;

import static io.s3dlio.file.FileFixture.PLAIN;
import static io.s3dlio.file.FileFixture.get;
import static io.s3dlio.file.FileFixture.payload;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteRange;
import io.s3dlio.ByteSinks;
import io.s3dlio.spi.PartUpload;
import io.s3dlio.spi.Receiver.Landing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Past the page cache, any bytes at any place are the same bytes. */
class DirectProperties {

  private static final int BLOCK = 4096;
  private static final int PIECE = DirectIo.PIECE;
  private static final byte[] BYTES = new byte[2 * PIECE + 3 * BLOCK];

  private static Path root;
  private static FileFixture files;

  @BeforeContainer
  static void open() throws IOException {
    new SplittableRandom(7).nextBytes(BYTES);
    root = Files.createTempDirectory("s3dlio-direct");
    files = new FileFixture("direct", root, false);
  }

  @AfterContainer
  static void close() throws IOException {
    files.close();
    Files.deleteIfExists(root.resolve("a"));
    Files.delete(root);
  }

  /** Sizes and offsets on, beside and between the borders of blocks and of pieces. */
  @Provide
  static Arbitrary<Integer> places() {
    Arbitrary<Integer> borders =
        Arbitraries.of(0, 1, 2, 3)
            .map(n -> n * BLOCK)
            .flatMap(n -> Arbitraries.of(n, PIECE + n, 2 * PIECE + n));
    Arbitrary<Integer> beside =
        borders.flatMap(
            border ->
                Arbitraries.integers()
                    .between(-2, 2)
                    .map(d -> Math.min(Math.max(border + d, 0), BYTES.length)));
    return Arbitraries.oneOf(beside, Arbitraries.integers().between(0, BYTES.length));
  }

  @Property(tries = 300)
  void readsAnyRange(
      @ForAll("places") int size,
      @ForAll("places") int from,
      @ForAll("places") int to,
      @ForAll @IntRange(max = 2 * BLOCK) int shift)
      throws IOException {
    byte[] content = Arrays.copyOf(BYTES, Math.max(size, 1));
    Files.write(files.path("a"), content);
    int offset = Math.min(from, content.length - 1);
    int length = Math.max(Math.min(to, content.length) - offset, 1);
    byte[] expected = Arrays.copyOfRange(content, offset, offset + length);
    ByteRange range = ByteRange.of(offset, length);

    FileFixture.Collected through = new FileFixture.Collected();
    get(files.store.read(files.uri("a"), ReadRequests.of(range), through));
    assertThat(through.offset).isEqualTo(offset);
    assertThat(through.content.array()).isEqualTo(expected);

    // Memory that begins where blocks do, or anywhere.
    int skip = shift % 3 == 0 ? 0 : shift;
    ByteBuffer memory = ByteBuffer.allocateDirect(length + 4 * BLOCK).alignedSlice(BLOCK);
    ByteBuffer target = memory.slice(skip, length);
    get(
        files.store.read(
            files.uri("a"),
            ReadRequests.of(range),
            (meta, at, n) -> new Landing(ByteSinks.of(target), n)));
    byte[] inPlace = new byte[length];
    target.get(0, inPlace);
    assertThat(inPlace).isEqualTo(expected);
  }

  @Property(tries = 300)
  void writesAnySizeFromAnyMemory(
      @ForAll("places") int size,
      @ForAll("places") int cut,
      @ForAll @IntRange(max = 2 * BLOCK) int shift)
      throws IOException {
    int first = Math.min(cut, size);
    int skip = shift % 3 == 0 ? 0 : shift;
    ByteBuffer memory = ByteBuffer.allocateDirect(size + 4 * BLOCK).alignedSlice(BLOCK);
    ByteBuffer direct = memory.slice(skip, first).put(BYTES, 0, first).flip();
    ByteBuffer heap = ByteBuffer.wrap(BYTES, first, size - first);

    get(files.store.put(files.uri("a"), payload(direct, heap), PLAIN));

    assertThat(Files.readAllBytes(files.path("a"))).isEqualTo(Arrays.copyOf(BYTES, size));
  }

  @Property(tries = 100)
  void writesPartsInAnyOrder(
      @ForAll("places") int size,
      @ForAll @IntRange(min = 16, max = 1024) int blocksPerPart,
      @ForAll boolean backwards)
      throws IOException {
    int partSize = blocksPerPart * BLOCK;
    List<Integer> numbers = new ArrayList<>();
    for (int at = 0; at < Math.max(size, 1); at += partSize) {
      numbers.add(backwards ? 0 : numbers.size(), at / partSize + 1);
    }
    PartUpload upload = get(files.store.startMultipart(files.uri("a"), partSize, PLAIN));
    for (int number : numbers) {
      int at = (number - 1) * partSize;
      ByteBuffer part = ByteBuffer.wrap(BYTES, at, Math.min(partSize, size - at));
      get(upload.putPart(number, payload(part)));
    }
    get(upload.complete(numbers.size(), size, Optional.empty()));

    assertThat(Files.readAllBytes(files.path("a"))).isEqualTo(Arrays.copyOf(BYTES, size));
  }
}
