package io.s3dlio.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ObjectUri;
import io.s3dlio.checkpoint.Fetches.Fetch;
import io.s3dlio.checkpoint.Fetches.Section;
import io.s3dlio.checkpoint.SavedTensor.Shards;
import io.s3dlio.checkpoint.SlicePlan.ObjectId;
import io.s3dlio.checkpoint.SlicePlan.Source;
import io.s3dlio.safetensors.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Which requests are made. */
class FetchesProperties {

  private static final UUID ATTEMPT = new UUID(0, 1);

  private static final Fetching PLAIN = new Fetching(false, 1, 0, 1 << 20);

  private static List<Fetch> fetches(Fetching how, SlicePlan... plans) {
    List<Fetch> all = new ArrayList<>();
    new Fetches(List.of(plans), how).forEachRemaining(all::add);
    return all;
  }

  private static long bytes(List<Fetch> fetches) {
    return fetches.stream().mapToLong(Fetch::length).sum();
  }

  private static TensorPart part(List<Long> shape, TensorSlice box, int rank) {
    long length = DType.F32.bytes(SavedTensor.array(box.shape()));
    int[] crcs = new int[(int) Extent.chunks(length)];
    return new TensorPart(
        "a", DType.F32, shape, box, new Extent(ATTEMPT, rank, 100, length, crcs, ""));
  }

  /** Each byte that is needed once, in requests that keep their limits and cannot be joined. */
  @Property(tries = 1500)
  void allThatIsNeededOnceAndLittleElse(@ForAll Random random) {
    Shards shards = new Shards(ObjectUri.parse("memory://b/"));
    SavedTensor one = SavedTensor.random("a", shards, random);
    SavedTensor other = SavedTensor.random("b", shards, random);
    Fetching how = ReshardProperties.anyFetching(random);
    SlicePlan[] plans = {
      SlicePlan.of(one.parts, one.anySlice(random)),
      SlicePlan.of(other.parts, other.anySlice(random))
    };
    List<Fetch> fetches = fetches(how, plans);
    long needed = 0;
    Fetch before = null;
    for (Fetch fetch : fetches) {
      assertThat(fetch.length()).isBetween(1L, (long) how.maxRequest());
      needed += check(fetch, how);
      if (before != null && isSameShard(before, fetch)) {
        checkNotJoined(before, fetch, how);
      }
      before = fetch;
    }
    assertThat(needed).isEqualTo(plans[0].size() + plans[1].size());
  }

  private static boolean isSameShard(Fetch one, Fetch other) {
    return ObjectId.of(one.sections().get(0).source().part())
        .equals(ObjectId.of(other.sections().get(0).source().part()));
  }

  private static void checkNotJoined(Fetch before, Fetch fetch, Fetching how) {
    long end = before.offset() + before.length();
    Section next = fetch.sections().get(0);
    long least = how.verify() ? Math.min(how.chunk(), next.length()) : 1;
    assertThat(
            fetch.offset() < end
                || fetch.offset() - end > how.maxGap()
                || next.offset() + least > how.limit(before.offset())
                || next.source() != before.sections().get(before.sections().size() - 1).source())
        .as("%s then %s", before, fetch)
        .isTrue();
  }

  /** How many bytes it has that are needed. */
  private static long check(Fetch fetch, Fetching how) {
    BitSet read = new BitSet();
    long count = 0;
    for (Section section : fetch.sections()) {
      Source source = section.source();
      Extent extent = source.part().extent();
      assertThat(section.end()).isBetween(section.begin() + 1, extent.length());
      if (how.verify()) {
        assertThat(section.begin() % how.chunk()).isZero();
        assertThat(section.end() % how.chunk() == 0 || section.end() == extent.length()).isTrue();
      }
      int shift = (int) (section.offset() - fetch.offset() - section.begin());
      for (int at : needed(source.copy().from())) {
        if (at >= section.begin() && at < section.end()) {
          count++;
          long end = how.ceiling(at + 1L, extent.length());
          read.set((int) how.floor(at) + shift, (int) end + shift);
        }
      }
    }
    assertThat(read.get(0)).isTrue();
    assertThat(read.length()).isEqualTo((int) fetch.length());
    for (int at = read.nextClearBit(0); at < read.length(); ) {
      int end = read.nextSetBit(at);
      assertThat((long) end - at).isLessThanOrEqualTo(how.maxGap());
      at = read.nextClearBit(end);
    }
    return count;
  }

