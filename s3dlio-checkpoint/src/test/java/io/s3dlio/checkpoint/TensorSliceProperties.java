package io.s3dlio.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.safetensors.DType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Assertions;

class TensorSliceProperties {

  private static TensorSlice slice(List<Long> offsets, List<Long> shape) {
    return new TensorSlice(offsets, shape);
  }

  /** By the rule of torch.chunk, and together they are the whole. */
  @Property
  void ranksTakeCeilingsUntilNothingIsLeft(
      @ForAll @IntRange(max = 40) int size,
      @ForAll @IntRange(min = 1, max = 12) int worldSize,
      @ForAll @IntRange(max = 2) int dimension) {
    List<Long> shape = new ArrayList<>(List.of(2L, 3L, 5L));
    shape.set(dimension, (long) size);
    List<TensorSlice> ranks = new ArrayList<>();
    int left = size;
    for (int rank = 0; rank < worldSize; rank++) {
      TensorSlice own = TensorSlice.ofRank(shape, dimension, rank, worldSize);
      int each = Math.min(left, (size + worldSize - 1) / worldSize);
      assertThat(own.shape().get(dimension)).isEqualTo(each);
      left -= each;
      ranks.add(own);
    }
    assertThat(TensorSlice.whole(shape).isTiledBy(ranks)).isTrue();
  }

  @Example
  void ranksOfTheLargestTensorDoNotOverflow() {
    List<Long> shape = List.of(Long.MAX_VALUE);
    int world = Integer.MAX_VALUE;
    assertThat(TensorSlice.ofRank(shape, 0, world - 1, world).end(0)).isEqualTo(Long.MAX_VALUE);
    assertThat(TensorSlice.ofRank(List.of(5L), 0, world - 1, world).elements()).isZero();
    assertThatThrownBy(() -> TensorSlice.ofRank(shape, 1, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TensorSlice.ofRank(shape, 0, 2, 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> slice(List.of(0L, 0L), List.of(1L << 62, 4L)).elements())
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(slice(List.of(0L, 0L, 0L), List.of(1L << 62, 4L, 0L)).elements()).isZero();
  }

  /** Boxes that tile, or nearly: one is left out, comes twice, or is moved. */
  @Property(tries = 3000)
  void aTilingIsToldFromWhatIsNone(@ForAll Random random) {
    int dimensions = random.nextInt(4);
    List<Long> offsets = new ArrayList<>();
    List<Long> shape = new ArrayList<>();
    for (int d = 0; d < dimensions; d++) {
      offsets.add((long) random.nextInt(3));
      shape.add(1L + random.nextInt(5));
    }
    TensorSlice whole = slice(offsets, shape);
    List<TensorSlice> boxes = new ArrayList<>(SavedTensor.tiling(whole, random));
    for (int changes = random.nextInt(3); changes > 0; changes--) {
      change(boxes, random);
    }
    Collections.shuffle(boxes, random);
    assertThat(whole.isTiledBy(boxes)).as("%s by %s", whole, boxes).isEqualTo(tiles(whole, boxes));
  }

  private static void change(List<TensorSlice> boxes, Random random) {
    int at = random.nextInt(boxes.size());
    TensorSlice box = boxes.get(at);
    int what = random.nextInt(4);
    if (what == 0 && boxes.size() > 1) {
      boxes.remove(at);
    } else if (what == 1) {
      boxes.add(box);
    } else if (!box.shape().isEmpty()) {
      int d = random.nextInt(box.shape().size());
      List<Long> changed = new ArrayList<>(what == 2 ? box.offsets() : box.shape());
      changed.set(d, Math.max(0, changed.get(d) + random.nextInt(3) - 1));
      boxes.set(at, what == 2 ? slice(changed, box.shape()) : slice(box.offsets(), changed));
    }
  }

  /** Counts how often each element comes. */
  private static boolean tiles(TensorSlice whole, List<TensorSlice> boxes) {
    List<List<Long>> elements = elements(whole);
    List<List<Long>> found = new ArrayList<>();
    boxes.forEach(box -> found.addAll(elements(box)));
    return found.size() == elements.size()
        && elements.containsAll(found)
        && found.containsAll(elements);
  }

  private static List<List<Long>> elements(TensorSlice box) {
    List<List<Long>> elements = List.of(List.of());
    for (int d = 0; d < box.shape().size(); d++) {
      List<List<Long>> longer = new ArrayList<>();
      for (List<Long> one : elements) {
        for (long i = box.offsets().get(d); i < box.end(d); i++) {
          List<Long> more = new ArrayList<>(one);
          more.add(i);
          longer.add(more);
        }
      }
      elements = longer;
    }
    return elements;
  }

  @Property
  void anIntersectionHasWhatBothHave(@ForAll Random random) {
    TensorSlice a = anyBox(random);
    TensorSlice b = anyBox(random);
    List<List<Long>> both = elements(a);
    both.retainAll(elements(b));
    Optional<TensorSlice> common = a.intersection(b);
    assertThat(common.map(TensorSliceProperties::elements).orElse(List.of())).isEqualTo(both);
    assertThat(b.intersection(a)).isEqualTo(common);
  }

  private static TensorSlice anyBox(Random random) {
    return slice(
        List.of((long) random.nextInt(4), (long) random.nextInt(4)),
        List.of((long) random.nextInt(4), (long) random.nextInt(4)));
  }

  /** No cut goes through, as in a pinwheel. */
  @Example
  void aTilingNeedNotComeOfCuts() {
    List<TensorSlice> pinwheel =
        List.of(
            slice(List.of(0L, 0L), List.of(1L, 2L)),
            slice(List.of(0L, 2L), List.of(2L, 1L)),
            slice(List.of(2L, 1L), List.of(1L, 2L)),
            slice(List.of(1L, 0L), List.of(2L, 1L)),
            slice(List.of(1L, 1L), List.of(1L, 1L)));
    TensorSlice whole = TensorSlice.whole(List.of(3L, 3L));
    assertThat(whole.isTiledBy(pinwheel)).isTrue();
    assertThat(whole.isTiledBy(pinwheel.subList(0, 4))).isFalse();
    assertThat(whole.isTiledBy(List.of(TensorSlice.whole(List.of(9L))))).isFalse();
  }

  /** All overlap in all dimensions but the last: a sweep would compare each with each. */
  @Example
  void manyBoxesOfManyDimensionsTakeNoLongTime() {
    int count = 100_000;
    List<Long> shape = new ArrayList<>(Collections.nCopies(16, 1000L));
    shape.set(15, (long) count);
    List<TensorSlice> boxes = new ArrayList<>();
    for (int rank = 0; rank < count; rank++) {
      boxes.add(TensorSlice.ofRank(shape, 15, rank, count));
    }
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          assertThat(TensorSlice.whole(shape).isTiledBy(boxes)).isTrue();
          assertThat(TensorSlice.whole(shape).isTiledBy(boxes.subList(1, count))).isFalse();
        });
  }

