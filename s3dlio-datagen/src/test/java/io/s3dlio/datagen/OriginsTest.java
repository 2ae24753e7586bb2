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
        .contains(new Misplaced(0, Optional.empty(), other.id(), 0));
    Misplaced named =
        misplaced(expected, List.of(spec.object("third", 5), other), bytes(other)).orElseThrow();
    assertThat(named).isEqualTo(new Misplaced(0, Optional.of(other), other.id(), 0));
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
    GeneratedObject origin = found.object().orElseThrow();
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
    assertThat(misplaced(other, List.of(expected), arrived).orElseThrow().object()).isEmpty();
  }

  @Test
  void a_stale_object_is_named_if_it_is_known() throws IOException {
    GeneratedObject stale = GeneratorSpec.of(6).object("key", SIZE);
    GeneratedObject expected = GeneratorSpec.of(7).object("key", SIZE);
    assertThat(misplaced(expected, List.of(), bytes(stale))).isEmpty();
    assertThat(misplaced(expected, List.of(stale), bytes(stale)))
        .contains(new Misplaced(0, Optional.of(stale), stale.id(), 0));
  }

  @Test
  void shared_blocks_are_of_all_objects() throws IOException {
    GeneratorSpec spec =
        GeneratorSpec.of(7).withDedup(2).withDedupScope(DedupScope.dataSet(10, SIZE));
    Misplaced found =
        misplaced(spec.object("a", SIZE, 1), List.of(), bytes(spec.object("b", SIZE, 8)))
            .orElseThrow();
    assertThat(found.objectId()).isZero();
    assertThat(found).asString().contains("blocks that all objects share");
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
        .contains(new Misplaced(32_768, Optional.empty(), other.id(), 32_768));
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
