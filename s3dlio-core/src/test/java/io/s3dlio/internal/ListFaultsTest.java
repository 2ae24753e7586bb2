package io.s3dlio.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.BulkDeleteException;
import io.s3dlio.ListEntry;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.spi.ListCursor;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Listings that break off, and deletes that are done by halves. */
class ListFaultsTest extends EngineFixture {

  private static final int MANY = 2500;

  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private final AtomicInteger pages = new AtomicInteger();

  /** Counts cursors and pages; the page {@code broken} fails. */
  private class Counting extends Memory {
    private final int broken;

    Counting(int broken) {
      this.broken = broken;
    }

    @Override
    public ListCursor list(ObjectUri prefix, ListOptions options) {
      opened.incrementAndGet();
      ListCursor cursor = memory.list(prefix, options);
      return new ListCursor() {
        @Override
        public CompletableFuture<List<ListEntry>> next() {
          return pages.incrementAndGet() == broken
              ? CompletableFuture.failedFuture(denied(prefix))
              : cursor.next();
        }

        @Override
        public void close() {
          closed.incrementAndGet();
          cursor.close();
        }
      };
    }
  }

  private static ObjectStoreException denied(ObjectUri uri) {
    return ObjectStoreException.of(Kind.PERMISSION_DENIED, "any", uri, "not yours", null);
  }

  private List<ObjectUri> uris;

  @BeforeEach
  void put() throws Exception {
    uris = IntStream.range(0, MANY).mapToObj(i -> bucket.withKey("%05d".formatted(i))).toList();
    ObjectStore store = over(memory);
    for (ObjectUri one : uris) {
      store.put(one, ByteBuffer.allocate(0));
    }
  }

  @Test
  void aPageThatFailsIsThrownFromTheStream() {
    try (Stream<ObjectMeta> listing = over(new Counting(2)).list(bucket)) {
      Iterator<ObjectMeta> entries = listing.iterator();
      for (int i = 0; i < 1000; i++) {
        assertThat(entries.next().uri()).isEqualTo(uris.get(i));
      }
      assertThatThrownBy(entries::hasNext)
          .isInstanceOf(UncheckedIOException.class)
          .cause()
          .hasMessage(denied(bucket).getMessage());
    }
    assertThat(closed).hasValue(1);
  }

  @Test
  void theCursorIsClosedOnceAndAsSoonAsItIsNotNeeded() {
    ObjectStore store = over(new Counting(-1));
    try (Stream<ObjectMeta> listing = store.list(bucket)) {
      assertThat(listing).hasSize(MANY);
      assertThat(closed).as("at the end").hasValue(1);
    }
    assertThat(closed).hasValue(1);
    try (Stream<ListEntry> listing = store.list(bucket, ListOptions.ALL.withLimit(5))) {
      assertThat(listing).hasSize(5);
      assertThat(closed).as("at the limit").hasValue(2);
    }
    try (Stream<ObjectMeta> listing = store.list(bucket)) {
      assertThat(listing.findFirst()).isPresent();
    }
    assertThat(closed).as("at an early close").hasValue(3);
    assertThat(opened).hasValue(3);
    store.list(bucket).close();
    assertThat(opened).as("never begun").hasValue(3);
  }

  /** Keys that cannot be deleted. */
  private class Guarding extends Counting {
    final List<Integer> batches = Collections.synchronizedList(new ArrayList<>());
    private final Collection<ObjectUri> guarded;

    Guarding(Collection<ObjectUri> guarded) {
      super(-1);
      this.guarded = guarded;
    }

    @Override
    public CompletableFuture<Map<ObjectUri, ObjectStoreException>> deleteAll(
        List<ObjectUri> batch) {
      batches.add(batch.size());
      Map<ObjectUri, ObjectStoreException> failures = new HashMap<>();
      List<ObjectUri> free = new ArrayList<>(batch);
      for (ObjectUri one : guarded) {
        if (free.remove(one)) {
          failures.put(one, denied(one));
        }
      }
      return memory.deleteAll(free).thenApply(none -> failures);
    }
  }

