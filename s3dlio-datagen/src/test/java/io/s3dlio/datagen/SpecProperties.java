package io.s3dlio.datagen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** Objects of every compression, dedup, block and scope. */
class SpecProperties {

  private static final int MAX_SIZE = 300_000;

  /** An object of any specification. */
  record Any(GeneratorSpec spec, int size, long index) {

    GeneratedObject object() {
      return spec.object("any/key", size, index);
    }
  }

  @Property(tries = 400)
  void any_specification_gives_the_documented_bytes(@ForAll("objects") Any any) {
    assertThat(GeneratedObjectProperties.read(any.object(), 0, any.size))
        .isEqualTo(Reference.bytes(any.spec, "any/key", any.size, any.index));
  }

  @Property(tries = 1000)
  void any_range_alone_is_a_part_of_the_whole(
      @ForAll("objects") Any any,
      @ForAll @IntRange(max = MAX_SIZE) int offset,
      @ForAll @IntRange(max = MAX_SIZE) int length,
      @ForAll boolean direct) {
    byte[] whole = GeneratedObjectProperties.read(any.object(), 0, any.size);
    int from = Math.min(offset, any.size);
    int some = Math.min(length, any.size - from);
    for (String kernel : new String[] {"scalar", "vector"}) {
      ByteBuffer dst = direct ? ByteBuffer.allocateDirect(some + 9) : ByteBuffer.allocate(some + 9);
      dst.position(9 - from % 10 % 9).limit(dst.position() + some).mark();
      new Pages(GeneratorKernel.create(kernel)).read(any.object(), from, dst);
      assertThat(dst.reset()).as(kernel).isEqualTo(ByteBuffer.wrap(whole, from, some));
    }
  }

  @Property(tries = 500)
  void any_specification_is_read_from_its_text(@ForAll("objects") Any any) {
    GeneratedObject object = any.object();
    assertThat(GeneratedObject.parse(object.toText())).isEqualTo(object);
    assertThat(object.toText().length()).isLessThan(1638);
  }

  @Property(tries = 500)
  void a_flipped_bit_is_found(
      @ForAll("objects") Any any,
      @ForAll @IntRange(max = MAX_SIZE) int at,
      @ForAll boolean direct) {
    ByteBuffer bytes = direct ? ByteBuffer.allocateDirect(any.size) : ByteBuffer.allocate(any.size);
    any.object().read(0, bytes);
    bytes.flip();
    for (String kernel : new String[] {"scalar", "vector"}) {
      a_flipped_bit_is_found(new Pages(GeneratorKernel.create(kernel)), any, at, bytes.clear());
    }
  }

  private static void a_flipped_bit_is_found(Pages pages, Any any, int at, ByteBuffer bytes) {
    assertThat(pages.mismatch(any.object(), 0, bytes)).isEqualTo(-1);
    if (at < any.size) {
      bytes.put(at, (byte) (bytes.get(at) ^ 4));
      assertThat(pages.mismatch(any.object(), 0, bytes)).isEqualTo(at);
      bytes.position(at / 2);
      assertThat(pages.mismatch(any.object(), at / 2, bytes.asReadOnlyBuffer()))
          .isEqualTo(at - at / 2);
      bytes.put(at, (byte) (bytes.get(at) ^ 4));
    }
  }

  @Example
  void the_text_has_what_is_not_the_default() {
    GeneratorSpec spec = GeneratorSpec.of(-7).withCompression(1.50);
    assertThat(spec.object("k", 9).toText()).startsWith("v=1;seed=-7;compress=1.5;size=9;key=k;");
    spec = spec.withDedup(2).withDedupBlock(8192).withDedupScope(DedupScope.dataSet(10, 9));
    assertThat(spec.object("k", 9, 3).toText())
        .startsWith(
            "v=1;seed=-7;compress=1.5;dedup=2;block=8192;objects=10;each=9;size=9;index=3;key=k;");
  }

