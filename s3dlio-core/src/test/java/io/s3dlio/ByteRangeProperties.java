package io.s3dlio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteRange.Span;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** Ranges against a model that looks at every byte. */
class ByteRangeProperties {

  private static void assertSelects(ByteRange range, long size, LongPredicate selected) {
    long[] bytes = LongStream.range(0, size).filter(selected).toArray();
    Optional<Span> expected =
        bytes.length == 0 ? Optional.empty() : Optional.of(new Span(bytes[0], bytes.length));
    assertThat(range.resolve(size)).isEqualTo(expected);
  }

  @Property
  void bounded(
      @ForAll @LongRange(max = 30) long offset,
      @ForAll @LongRange(min = 1, max = 30) long length,
      @ForAll @LongRange(max = 30) long size) {
    assertSelects(ByteRange.of(offset, length), size, i -> i >= offset && i < offset + length);
  }

  @Property
  void from(@ForAll @LongRange(max = 30) long offset, @ForAll @LongRange(max = 30) long size) {
    assertSelects(ByteRange.from(offset), size, i -> i >= offset);
  }

  @Property
  void suffix(
      @ForAll @LongRange(min = 1, max = 30) long length, @ForAll @LongRange(max = 30) long size) {
    assertSelects(ByteRange.suffix(length), size, i -> i >= size - length);
  }

  @Property
  void whole(@ForAll @LongRange(max = Long.MAX_VALUE) long size) {
    assertThat(ByteRange.WHOLE.resolve(size)).contains(new Span(0, size));
  }

  @Property
  void spansAreInside(
      @ForAll @LongRange(max = Long.MAX_VALUE) long a,
      @ForAll @LongRange(min = 1, max = Long.MAX_VALUE) long b,
      @ForAll @LongRange(max = Long.MAX_VALUE) long size) {
    if (a + b >= 0) {
      assertInside(ByteRange.of(a, b), size);
    }
    assertInside(ByteRange.from(a), size);
    assertInside(ByteRange.suffix(b), size);
  }

  private static void assertInside(ByteRange range, long size) {
    range
        .resolve(size)
        .ifPresent(
            span -> {
              assertThat(span.length()).isPositive();
              assertThat(span.offset()).isBetween(0L, size - span.length());
            });
  }

  @Example
  void numbersAreChecked() {
    assertThatThrownBy(() -> ByteRange.of(-1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ByteRange.of(0, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ByteRange.of(1, Long.MAX_VALUE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ByteRange.from(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ByteRange.suffix(0)).isInstanceOf(IllegalArgumentException.class);
    assertThat(ByteRange.of(0, Long.MAX_VALUE).resolve(Long.MAX_VALUE))
        .contains(new Span(0, Long.MAX_VALUE));
  }
}
