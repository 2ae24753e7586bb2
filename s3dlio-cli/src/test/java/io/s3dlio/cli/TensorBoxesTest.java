package io.s3dlio.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.checkpoint.TensorSlice;
import io.s3dlio.safetensors.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TensorBoxesTest {

  static Stream<TensorSlice> boxes() {
    return Stream.of(
        new TensorSlice(List.of(), List.of()),
        new TensorSlice(List.of(5L), List.of(0L)),
        new TensorSlice(List.of(3L), List.of(1000L)),
        new TensorSlice(List.of(2L, 7L), List.of(13L, 31L)),
        new TensorSlice(List.of(1L, 0L), List.of(1L, 999L)),
        new TensorSlice(List.of(1L, 2L, 3L), List.of(5L, 1L, 77L)),
        new TensorSlice(List.of(0L, 9L, 1L), List.of(7L, 11L, 3L)));
  }

  /** The numbers of a box's elements within a tensor that has 2,000 in each dimension. */
  private static List<Long> elements(TensorSlice box) {
    List<Long> numbers = List.of(0L);
    for (int d = 0; d < box.shape().size(); d++) {
      List<Long> finer = new ArrayList<>();
      for (long number : numbers) {
        for (long i = 0; i < box.shape().get(d); i++) {
          finer.add(number * 2000 + box.offsets().get(d) + i);
        }
      }
      numbers = finer;
    }
    return numbers;
  }

  @ParameterizedTest
  @MethodSource("boxes")
  void smallerOnesFollowEachOther(TensorSlice box) {
    for (long limit : new long[] {1, 4, 10, 64, 100, 1000, 1 << 20}) {
      List<TensorSlice> cut = TensorBoxes.cut(box, DType.F32, limit);
      assertThat(cut.stream().flatMap(one -> elements(one).stream()))
          .containsExactlyElementsOf(elements(box));
      assertThat(cut)
          .allSatisfy(
              one ->
                  assertThat(one.elements() * 4)
                      .isLessThanOrEqualTo(one.elements() == 1 ? 4 : limit));
    }
  }
}