  private static int[] needed(Runs runs) {
    List<Integer> starts = new ArrayList<>(List.of((int) runs.start()));
    for (int level = 0; level < runs.counts().length; level++) {
      List<Integer> more = new ArrayList<>();
      for (int start : starts) {
        for (int i = 0; i < runs.counts()[level]; i++) {
          more.add((int) (start + i * runs.steps()[level]));
        }
      }
      starts = more;
    }
    return starts.stream()
        .flatMapToInt(start -> IntStream.range(start, start + (int) runs.length()))
        .toArray();
  }

  @Example
  void aWholeTensorOfOnePartIsOneRequest() {
    List<Long> shape = List.of(1000L, 500L);
    TensorSlice whole = TensorSlice.whole(shape);
    SlicePlan plan = SlicePlan.of(List.of(part(shape, whole, 0)), whole);
    List<Fetch> fetches = fetches(Fetching.DEFAULT, plan);
    assertThat(fetches).hasSize(1);
    assertThat(fetches.get(0).offset()).isEqualTo(100);
    assertThat(fetches.get(0).length()).isEqualTo(2_000_000);
  }

  /** From 7 ranks to 4, split along the rows: no byte is read twice, and none in vain. */
  @Example
  void anotherNumberOfRanksReadsEachByteOnce() {
    List<Long> shape = List.of(100L, 30L);
    List<TensorPart> parts = new ArrayList<>();
    for (int rank = 0; rank < 7; rank++) {
      parts.add(part(shape, TensorSlice.ofRank(shape, 0, rank, 7), rank));
    }
    List<Fetch> all = new ArrayList<>();
    for (int rank = 0; rank < 4; rank++) {
      all.addAll(fetches(PLAIN, SlicePlan.of(parts, TensorSlice.ofRank(shape, 0, rank, 4))));
    }
    assertThat(bytes(all)).isEqualTo(100 * 30 * 4);
    assertThat(all).hasSize(9); // 7 parts, two of them cut
  }

  @Example
  void columnsAreReadAcrossGapsUpToTheLimit() {
    List<Long> shape = List.of(10L, 100L);
    TensorSlice columns = new TensorSlice(List.of(0L, 20L), List.of(10L, 5L));
    SlicePlan plan = SlicePlan.of(List.of(part(shape, TensorSlice.whole(shape), 0)), columns);
    List<Fetch> rows = fetches(new Fetching(false, 1, 379, 1 << 20), plan);
    assertThat(rows).hasSize(10).allMatch(row -> row.length() == 20);
    List<Fetch> one = fetches(new Fetching(false, 1, 380, 1 << 20), plan);
    assertThat(one).hasSize(1);
    assertThat(one.get(0).offset()).isEqualTo(180);
    assertThat(bytes(one)).isEqualTo(9 * 400 + 20);
  }

  /** A million rows are described by one number, and 4 GB are read in requests of 8 MiB. */
  @Example
  void aColumnOfAMillionRowsTakesNoMemory() {
    List<Long> shape = List.of(1_000_000L, 1_000L);
    TensorSlice column = new TensorSlice(List.of(0L, 999L), List.of(1_000_000L, 1L));
    SlicePlan plan = SlicePlan.of(List.of(part(shape, TensorSlice.whole(shape), 0)), column);
    assertThat(plan.sources().get(0).copy().steps()).hasSize(1);
    assertThat(fetches(Fetching.DEFAULT, plan)).hasSize(477); // ceil(4e9 / 2^23)
  }

