package io.s3dlio.testkit;

import static io.s3dlio.testkit.Fixture.assertFails;
import static io.s3dlio.testkit.Fixture.await;
import static io.s3dlio.testkit.Fixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteRange;
import io.s3dlio.BytesView;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.RangesOptions;
import io.s3dlio.RangesResult;
import io.s3dlio.RequestEvent;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Ranges of one object. */
interface RangesContract extends Fixture {

  @Test
  default void rangesComeInTheOrderOfTheInput() throws Exception {
    byte[] content = bytes(LARGE, 1);
    String etag = put("o", content).etag().orElseThrow();
    List<ByteRange> ranges =
        List.of(
            ByteRange.of(LARGE - 10, 10),
            ByteRange.of(0, 1),
            ByteRange.of(100, THRESHOLD + 1),
            ByteRange.of(0, 1),
            ByteRange.of(50, 100),
            ByteRange.of(LARGE - 5, 1000),
            ByteRange.of(3 * PART, 7));
    for (RangesOptions options :
        List.of(
            RangesOptions.DEFAULT,
            RangesOptions.DEFAULT.withMaxGap(0),
            RangesOptions.DEFAULT.withMaxRequest(1),
            RangesOptions.DEFAULT.withIfMatch(etag))) {
      try (RangesResult got = store().getRanges(uri("o"), ranges, options)) {
        assertRanges(got, ranges, content);
        assertThat(got.meta().etag()).contains(etag);
        assertThat(got.meta().uri()).isEqualTo(uri("o"));
      }
    }
    try (RangesResult got =
        await(store().async().getRanges(uri("o"), ranges, RangesOptions.DEFAULT))) {
      assertRanges(got, ranges, content);
    }
  }

