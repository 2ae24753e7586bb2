package io.s3dlio.testkit;

import static io.s3dlio.testkit.Fixture.assertFails;
import static io.s3dlio.testkit.Fixture.await;
import static io.s3dlio.testkit.Fixture.bytes;
import static io.s3dlio.testkit.ManyContract.assertInOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteRange;
import io.s3dlio.BytesView;
import io.s3dlio.GetItem;
import io.s3dlio.GetManyResult;
import io.s3dlio.GetOptions;
import io.s3dlio.GetResult;
import io.s3dlio.ManyOptions;
import io.s3dlio.ManyStream;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.Outcome;
import io.s3dlio.RequestEvent;
import io.s3dlio.RequestListener;
import io.s3dlio.Sizes;
import io.s3dlio.StoreConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** getMany and streamMany. */
interface GetManyContract extends Fixture {

  /** Objects of all kinds of sizes, the same for each name at every call. */
  private List<GetItem> objects(int count) throws Exception {
    List<GetItem> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      put("o" + i, content(i));
      items.add(GetItem.of(uri("o" + i)));
    }
    return items;
  }

  private static byte[] content(int i) {
    int[] sizes = {100, 0, PART, 5, THRESHOLD + 1, 1, LARGE, 70_000};
    return bytes(sizes[i % sizes.length], i);
  }

  private int number(ObjectUri uri) {
    return Integer.parseInt(uri.key().substring(here().key().length() + 1));
  }

  private void assertContent(Outcome<GetResult> outcome) throws Exception {
    GetResult got = outcome.get();
    assertThat(got.bytes().toByteArray()).isEqualTo(content(number(outcome.uri())));
    assertThat(got.meta().uri()).isEqualTo(outcome.uri());
    assertThat(got.verification()).isEqualTo(verified());
  }

  private io.s3dlio.Verification verified() {
    return can().checksums() ? io.s3dlio.Verification.VERIFIED : io.s3dlio.Verification.UNVERIFIED;
  }

  private static List<ObjectUri> uris(List<GetItem> items) {
    return items.stream().map(GetItem::uri).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 32})
  default void getManyGivesEachInOrder(int concurrency) throws Exception {
    List<GetItem> items = objects(24);
    items.addAll(items.subList(3, 9)); // some twice
    java.util.Collections.shuffle(items, new java.util.Random(5));
    ManyOptions options = ManyOptions.DEFAULT.withConcurrency(concurrency);
    try (GetManyResult got = store().getMany(items, options)) {
      assertInOrder(got.outcomes(), uris(items));
      for (Outcome<GetResult> outcome : got.outcomes()) {
        assertContent(outcome);
      }
    }
    assertThat(store().pool().used()).isZero();
    try (GetManyResult got = await(store().async().getMany(items, options))) {
      assertInOrder(got.outcomes(), uris(items));
    }
    List<Outcome<GetResult>> taken = new ArrayList<>();
    await(
        store()
            .async()
            .streamMany(
                items,
                options,
                outcome -> {
                  taken.add(outcome);
                  ((Outcome.Success<GetResult>) outcome).value().close();
                }));
    assertInOrder(taken, uris(items));
    try (ManyStream stream = store().streamMany(items, options)) {
      for (int i = 0; i < items.size(); i++) {
        assertThat(stream.hasNext()).isTrue();
        Outcome<GetResult> outcome = stream.next();
        assertThat(outcome.index()).isEqualTo(i);
        assertThat(outcome.uri()).isEqualTo(items.get(i).uri());
        assertContent(outcome);
        outcome.get().close();
      }
      assertThat(stream.hasNext()).isFalse();
      assertThatThrownBy(stream::next).isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  default void noItemsAreNoWork() throws Exception {
    try (GetManyResult got = store().getMany(List.of(), ManyOptions.DEFAULT)) {
      assertThat(got.outcomes()).isEmpty();
    }
    try (ManyStream stream = store().streamMany(List.of(), ManyOptions.DEFAULT)) {
      assertThat(stream.hasNext()).isFalse();
    }
  }

  @Test
  default void itemsMayBeRangesAndConditions() throws Exception {
    byte[] content = bytes(LARGE, 1);
    String etag = put("o", content).etag().orElseThrow();
    List<GetItem> items =
        List.of(
            GetItem.of(uri("o"))
                .withOptions(GetOptions.DEFAULT.withRange(ByteRange.of(PART, PART + 5))),
            GetItem.of(store().head(uri("o")))
                .withOptions(GetOptions.DEFAULT.withRange(ByteRange.suffix(7))),
            GetItem.of(uri("o")).withOptions(GetOptions.DEFAULT.withIfMatch(etag)),
            GetItem.of(uri("o")).withOptions(GetOptions.DEFAULT.withIfMatch("other")),
            GetItem.of(uri("o")).withOptions(GetOptions.DEFAULT.withRange(ByteRange.of(LARGE, 1))));
    try (GetManyResult got = store().getMany(items, ManyOptions.DEFAULT)) {
      GetResult middle = got.outcomes().get(0).get();
      assertThat(middle.offset()).isEqualTo(PART);
      assertThat(middle.bytes().toByteArray())
          .isEqualTo(Arrays.copyOfRange(content, PART, 2 * PART + 5));
      assertThat(got.outcomes().get(1).get().bytes().toByteArray())
          .isEqualTo(Arrays.copyOfRange(content, LARGE - 7, LARGE));
      assertThat(got.outcomes().get(2).get().bytes().toByteArray()).isEqualTo(content);
      assertFails(Kind.PRECONDITION_FAILED, uri("o"), got.outcomes().get(3)::get);
      assertFails(Kind.RANGE_NOT_SATISFIABLE, uri("o"), got.outcomes().get(4)::get);
    }
  }

  @Test
  default void anErrorIsThatOfItsItemOnly() throws Exception {
    List<GetItem> items = objects(8);
    items.add(4, GetItem.of(uri("missing")));
    try (GetManyResult got = store().getMany(items, ManyOptions.DEFAULT)) {
      assertInOrder(got.outcomes(), uris(items));
      for (Outcome<GetResult> outcome : got.outcomes()) {
        if (outcome.index() == 4) {
          assertFails(Kind.NOT_FOUND, uri("missing"), outcome::get);
        } else {
          assertContent(outcome);
        }
      }
    }
    ManyOptions stopping = ManyOptions.DEFAULT.stoppingAtFirstError();
    try (GetManyResult got = store().getMany(items, stopping)) {
      assertInOrder(got.outcomes(), uris(items));
      for (Outcome<GetResult> outcome : got.outcomes()) {
        if (outcome.index() < 4) {
          assertContent(outcome);
        } else if (outcome.index() > 4) {
          assertThat(assertFails(Kind.CANCELLED, outcome.uri(), outcome::get))
              .hasMessageContaining("item 4")
              .hasCause(got.outcomes().get(4).error().orElseThrow());
        }
      }
      assertFails(Kind.NOT_FOUND, uri("missing"), got.outcomes().get(4)::get);
    }
    try (ManyStream stream = store().streamMany(items, stopping)) {
      for (int i = 0; i < 4; i++) {
        stream.next().get().close();
      }
      assertFails(Kind.NOT_FOUND, uri("missing"), () -> stream.next().get());
      assertThat(stream.hasNext()).isFalse();
    }
  }

  @Test
  default void aWrongUriIsFoundBeforeAnythingIsRead() throws Exception {
    put("a", bytes(1, 1));
    ObjectUri noKey = here().withKey("");
    List<GetItem> items = List.of(GetItem.of(uri("a")), GetItem.of(noKey));
    assertFails(Kind.INVALID, noKey, () -> store().getMany(items, ManyOptions.DEFAULT).close());
    assertFails(Kind.INVALID, noKey, () -> store().streamMany(items, ManyOptions.DEFAULT).close());
  }

  @Test
  default void resultsLiveAsLongAsTheyAreOpen() throws Exception {
    List<GetItem> items = objects(6);
    BytesView kept;
    try (GetManyResult got = store().getMany(items, ManyOptions.DEFAULT)) {
      got.outcomes().get(0).get().close();
      kept = got.outcomes().get(4).get().bytes().share();
    }
    try (kept) {
      assertThat(kept.toByteArray()).isEqualTo(content(4));
    }
    assertThat(store().pool().used()).isZero();
    ManyStream stream = store().streamMany(items, ManyOptions.DEFAULT);
    GetResult taken = stream.next().get();
    stream.close();
    stream.close();
    assertThatThrownBy(stream::next).isInstanceOf(IllegalStateException.class);
    try (taken) {
      assertThat(taken.bytes().toByteArray()).isEqualTo(content(0));
    }
    assertThat(store().pool().used()).isZero();
  }

  @Test
  default void whatDoesNotFitTogetherFailsAtOnceAndSaysHowMuchItNeeds() throws Exception {
    ObjectStore poor = another(c -> c.with(StoreConfig.MEMORY_LIMIT, "1MiB"), RequestListener.NONE);
    List<ObjectMeta> listed;
    for (int i = 0; i < 20; i++) {
      put("o" + i, bytes(PART, i));
    }
    try (Stream<ObjectMeta> all = store().list(here())) {
      listed = all.toList();
    }
    long needed = 20 * poor.pool().cost(PART);
    List<GetItem> uris = listed.stream().map(meta -> GetItem.of(meta.uri())).toList();
    List<GetItem> metas = listed.stream().map(GetItem::of).toList();
    for (List<GetItem> items : List.of(uris, metas)) {
      for (ManyOptions options :
          List.of(ManyOptions.DEFAULT, ManyOptions.DEFAULT.withConcurrency(1))) {
        ObjectStoreException e =
            assertFails(
                Kind.OUT_OF_RESOURCES,
                items.get(0).uri(),
                () -> poor.getMany(items, options).close());
        // What was asked for in one go may have been answered, all of it, before it was too much.
        boolean guessed = items == uris && e.getMessage().contains("by the sizes of");
        assertThat(e)
            .hasMessageContaining(
                "20 objects need " + (guessed ? "about " : "") + Sizes.format(needed))
            .hasMessageContaining("available are 1MiB of")
            .hasMessageContaining("streamMany");
        assertThat(poor.pool().used()).isZero();
      }
      poor.getMany(items.subList(0, 15), ManyOptions.DEFAULT).close();
    }
  }

  @Test
  default void nothingIsAskedForWhatIsKnownNotToFit() throws Exception {
    Queue<RequestEvent> heard = new ConcurrentLinkedQueue<>();
    ObjectStore poor = another(c -> c.with(StoreConfig.MEMORY_LIMIT, "128KiB"), heard::add);
    put("o", bytes(PART, 1));
    GetItem item = GetItem.of(store().head(uri("o")));
    assertFails(
        Kind.OUT_OF_RESOURCES,
        uri("o"),
        () -> poor.getMany(List.of(item, item), ManyOptions.DEFAULT).close());
    assertThat(heard).isEmpty();
  }

  /** There is memory for one object at a time, and the caller lets each go. */
  @Test
  default void aStreamNeedsMemoryForOneObjectOnly() throws Exception {
    List<GetItem> items = objects(40);
    ObjectStore poor =
        another(
            c ->
                c.with(StoreConfig.MEMORY_LIMIT, (store().pool().cost(LARGE)) + "")
                    .with(StoreConfig.MEMORY_TIMEOUT, "1s"),
            RequestListener.NONE);
    List<GetItem> known = new ArrayList<>();
    for (GetItem item : items) {
      known.add(GetItem.of(store().head(item.uri())));
    }
    for (List<GetItem> some : List.of(items, known)) {
      try (ManyStream stream = poor.streamMany(some, ManyOptions.DEFAULT)) {
        while (stream.hasNext()) {
          Outcome<GetResult> outcome = stream.next();
          assertContent(outcome);
          outcome.get().close();
        }
      }
      assertThat(poor.pool().used()).isZero();
    }
  }

  @Test
  default void anObjectLargerThanTheBudgetIsAnErrorOfItsOwn() throws Exception {
    ObjectStore poor =
        another(c -> c.with(StoreConfig.MEMORY_LIMIT, "128KiB"), RequestListener.NONE);
    put("small", bytes(PART, 1));
    put("large", bytes(LARGE, 2));
    List<GetItem> items =
        List.of(
            GetItem.of(uri("small")),
            GetItem.of(uri("large")),
            GetItem.of(store().head(uri("large"))),
            GetItem.of(uri("small")));
    try (ManyStream stream = poor.streamMany(items, ManyOptions.DEFAULT)) {
      try (GetResult first = stream.next().get()) {
        for (int i = 1; i <= 2; i++) {
          assertThat(
                  assertFails(
                      Kind.OUT_OF_RESOURCES, uri("large"), () -> stream.next().get().close()))
              .hasMessageContaining("memory-limit");
        }
        assertThat(first.bytes().size()).isEqualTo(PART);
      }
      stream.next().get().close();
    }
  }

  @Test
  default void aCallerWhoKeepsAllMemoryIsToldSo() throws Exception {
    ObjectStore poor =
        another(
            c ->
                c.with(StoreConfig.MEMORY_LIMIT, "192KiB").with(StoreConfig.MEMORY_TIMEOUT, "10ms"),
            RequestListener.NONE);
    List<GetItem> items = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      put("o" + i, bytes(PART, i));
      items.add(GetItem.of(uri("o" + i)));
    }
    try (ManyStream stream = poor.streamMany(items, ManyOptions.DEFAULT)) {
      GetResult one = stream.next().get();
      GetResult two = stream.next().get();
      ObjectStoreException e =
          assertFails(Kind.OUT_OF_RESOURCES, uri("o2"), () -> stream.next().get().close());
      assertThat(e)
          .hasMessageContaining("get " + uri("o0"))
          .hasMessageContaining("get " + uri("o1"));
      one.close();
      try (GetResult three = stream.next().get()) {
        assertThat(three.bytes().toByteArray()).isEqualTo(bytes(PART, 3));
      }
      two.close();
      for (int i = 4; i < 10; i++) {
        try (GetResult got = stream.next().get()) {
          assertThat(got.bytes().toByteArray()).isEqualTo(bytes(PART, i));
        }
      }
    }
  }

  /** Several streams share memory for little more than what their callers keep. */
  @Test
  default void streamsThatShareMemoryAllComeToTheirEnd() throws Exception {
    int streams = 4;
    int kept = 2;
    List<GetItem> items = objects(48);
    long most = store().pool().cost(LARGE);
    ObjectStore poor =
        another(
            c -> c.with(StoreConfig.MEMORY_LIMIT, (kept + 1) * most * streams + ""),
            RequestListener.NONE);
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int s = 0; s < streams; s++) {
      List<GetItem> mine = new ArrayList<>(items);
      java.util.Collections.shuffle(mine, new java.util.Random(s));
      ManyOptions options = ManyOptions.DEFAULT.withConcurrency(1 + 3 * s);
      all.add(CompletableFuture.runAsync(() -> readKeeping(poor, mine, options, kept)));
    }
    for (CompletableFuture<Void> one : all) {
      await(one);
    }
  }

  private void readKeeping(ObjectStore store, List<GetItem> items, ManyOptions options, int kept) {
    SplittableRandom random = new SplittableRandom(options.concurrency().getAsInt());
    List<GetResult> keeps = new ArrayList<>();
    try (ManyStream stream = store.streamMany(items, options)) {
      while (stream.hasNext()) {
        Outcome<GetResult> outcome = stream.next();
        keeps.add(outcome.get());
        assertContent(outcome);
        if (keeps.size() > kept) {
          keeps.remove(random.nextInt(keeps.size())).close();
        }
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    } finally {
      keeps.forEach(GetResult::close);
    }
  }

  @Test
  default void manyCallsOnTheStoresOwnThreadsDoNotBlockEachOther() throws Exception {
    ObjectStore narrow =
        another(c -> c.with(StoreConfig.MAX_CONCURRENCY, "2"), RequestListener.NONE);
    List<GetItem> items = objects(9);
    List<CompletableFuture<GetManyResult>> calls = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      calls.add(narrow.async().getMany(items, ManyOptions.DEFAULT));
    }
    for (CompletableFuture<GetManyResult> call : calls) {
      try (GetManyResult got = await(call)) {
        for (Outcome<GetResult> outcome : got.outcomes()) {
          assertContent(outcome);
        }
      }
    }
  }

  @Test
  default void anInterruptEndsGetMany() throws Exception {
    List<GetItem> items = objects(3);
    try (ManyStream stream = store().streamMany(items, ManyOptions.DEFAULT)) {
      stream.next().get().close();
      Thread.currentThread().interrupt();
      assertFails(
          Kind.CANCELLED, uri("o0"), () -> store().getMany(items, ManyOptions.DEFAULT).close());
      assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
      while (stream.hasNext()) {
        stream.next().get().close();
      }
    }
  }

  @Test
  default void aClosedStoreReadsNoMore() throws Exception {
    List<GetItem> items = objects(3);
    ObjectStore other =
        another(c -> c.with(StoreConfig.MAX_CONCURRENCY, "1"), RequestListener.NONE);
    try (ManyStream stream = other.streamMany(items, ManyOptions.DEFAULT)) {
      other.close();
      assertThat(assertFails(Kind.INVALID, uri("o0"), () -> stream.next().get().close()))
          .hasMessageContaining("closed");
    }
    assertFails(Kind.INVALID, uri("o0"), () -> other.getMany(items, ManyOptions.DEFAULT).close());
  }
}
