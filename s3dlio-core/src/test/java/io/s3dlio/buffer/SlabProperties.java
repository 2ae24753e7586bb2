package io.s3dlio.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SlabProperties {

  @Property
  void aSlabHoldsItsBytesAndWastesAFifthAtMost(
      @ForAll @IntRange(min = 1, max = BufferPool.MAX_SLAB) int size) {
    int slab = BufferPool.slabSize(size);
    assertThat(slab).isGreaterThanOrEqualTo(size).isLessThanOrEqualTo(BufferPool.MAX_SLAB);
    assertThat(slab % BufferPool.ALIGNMENT).isZero();
    assertThat((long) slab - size).isLessThan(Math.max(BufferPool.ALIGNMENT, slab / 5 + 1));
    assertThat(BufferPool.slabSize(slab)).isEqualTo(slab);
  }
}