  @Test
  default void anyRangesAreTheBytesOfTheObject() throws Exception {
    byte[] content = bytes(LARGE, 2);
    put("o", content);
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 20; round++) {
      List<ByteRange> ranges = new ArrayList<>();
      for (int i = random.nextInt(1, 40); i > 0; i--) {
        long offset = random.nextLong(LARGE);
        ranges.add(ByteRange.of(offset, random.nextLong(1, 1L << random.nextInt(1, 18))));
      }
      RangesOptions options =
          RangesOptions.DEFAULT
              .withMaxGap(random.nextLong(PART))
              .withMaxRequest(random.nextLong(1, LARGE));
      try (RangesResult got = store().getRanges(uri("o"), ranges, options)) {
        assertRanges(got, ranges, content);
      }
    }
  }

  private static void assertRanges(
      RangesResult got, List<? extends ByteRange> ranges, byte[] content) {
    assertThat(got.ranges()).hasSameSizeAs(ranges);
    assertThat(got.meta().size()).isEqualTo(content.length);
    for (int i = 0; i < ranges.size(); i++) {
      ByteRange.Span span = ranges.get(i).resolve(content.length).orElseThrow();
      assertThat(got.ranges().get(i).toByteArray())
          .as("%s", ranges.get(i))
          .isEqualTo(
              Arrays.copyOfRange(
                  content, (int) span.offset(), (int) (span.offset() + span.length())));
    }
  }

  @Test
  default void rangesWithoutAnEndNeedTheSizeOfTheObject() throws Exception {
    byte[] content = bytes(1000, 3);
    put("o", content);
    List<ByteRange> ranges =
        List.of(
            ByteRange.suffix(10),
            ByteRange.WHOLE,
            ByteRange.from(999),
            ByteRange.suffix(5000),
            ByteRange.of(3, 4));
    try (RangesResult got = store().getRanges(uri("o"), ranges, RangesOptions.DEFAULT)) {
      assertRanges(got, ranges, content);
      assertThat(store().pool().used()).as("each byte once").isLessThanOrEqualTo(8192);
    }
    List<ByteRange.Bounded> beyondAllMemory = List.of(ByteRange.of(10, Long.MAX_VALUE - 10));
    try (RangesResult got = store().getRanges(uri("o"), beyondAllMemory, RangesOptions.DEFAULT)) {
      assertRanges(got, beyondAllMemory, content);
    }
  }

  @Test
  default void noRangeAsksAboutTheObjectOnly() throws Exception {
    put("o", bytes(1000, 3));
    try (RangesResult got = store().getRanges(uri("o"), List.of(), RangesOptions.DEFAULT)) {
      assertThat(got.ranges()).isEmpty();
      assertThat(got.meta().size()).isEqualTo(1000);
    }
    put("empty", new byte[0]);
    List<ByteRange> whole = List.of(ByteRange.WHOLE, ByteRange.WHOLE);
    try (RangesResult got = store().getRanges(uri("empty"), whole, RangesOptions.DEFAULT)) {
      assertThat(got.ranges()).hasSize(2).allMatch(view -> view.size() == 0);
    }
  }

  @Test
  default void aRangeThatSelectsNothingFailsAll() throws Exception {
    put("o", bytes(1000, 4));
    put("empty", new byte[0]);
    for (ByteRange bad :
        List.of(ByteRange.of(1000, 1), ByteRange.of(5 << 20, 7), ByteRange.from(1000))) {
      for (ByteRange good : List.of(ByteRange.of(0, 5), ByteRange.WHOLE, ByteRange.of(990, 99))) {
        assertFails(
            Kind.RANGE_NOT_SATISFIABLE,
            uri("o"),
            () -> store().getRanges(uri("o"), List.of(good, bad), RangesOptions.DEFAULT).close());
      }
    }
    for (ByteRange bad : List.of(ByteRange.of(0, 1), ByteRange.suffix(1))) {
      assertFails(
          Kind.RANGE_NOT_SATISFIABLE,
          uri("empty"),
          () -> store().getRanges(uri("empty"), List.of(bad), RangesOptions.DEFAULT).close());
    }
  }

  @Test
  default void rangesOfNoObjectOrAnotherOneFail() throws Exception {
    ObjectUri missing = uri("missing");
    for (List<? extends ByteRange> ranges :
        List.of(List.<ByteRange>of(), List.of(ByteRange.of(0, 1)), List.of(ByteRange.WHOLE))) {
      assertFails(
          Kind.NOT_FOUND,
          missing,
          () -> store().getRanges(missing, ranges, RangesOptions.DEFAULT).close());
    }
    String old = put("o", bytes(1000, 4)).etag().orElseThrow();
    put("o", bytes(1000, 5));
    for (ByteRange range : List.of(ByteRange.of(0, 1), ByteRange.suffix(1))) {
      assertFails(
          Kind.PRECONDITION_FAILED,
          uri("o"),
          () ->
              store()
                  .getRanges(uri("o"), List.of(range), RangesOptions.DEFAULT.withIfMatch(old))
                  .close());
    }
  }

  @Test
  default void nearRangesShareARequest() throws Exception {
    byte[] content = bytes(LARGE, 5);
    put("o", content);
    Queue<RequestEvent> heard = new ConcurrentLinkedQueue<>();
    ObjectStore store = another(c -> c, heard::add);
    List<ByteRange.Bounded> ranges =
        LongStream.range(0, 64).mapToObj(i -> ByteRange.of(i * 1000, 100)).toList();
    AtomicLong progress = new AtomicLong();
    RangesOptions options = RangesOptions.DEFAULT.withProgress(progress::addAndGet);
    try (RangesResult got = store.getRanges(uri("o"), ranges, options)) {
      assertRanges(got, ranges, content);
      assertThat(store.pool().used()).as("gaps take no memory").isLessThanOrEqualTo(3 * 4096);
    }
    assertThat(heard).hasSize(1);
    assertThat(heard.element().bytes()).isEqualTo(63_100);
    assertThat(progress).hasValue(63_100);
    heard.clear();
    store.getRanges(uri("o"), ranges, RangesOptions.DEFAULT.withMaxGap(899)).close();
    assertThat(heard).hasSize(64);
    heard.clear();
    store.getRanges(uri("o"), ranges, RangesOptions.DEFAULT.withMaxRequest(1100)).close();
    assertThat(heard).hasSize(32);
  }

  @Test
  default void memoryGoesBackWithTheLastRange() throws Exception {
    put("o", bytes(LARGE, 6));
    List<ByteRange> ranges = List.of(ByteRange.of(0, 10), ByteRange.of(PART, 10));
    RangesResult got = store().getRanges(uri("o"), ranges, RangesOptions.DEFAULT);
    try (BytesView kept = got.ranges().get(1).share()) {
      got.close();
      got.close();
      assertThat(kept.toByteArray())
          .isEqualTo(Arrays.copyOfRange(bytes(LARGE, 6), PART, PART + 10));
      assertThat(store().pool().used()).isPositive();
    }
    assertThat(store().pool().used()).isZero();
  }

  @Test
  default void rangesThatDoNotFitIntoTheBudgetFailAtOnce() throws Exception {
    ObjectStore poor =
        another(c -> c.with(StoreConfig.MEMORY_LIMIT, "128KiB"), RequestListener.NONE);
    put("o", bytes(LARGE, 9));
    for (ByteRange range : List.of(ByteRange.WHOLE, ByteRange.of(5, 2 * PART))) {
      ObjectStoreException e =
          assertFails(
              Kind.OUT_OF_RESOURCES,
              uri("o"),
              () -> poor.getRanges(uri("o"), List.of(range), RangesOptions.DEFAULT).close());
      assertThat(e).hasMessageContaining("128KiB").hasMessageContaining("memory-limit");
    }
  }
}