  @Example
  void smallTensorsThatLieNearEachOtherAreOneRequest() {
    Shards shards = new Shards(ObjectUri.parse("memory://b/"));
    Random random = new Random(1);
    List<Long> shape = List.of(5L);
    SlicePlan[] plans = new SlicePlan[50];
    for (int i = 0; i < plans.length; i++) {
      TensorSlice whole = TensorSlice.whole(shape);
      Extent extent = shards.add(ATTEMPT, 0, new byte[20], 12);
      plans[i] =
          SlicePlan.of(List.of(new TensorPart("t" + i, DType.F32, shape, whole, extent)), whole);
    }
    Collections.shuffle(Arrays.asList(plans), random);
    Fetching how = new Fetching(true, SavedTensor.CHUNK, 12, 1 << 20);
    assertThat(fetches(how, plans)).hasSize(1);
    assertThat(fetches(new Fetching(true, SavedTensor.CHUNK, 11, 1 << 20), plans)).hasSize(50);
  }

  @Example
  void ofCopiesOneIsReadFromFewShards() {
    List<Long> shape = List.of(8L);
    TensorSlice left = new TensorSlice(List.of(0L), List.of(4L));
    TensorSlice right = new TensorSlice(List.of(4L), List.of(4L));
    TensorSlice whole = TensorSlice.whole(shape);
    List<TensorPart> halves =
        List.of(
            part(shape, left, 0),
            part(shape, left, 2),
            part(shape, right, 2),
            part(shape, right, 3));
    assertThat(SlicePlan.of(halves, whole).sources())
        .extracting(source -> source.part().extent().rank())
        .containsExactly(2, 2);
    List<TensorPart> more = new ArrayList<>(halves);
    more.add(part(shape, whole, 5));
    assertThat(SlicePlan.of(more, whole).sources())
        .extracting(source -> source.part().extent().rank())
        .containsExactly(5);
  }

  @Example
  void whatCannotBeReadIsSaid() {
    List<Long> shape = List.of(8L);
    TensorSlice whole = TensorSlice.whole(shape);
    TensorPart left = part(shape, new TensorSlice(List.of(0L), List.of(5L)), 0);
    TensorPart right = part(shape, new TensorSlice(List.of(4L), List.of(4L)), 1);
    refused(() -> SlicePlan.of(List.of(), whole), "no part");
    refused(() -> SlicePlan.of(List.of(left, right), whole), "overlap");
    refused(() -> SlicePlan.of(List.of(left), whole), "hole");
    refused(() -> SlicePlan.of(List.of(left), TensorSlice.whole(List.of(9L))), "no slice");
    refused(() -> SlicePlan.of(List.of(left, part(List.of(9L), whole, 0)), whole), "is not of 'a'");
    assertThat(SlicePlan.of(List.of(left), new TensorSlice(List.of(1L), List.of(3L))).size())
        .isEqualTo(12);
    SlicePlan wrong = SlicePlan.of(List.of(part(shape, whole, 0)), whole);
    refused(() -> fetches(new Fetching(true, 16, 0, 64), wrong), "one checksum for each 16");
  }

  /** Two elements of F4 share a byte. */
  @Example
  void rowsThatEndWithinAByteAreRefused() {
    List<Long> shape = List.of(4L, 6L);
    TensorSlice whole = TensorSlice.whole(shape);
    Extent extent = new Extent(ATTEMPT, 0, 0, 12, new int[1], "");
    List<TensorPart> parts = List.of(new TensorPart("a", DType.F4, shape, whole, extent));
    refused(
        () -> SlicePlan.of(parts, new TensorSlice(List.of(0L, 0L), List.of(2L, 3L))),
        "share bytes");
    refused(
        () -> SlicePlan.of(parts, new TensorSlice(List.of(0L, 1L), List.of(1L, 2L))),
        "share bytes");
    assertThat(SlicePlan.of(parts, new TensorSlice(List.of(0L, 2L), List.of(4L, 2L))).size())
        .isEqualTo(4);
  }

  private static void refused(ThrowingCallable call, String why) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(why);
  }
}