  @Test
  void everyKeyThatFailedIsNamed() {
    List<ObjectUri> guarded = List.of(uris.get(7), uris.get(1500), uris.get(2499));
    Guarding guarding = new Guarding(guarded);
    List<ObjectUri> twice = new ArrayList<>(uris);
    twice.addAll(uris);
    BulkDeleteException e =
        (BulkDeleteException)
            assertFails(Kind.PERMISSION_DENIED, () -> over(guarding).deleteAll(twice));
    assertThat(e.failures()).containsOnlyKeys(guarded);
    assertThat(e).hasMessageContaining("3 of 2500 objects").hasMessageContaining(uris.get(7) + "");
    assertThat(guarding.batches).containsExactlyInAnyOrder(1000, 1000, 500);
    assertThat(over(memory).list(bucket).map(ObjectMeta::uri)).containsExactlyElementsOf(guarded);
  }

  @Test
  void oneKeyThatFailsIsThatKeysError() {
    ObjectStore store = over(new Guarding(uris));
    ObjectStoreException e = assertFails(Kind.PERMISSION_DENIED, () -> store.delete(uris.get(3)));
    assertThat(e).isNotInstanceOf(BulkDeleteException.class);
    assertThat(e.uri()).contains(uris.get(3));
  }

  @Test
  void aBatchThatCannotBeTriedIsNamedWhole() {
    ObjectStore store =
        over(
            new Memory() {
              @Override
              public CompletableFuture<Map<ObjectUri, ObjectStoreException>> deleteAll(
                  List<ObjectUri> batch) {
                return batch.contains(uris.get(1000))
                    ? CompletableFuture.failedFuture(denied(batch.get(0)))
                    : memory.deleteAll(batch);
              }
            });
    BulkDeleteException e =
        (BulkDeleteException) assertFails(Kind.PERMISSION_DENIED, () -> store.deleteAll(uris));
    assertThat(e.failures()).containsOnlyKeys(uris.subList(1000, 2000));
  }

  @Test
  void deletePrefixEndsThoughSomeKeysStay() {
    List<ObjectUri> guarded = List.of(uris.get(0), uris.get(2000));
    Guarding guarding = new Guarding(guarded);
    ObjectStore store = over(guarding);
    BulkDeleteException e =
        (BulkDeleteException) assertFails(Kind.PERMISSION_DENIED, () -> store.deletePrefix(bucket));
    assertThat(e.failures()).containsOnlyKeys(guarded);
    assertThat(e).hasMessageContaining("2 of 2500 objects");
    assertThat(guarding.batches).as("no key is tried twice").containsExactly(1000, 1000, 500);
    assertThat(closed.get()).isEqualTo(opened.get());
  }

  @Test
  void deletePrefixTakesWhatShowsOnlyLater() throws Exception {
    ObjectStore store =
        over(
            new Memory() {
              @Override
              public ListCursor list(ObjectUri prefix, ListOptions options) {
                // One key at a time, as if it hid all the others.
                return onlyFirst(memory.list(prefix, options));
              }
            });
    over(memory).deleteAll(uris.subList(3, MANY));
    assertThat(store.deletePrefix(bucket)).isEqualTo(3);
    assertThat(over(memory).list(bucket)).isEmpty();
  }

  private static ListCursor onlyFirst(ListCursor all) {
    AtomicInteger calls = new AtomicInteger();
    return () ->
        calls.getAndIncrement() > 0
            ? CompletableFuture.completedFuture(List.of())
            : all.next().thenApply(page -> page.stream().limit(1).toList());
  }

  @Test
  void deletePrefixFailsWithTheListing() {
    assertFails(Kind.PERMISSION_DENIED, () -> over(new Counting(2)).deletePrefix(bucket));
    assertThat(closed.get()).isEqualTo(opened.get());
  }
}
