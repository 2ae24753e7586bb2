package io.s3dlio.datagen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Of bytes in the wrong place it is told where they belong. */
class OriginsTest {

  private static final int SIZE = 300_000;

  static List<GeneratorSpec> specs() {
    GeneratorSpec plain = GeneratorSpec.of(7);
    return List.of(
        plain,
        plain.withCompression(20),
        plain.withDedup(1.5),
        plain.withDedup(10).withDedupBlock(512).withCompression(2),
        plain.withDedup(2).withDedupBlock(65536));
  }

  @ParameterizedTest
  @MethodSource("specs")
  void a_swapped_object_is_named_if_it_is_known(GeneratorSpec spec) throws IOException {
    GeneratedObject expected = spec.object("expected", SIZE);
    GeneratedObject other = spec.object("other", SIZE);
    assertThat(misplaced(expected, List.of(), bytes(other)))
        .contains(new Misplaced(0, Optional.empty(), other.spec(), other.id(), 0));
    Misplaced named =
        misplaced(expected, List.of(spec.object("third", 5), other), bytes(other)).orElseThrow();
    assertThat(named).isEqualTo(new Misplaced(0, Optional.of(other), spec, other.id(), 0));
    assertThat(named).hasToString("at offset 0 there are bytes from offset 0 of " + other.toText());
  }

  @ParameterizedTest
  @MethodSource("specs")
  void bytes_of_the_wrong_place_are_found_at_any_distance(GeneratorSpec spec) throws IOException {
    GeneratedObject expected = spec.object("expected", SIZE);
    byte[] right = bytes(expected);
    byte[] shifted = new byte[SIZE];
    System.arraycopy(right, 0, shifted, 0, 10_000);
    System.arraycopy(right, 0, shifted, 10_000, SIZE - 10_000);
    Misplaced found = misplaced(expected, List.of(), shifted).orElseThrow();
    assertThat(found.object()).contains(expected);
    assertThat(found.offset()).isGreaterThanOrEqualTo(10_000 - 16);
    byte[] there = Arrays.copyOfRange(shifted, (int) found.offset(), (int) found.offset() + 24);
    int original = (int) found.originalOffset();
    assertThat(there).isEqualTo(Arrays.copyOfRange(right, original, original + 24));
    assertThat(found.offset()).isNotEqualTo(original);
  }

  /** The last blocks depend on the size: there are others in the same place. */
  @Test
  void bytes_are_never_said_to_be_of_the_place_where_they_are_wrong() throws IOException {
    for (GeneratorSpec spec : specs()) {
      GeneratedObject longer = spec.object("key", SIZE);
      for (int size : new int[] {SIZE / 2 - 1, SIZE - 70_000, SIZE - 4096}) {
        GeneratedObject expected = spec.object("key", size);
        byte[] arrived = Arrays.copyOf(bytes(longer), size);
        misplaced(expected, List.of(), arrived).ifPresent(found -> assertIsThere(found, arrived));
        misplaced(expected, List.of(longer), arrived)
            .ifPresent(found -> assertIsThere(found, arrived));
      }
    }
  }

  private static void assertIsThere(Misplaced found, byte[] arrived) {
    assertIsThere(found, found.object().orElseThrow(), arrived);
  }

  private static void assertIsThere(Misplaced found, GeneratedObject origin, byte[] arrived) {
    int at = (int) found.offset();
    assertThat(GeneratedObjectProperties.read(origin, found.originalOffset(), 24))
        .as("%s", found)
        .isEqualTo(Arrays.copyOfRange(arrived, at, at + 24));
  }

  @Test
  void bytes_beyond_the_end_of_an_object_are_not_said_to_be_in_it() throws IOException {
    GeneratedObject expected = GeneratorSpec.of(7).object("key", 40_000);
    GeneratedObject longer = GeneratorSpec.of(7).object("key", SIZE);
    byte[] arrived = GeneratedObjectProperties.read(longer, 65_536, 40_000);
    assertThat(misplaced(expected, List.of(), arrived)).isEmpty();
    assertThat(misplaced(expected, List.of(longer), arrived).orElseThrow())
        .hasToString("at offset 0 there are bytes from offset 65,536 of " + longer.toText());
    GeneratedObject other = GeneratorSpec.of(7).object("other", 40_000);
    Misplaced unnamed = misplaced(other, List.of(expected), arrived).orElseThrow();
    assertThat(unnamed.object()).isEmpty();
    assertThat(unnamed.in(GeneratorSpec.of(7).object("key", 65_536 + 23))).isEmpty();
    assertThat(unnamed.in(GeneratorSpec.of(7).object("key", 65_536 + 24))).isPresent();
  }

