package io.s3dlio.datagen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RangesProperties {

  private static final int MAX = 40;

  /** Few offsets and many ranges, so that they overlap and touch in every way. */
  @Property
  void they_are_a_set_of_offsets(@ForAll List<@IntRange(max = MAX * MAX - 1) Integer> pairs)
      throws IOException {
    BitSet model = new BitSet();
    Ranges ranges = new Ranges();
    for (int pair : pairs) {
      int start = Math.min(pair / MAX, pair % MAX);
      int end = Math.max(pair / MAX, pair % MAX);
      model.set(start, end);
      ranges.add(start, end);
      for (int from = 0; from <= MAX; from++) {
        int first = model.nextSetBit(from);
        assertThat(ranges.bytesFrom(from)).isEqualTo(model.get(from, MAX).cardinality());
        assertThat(ranges.firstFrom(from))
            .isEqualTo(first < 0 ? OptionalLong.empty() : OptionalLong.of(first));
      }
    }
  }
}