  /** Of any type: pieces of bytes, of elements of 4 and of 6 bits, too. */
  @Property
  void smallerBoxesFollowEachOther(
      @ForAll DType dtype,
      @ForAll @Size(max = 3) List<@IntRange(max = 20) Integer> sizes,
      @ForAll @IntRange(min = 1, max = 3000) int limit) {
    List<Long> shape = sizes.stream().map(Integer::longValue).toList();
    TensorSlice box = slice(shape.stream().map(size -> size / 2).toList(), shape);
    Assume.that(box.elements() * dtype.bits() % 8 == 0);
    List<TensorSlice> cut = box.cut(dtype, limit);
    assertThat(cut.stream().flatMap(one -> elements(one).stream()))
        .containsExactlyElementsOf(elements(box));
    assertThat(cut).allSatisfy(one -> assertThat(one.elements() * dtype.bits() % 8).isZero());
    int uncut = dtype.bits() % 8 == 0 ? 1 : 8 * 20 * 20; // odd rows stay together
    assertThat(cut).allMatch(one -> dtype.bytes(one.shape()) <= limit || one.elements() <= uncut);
  }

  @Example
  void fewRowsOfHalvesOfBytesAreCut() {
    List<TensorSlice> cut = TensorSlice.whole(List.of(10L, 1L << 30)).cut(DType.F4, 1 << 25);
    assertThat(cut).hasSize(10 * 16).allMatch(one -> DType.F4.bytes(one.shape()) == 1 << 25);
  }
}
