package io.s3dlio.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteRange.Span;
import io.s3dlio.ByteSink;
import io.s3dlio.ByteSinks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class PackedRangesProperties {

  private static final int SIZE = 300;
  private static final byte[] OBJECT = EngineFixture.bytes(SIZE);

  @Provide
  Arbitrary<List<Span>> ranges() {
    return Combinators.combine(
            Arbitraries.longs().between(0, 250), Arbitraries.longs().between(0, 50))
        .as(Span::new)
        .list()
        .ofMaxSize(12);
  }

  /** However the answers come in pieces, by write and in place. */
  @Property
  void everyRangeIsInMemoryAndNothingElse(
      @ForAll("ranges") List<Span> ranges,
      @ForAll @IntRange(max = 60) int gap,
      @ForAll @IntRange(min = 1, max = 400) int longest,
      @ForAll @IntRange(min = 1, max = 40) int piece)
      throws IOException {
    PackedRanges packed = PackedRanges.of(ranges);
    boolean[] wanted = new boolean[SIZE];
    for (Span range : ranges) {
      Arrays.fill(wanted, (int) range.offset(), (int) (range.offset() + range.length()), true);
    }
    long count = 0;
    for (boolean one : wanted) {
      count += one ? 1 : 0;
    }
    assertThat(packed.size()).isEqualTo(count);

    ByteBuffer memory = ByteBuffer.allocateDirect((int) packed.size());
    for (Span request : packed.requests(gap, longest)) {
      answer(request, packed.sink(request, ByteSinks.of(memory)), piece);
    }
    for (Span range : ranges) {
      byte[] got = new byte[(int) range.length()];
      memory.get((int) packed.position(range), got);
      assertThat(got)
          .isEqualTo(
              Arrays.copyOfRange(
                  OBJECT, (int) range.offset(), (int) (range.offset() + range.length())));
    }
  }

  private static void answer(Span request, ByteSink sink, int piece) throws IOException {
    for (int at = 0; at < request.length(); at += piece) {
      int n = (int) Math.min(piece, request.length() - at);
      ByteBuffer target = sink.target(at, n);
      if (target == null) {
        ByteBuffer bytes = ByteBuffer.wrap(OBJECT, (int) request.offset() + at, n);
        sink.write(at, bytes);
        assertThat(bytes.hasRemaining()).isFalse();
      } else {
        target.put(OBJECT, (int) request.offset() + at, n);
        sink.filled(at, n);
      }
    }
  }

  @Property
  void requestsJoinWhatIsNearAndStaySmall(
      @ForAll("ranges") List<Span> ranges,
      @ForAll @IntRange(max = 60) int gap,
      @ForAll @IntRange(min = 1, max = 400) int longest) {
    PackedRanges packed = PackedRanges.of(ranges);
    List<Span> stretches = packed.requests(0, Long.MAX_VALUE);
    List<Span> requests = packed.requests(gap, longest);
    assertThat(requests).doesNotHaveDuplicates();
    for (Span request : requests) {
      assertThat(stretches).anyMatch(s -> s.offset() == request.offset());
      assertThat(request.length() <= longest || stretches.contains(request)).isTrue();
    }
    for (int i = 1; i < requests.size(); i++) {
      Span before = requests.get(i - 1);
      long between = requests.get(i).offset() - before.offset() - before.length();
      assertThat(between).isPositive();
      long next = requests.get(i).offset();
      long first =
          stretches.stream().filter(s -> s.offset() == next).findFirst().orElseThrow().length();
      // It was not joined because the gap is too wide or the request would be too long.
      assertThat(between > gap || next + first - before.offset() > longest).isTrue();
    }
  }
}