  @Example
  void what_is_out_of_range_is_refused_and_named() {
    GeneratorSpec spec = GeneratorSpec.of(1);
    for (double ratio : new double[] {0, 0.5, -1, Double.NaN, Double.POSITIVE_INFINITY, 1e9}) {
      assertThatThrownBy(() -> spec.withCompression(ratio))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("compression ratio " + ratio + ": must be 1 to 20");
      assertThatThrownBy(() -> spec.withDedup(ratio))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("dedup ratio " + ratio + ": must be 1 to 1,000,000");
    }
    for (int block : new int[] {0, 3, 256, 4097, 8 << 20, -4096, Integer.MIN_VALUE}) {
      assertThatThrownBy(() -> spec.withDedupBlock(block))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll(String.format("%,d", block), "512 to 4,194,304");
    }
    for (long[] scope : new long[][] {{0, 1}, {1, 0}, {-1, 1}, {1, -1}, {1L << 32, 1L << 31}}) {
      assertThatThrownBy(() -> DedupScope.dataSet(scope[0], scope[1]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(scope[0] + " objects of " + scope[1]);
    }
    GeneratorSpec shared = spec.withDedup(2).withDedupScope(DedupScope.dataSet(10, 100));
    assertThatThrownBy(() -> shared.object("k", 100)).hasMessageContaining("index");
    assertThatThrownBy(() -> shared.object("k", 100, 10)).hasMessageContaining("0 to 9");
    assertThatThrownBy(() -> shared.object("k", 100, -1)).hasMessageContaining("0 to 9");
    assertThatThrownBy(() -> shared.object("k", 99, 0)).hasMessageContaining("100 bytes each");
  }

  @Example
  void ratios_have_six_decimals() {
    GeneratorSpec spec = GeneratorSpec.of(1).withDedup(4.0 / 3).withCompression(1.0000004);
    assertThat(spec.dedup()).isEqualTo(1.333333);
    assertThat(spec.compression()).isEqualTo(1);
    assertThat(GeneratorSpec.of(1).withCompression(1.0)).isEqualTo(GeneratorSpec.of(1));
  }

  @Example
  void data_sets_that_differ_in_anything_have_different_bytes() {
    GeneratorSpec spec = GeneratorSpec.of(1);
    byte[][] all = {
      first(spec),
      first(spec.withSeed(2)),
      first(spec.withCompression(2)),
      first(spec.withDedup(2)),
      first(spec.withDedupBlock(8192)),
      first(spec.withDedupScope(DedupScope.dataSet(1, 64)))
    };
    assertThat(Arrays.stream(all).map(ByteBuffer::wrap).distinct()).hasSize(all.length);
  }

  private static byte[] first(GeneratorSpec spec) {
    return GeneratedObjectProperties.read(spec.object("k", 64, 0), 0, 64);
  }

  @Provide
  Arbitrary<Any> objects() {
    Arbitrary<Double> ratios =
        Arbitraries.frequencyOf(
            Tuple.of(2, Arbitraries.just(1.0)),
            Tuple.of(3, Arbitraries.of(1.000001, 1.02, 1.5, 2.0, 3.7, 10.0, 20.0)),
            Tuple.of(2, Arbitraries.doubles().between(1, 20).ofScale(6)));
    Arbitrary<Double> dedups = Arbitraries.oneOf(ratios, Arbitraries.of(100.0, 1e6));
    return Combinators.combine(
            Arbitraries.longs(),
            ratios,
            dedups,
            Arbitraries.integers().between(9, 22).map(bits -> 1 << bits),
            Arbitraries.integers().between(0, MAX_SIZE),
            Arbitraries.integers().between(0, 12))
        .as(
            (seed, compression, dedup, block, size, objects) -> {
              boolean shared = objects > 0 && size > 0;
              return new Any(
                  new GeneratorSpec(
                      1,
                      seed,
                      compression,
                      dedup,
                      block,
                      shared ? DedupScope.dataSet(objects, size) : DedupScope.OBJECT),
                  size,
                  shared ? Math.floorMod(seed, objects) : 0);
            });
  }
}
