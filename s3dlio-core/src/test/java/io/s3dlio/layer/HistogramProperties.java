package io.s3dlio.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** Quantiles are as near as is said, at every size of number. */
class HistogramProperties {

  private static Histogram of(List<Long> values) {
    long[] counts = new long[Histogram.BUCKETS];
    values.forEach(value -> counts[Histogram.index(value)]++);
    return new Histogram(counts, values.stream().mapToLong(Long::longValue).sum());
  }

  @Property
  void aQuantileIsNearTheExactOne(
      @ForAll @Size(min = 1, max = 200) List<@LongRange(max = Long.MAX_VALUE) Long> values,
      @ForAll @DoubleRange(max = 1) double share) {
    long[] sorted = values.stream().mapToLong(Long::longValue).sorted().toArray();
    long exact = sorted[(int) Math.max(0, Math.ceil(share * sorted.length) - 1)];
    long told = of(values).quantile(share);
    assertThat(Math.abs((double) told - exact)).isLessThanOrEqualTo(exact / 64.0);
    if (exact < 64) {
      assertThat(told).isEqualTo(exact);
    }
  }

  @Property
  void aDifferenceHasWhatCameMeanwhile(
      @ForAll @Size(max = 50) List<@LongRange(max = 1_000_000) Long> before,
      @ForAll @Size(max = 50) List<@LongRange(max = 1_000_000) Long> after) {
    List<Long> all = new java.util.ArrayList<>(before);
    all.addAll(after);
    Histogram since = of(all).since(of(before));
    Histogram exact = of(after);
    assertThat(since.count()).isEqualTo(after.size());
    assertThat(since.sum()).isEqualTo(exact.sum());
    assertThat(since.mean()).isEqualTo(exact.mean());
    for (double share : new double[] {0, 0.25, 0.5, 0.99, 1}) {
      assertThat(since.quantile(share)).isEqualTo(exact.quantile(share));
    }
  }

  @Example
  void everyBucketFollowsTheOneBefore() {
    long[] borders =
        java.util.stream.LongStream.range(0, 63).map(shift -> 1L << shift).sorted().toArray();
    for (long border : borders) {
      assertThat(Histogram.index(border) - Histogram.index(border - 1)).isEqualTo(1);
    }
    assertThat(Arrays.stream(borders).mapToInt(Histogram::index).distinct().count())
        .isEqualTo(borders.length);
    assertThat(Histogram.index(Long.MAX_VALUE)).isEqualTo(Histogram.BUCKETS - 1);
  }

  @Example
  void nothingHasNoTimes() {
    assertThat(Histogram.EMPTY.quantile(0.5)).isZero();
    assertThat(Histogram.EMPTY.mean()).isZero();
    assertThatThrownBy(() -> Histogram.EMPTY.quantile(1.1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