  @Test
  void an_object_that_is_known_later_has_the_bytes_where_one_known_before_has_them()
      throws IOException {
    GeneratorSpec spec = GeneratorSpec.of(7).withDedup(4);
    GeneratedObject expected = spec.object("a", SIZE);
    GeneratedObject swapped = spec.object("b", SIZE);
    for (int at = 0; at + 4096 <= SIZE; at += 4096) {
      CheckingSink known = new CheckingSink(expected, List.of(swapped));
      CheckingSink later = new CheckingSink(expected);
      known.write(at, ByteBuffer.wrap(bytes(swapped), at, 4096));
      later.write(at, ByteBuffer.wrap(bytes(swapped), at, 4096));
      assertThat(known.result().misplaced()).isPresent();
      assertThat(later.result().misplaced().flatMap(found -> found.in(swapped)))
          .isEqualTo(known.result().misplaced());
    }
  }

  @Test
  void a_stale_object_is_named_if_it_is_known() throws IOException {
    GeneratedObject stale = GeneratorSpec.of(6).object("key", SIZE);
    GeneratedObject expected = GeneratorSpec.of(7).object("key", SIZE);
    assertThat(misplaced(expected, List.of(), bytes(stale))).isEmpty();
    assertThat(misplaced(expected, List.of(stale), bytes(stale)))
        .contains(new Misplaced(0, Optional.of(stale), stale.spec(), stale.id(), 0));
  }

  private static GeneratorSpec shared(double ratio, int objects) {
    return GeneratorSpec.of(7).withDedup(ratio).withDedupScope(DedupScope.dataSet(objects, SIZE));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1.5, 2, 10, 50, 1000})
  void of_objects_that_share_blocks_the_swapped_one_is_told(double ratio) throws IOException {
    GeneratorSpec spec = shared(ratio, 40);
    for (int[] pair : new int[][] {{1, 8}, {8, 9}, {39, 0}, {0, 39}, {20, 38}}) {
      GeneratedObject expected = spec.object("a", SIZE, pair[0]);
      GeneratedObject other = spec.object("b", SIZE, pair[1]);
      Misplaced numbered = misplaced(expected, List.of(), bytes(other)).orElseThrow();
      assertThat(numbered.originalOffset()).isEqualTo(numbered.offset());
      assertThat(numbered.object()).isEmpty();
      assertIsThere(numbered, spec.object("?", SIZE, numbered.objectId()), bytes(other));
      Misplaced named =
          misplaced(expected, List.of(spec.object("c", SIZE, 5), other), bytes(other))
              .orElseThrow();
      assertThat(named.originalOffset()).isEqualTo(named.offset());
      assertIsThere(named, named.object().orElseThrow(), bytes(other));
    }
  }

  @Test
  void the_number_of_a_swapped_object_that_shares_blocks_is_in_the_message() throws IOException {
    GeneratorSpec spec = shared(2, 10);
    GeneratedObject expected = spec.object("a", SIZE, 1);
    GeneratedObject other = spec.object("b", SIZE, 8);
    Misplaced numbered = misplaced(expected, List.of(), bytes(other)).orElseThrow();
    assertThat(numbered)
        .hasToString(
            "at offset 0 there are bytes from offset 0 of object 8 of"
                + " v=1;seed=7;dedup=2;objects=10;each=300000");
    assertThat(misplaced(expected, List.of(other), bytes(other)))
        .contains(new Misplaced(0, Optional.of(other), spec, 8, 0));
    assertThat(numbered.in(other)).contains(new Misplaced(0, Optional.of(other), spec, 8, 0));
    assertThat(numbered.in(spec.object("c", SIZE, 7))).isEmpty();
    assertThat(numbered.in(shared(3, 10).object("b", SIZE, 8))).isEmpty();
  }

  @Test
  void a_shared_block_that_moved_within_its_object_is_told_to_be_of_it() throws IOException {
    GeneratedObject expected = shared(2, 10).object("a", SIZE, 3);
    byte[] shifted = bytes(expected);
    System.arraycopy(shifted, 0, shifted, 1000, SIZE - 1000);
    Misplaced found = misplaced(expected, List.of(), shifted).orElseThrow();
    assertThat(found.object()).contains(expected);
    assertThat(found.originalOffset()).isEqualTo(found.offset() - 1000);
    assertIsThere(found, expected, shifted);
  }

  /** The last one, of 992 bytes, is equal to no whole block. */
  @Test
  void a_shorter_shared_block_is_told_to_be_of_its_objects() throws IOException {
    int tail = SIZE / 4096 * 4096;
    GeneratedObject expected = shared(2, 10).object("a", SIZE, 1);
    GeneratedObject other = shared(2, 10).object("b", SIZE, 8);
    byte[] arrived = bytes(expected);
    System.arraycopy(bytes(other), tail, arrived, tail, SIZE - tail);
    Misplaced found = misplaced(expected, List.of(), arrived).orElseThrow();
    assertThat(found.offset()).isEqualTo(tail);
    assertThat(found.originalOffset()).isEqualTo(tail);
    assertIsThere(found, shared(2, 10).object("?", SIZE, found.objectId()), arrived);
  }

  @Test
  void an_object_found_later_is_named_only_if_it_has_the_bytes() throws IOException {
    GeneratorSpec spec = GeneratorSpec.of(7).withDedup(2);
    GeneratedObject other = spec.object("other", SIZE);
    byte[] arrived = Arrays.copyOf(bytes(other), SIZE);
    Arrays.fill(arrived, 0, 200_000, (byte) 0);
    Misplaced found = misplaced(spec.object("a", SIZE), List.of(), arrived).orElseThrow();
    assertThat(found.in(other).orElseThrow().object()).contains(other);
    assertThat(found.in(spec.object("third", SIZE))).isEmpty();
    assertThat(found.in(spec.object("other", found.originalOffset() + 16))).isEmpty();
    // The last blocks depend on the size.
    assertThat(found.in(spec.object("other", found.originalOffset() + 4096))).isEmpty();
    assertThat(found.in(spec.withSeed(8).object("other", SIZE))).isEmpty();
  }

  @Test
  void damage_is_nobodys() throws IOException {
    GeneratedObject expected = GeneratorSpec.of(7).object("key", SIZE);
    byte[] bytes = bytes(expected);
    bytes[5] ^= 1;
    bytes[40_000] ^= 1;
    assertThat(misplaced(expected, List.of(), bytes)).isEmpty();
    byte[] garbage = new byte[SIZE];
    new Random(1).nextBytes(garbage);
    assertThat(misplaced(expected, List.of(), garbage)).isEmpty();
    assertThat(misplaced(expected, List.of(), new byte[SIZE])).isEmpty();
  }

  @Test
  void a_part_of_a_swapped_object_is_told_once_a_unit_begins_in_it() throws IOException {
    GeneratedObject expected = GeneratorSpec.of(7).object("expected", SIZE);
    GeneratedObject other = GeneratorSpec.of(7).object("other", SIZE);
    CheckingSink sink = new CheckingSink(expected);
    byte[] bytes = bytes(other);
    sink.write(4096, ByteBuffer.wrap(bytes, 4096, 4096));
    assertThat(sink.result().misplaced()).isEmpty();
    sink.write(32_000, ByteBuffer.wrap(bytes, 32_000, 4096));
    assertThat(sink.result().misplaced())
        .contains(new Misplaced(32_768, Optional.empty(), other.spec(), other.id(), 32_768));
  }

  @Test
  void checking_a_buffer_tells_all_of_it() {
    GeneratedObject expected = GeneratorSpec.of(7).object("expected", SIZE);
    ByteBuffer bytes = ByteBuffer.wrap(bytes(expected));
    assertThat(expected.check(0, bytes)).isEmpty();
    assertThat(bytes.hasRemaining()).isFalse();
    bytes.put(1000, (byte) ~bytes.get(1000)).put(2000, (byte) ~bytes.get(2000));
    CheckResult found = expected.check(500, bytes.position(500).limit(3000)).orElseThrow();
    assertThat(found.firstWrongOffset()).hasValue(1000);
    assertThat(found.wrongBytes()).isEqualTo(2);
    assertThat(found.checkedBytes()).isEqualTo(2500);
    assertThat(found.missingBytes()).isZero();
    assertThat(bytes.position()).isEqualTo(3000);
  }

  private static Optional<Misplaced> misplaced(
      GeneratedObject expected, List<GeneratedObject> others, byte[] arrived) throws IOException {
    CheckingSink sink = new CheckingSink(expected, others);
    sink.write(0, ByteBuffer.wrap(arrived));
    return sink.result().misplaced();
  }

  private static byte[] bytes(GeneratedObject object) {
    return GeneratedObjectProperties.read(object, 0, (int) object.size());
  }
}
