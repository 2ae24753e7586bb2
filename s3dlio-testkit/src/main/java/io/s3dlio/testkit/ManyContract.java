package io.s3dlio.testkit;

import static io.s3dlio.testkit.Fixture.assertFails;
import static io.s3dlio.testkit.Fixture.await;
import static io.s3dlio.testkit.Fixture.bytes;
import static io.s3dlio.testkit.Fixture.source;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteRange;
import io.s3dlio.ByteSource;
import io.s3dlio.ManyOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.Outcome;
import io.s3dlio.PutItem;
import io.s3dlio.PutMode;
import io.s3dlio.PutOptions;
import io.s3dlio.PutResult;
import io.s3dlio.RangesOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Many objects at a time: headMany, putMany. */
interface ManyContract extends Fixture {

  /** Every item has an outcome in its place. */
  static <T> void assertInOrder(List<? extends Outcome<T>> outcomes, List<ObjectUri> uris) {
    assertThat(outcomes).extracting(Outcome::uri).isEqualTo(uris);
    for (int i = 0; i < uris.size(); i++) {
      assertThat(outcomes.get(i).index()).isEqualTo(i);
    }
  }

  @Test
  default void headManyTellsOfEachInOrder() throws Exception {
    List<ObjectUri> uris = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      put("o" + i, bytes(i, i));
      uris.add(uri("o" + i));
    }
    Collections.shuffle(uris, new java.util.Random(3));
    uris.add(20, uris.get(0));
    uris.add(30, uri("missing"));
    for (ManyOptions options :
        List.of(ManyOptions.DEFAULT, ManyOptions.DEFAULT.withConcurrency(1))) {
      List<Outcome<ObjectMeta>> heads = store().headMany(uris, options);
      assertInOrder(heads, uris);
      for (Outcome<ObjectMeta> head : heads) {
        if (head.uri().equals(uri("missing"))) {
          assertFails(Kind.NOT_FOUND, uri("missing"), head::get);
          assertThat(head.error()).isPresent();
        } else {
          assertThat(head.get()).isEqualTo(store().head(head.uri()));
          assertThat(head.error()).isEmpty();
        }
      }
    }
    assertThat(await(store().async().headMany(uris, ManyOptions.DEFAULT))).hasSameSizeAs(uris);
    assertThat(store().headMany(List.of(), ManyOptions.DEFAULT)).isEmpty();
  }

  @Test
  default void putManyWritesEachAndSaysWhatItDid() throws Exception {
    List<PutItem> items = new ArrayList<>();
    int[] sizes = {0, 1, 100, PART, THRESHOLD, severalParts()};
    for (int i = 0; i < 30; i++) {
      byte[] content = bytes(sizes[i % sizes.length], i);
      ByteSource source = i % 2 == 0 ? source(content) : new InMemory(content);
      items.add(PutItem.of(uri("o" + i), source));
    }
    List<ObjectUri> uris = items.stream().map(PutItem::uri).toList();
    List<Outcome<PutResult>> puts = store().putMany(items, ManyOptions.DEFAULT);
    assertInOrder(puts, uris);
    for (int i = 0; i < 30; i++) {
      assertThat(get("o" + i)).isEqualTo(bytes(sizes[i % sizes.length], i));
      assertThat(puts.get(i).get().etag()).isEqualTo(store().head(uris.get(i)).etag());
    }
    assertInOrder(await(store().async().putMany(items, ManyOptions.DEFAULT)), uris);
    assertThat(store().putMany(List.of(), ManyOptions.DEFAULT)).isEmpty();
  }

  /** A source that shows its bytes in place. */
  record InMemory(byte[] bytes) implements ByteSource {
    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public void read(long offset, ByteBuffer dst) {
      dst.put(bytes, (int) offset, dst.remaining());
    }

    @Override
    public ByteBuffer view(long offset, int length) {
      return ByteBuffer.wrap(bytes, (int) offset, length).slice().asReadOnlyBuffer();
    }
  }

  @Test
  default void putsOfOneNameAreDoneInTheOrderOfTheInput() throws Exception {
    List<PutItem> items = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      items.add(PutItem.of(uri("o" + i % 3), source(bytes(1000, i))));
    }
    for (Outcome<PutResult> put : store().putMany(items, ManyOptions.DEFAULT)) {
      put.get();
    }
    for (int i = 57; i < 60; i++) {
      assertThat(get("o" + i % 3)).isEqualTo(bytes(1000, i));
    }
    PutOptions create = PutOptions.DEFAULT.withMode(PutMode.CREATE);
    List<Outcome<PutResult>> puts =
        store()
            .putMany(
                List.of(
                    new PutItem(uri("new"), source(bytes(9, 1)), create),
                    new PutItem(uri("new"), source(bytes(9, 2)), create)),
                ManyOptions.DEFAULT);
    puts.get(0).get();
    assertFails(Kind.ALREADY_EXISTS, uri("new"), puts.get(1)::get);
    assertThat(get("new")).isEqualTo(bytes(9, 1));
  }

  @Test
  default void putManyGoesOnAfterAnErrorOrStops() throws Exception {
    ByteSource broken =
        new ByteSource() {
          @Override
          public long size() {
            return 10;
          }

          @Override
          public void read(long offset, ByteBuffer dst) throws IOException {
            throw new IOException("scratched");
          }
        };
    List<PutItem> items =
        List.of(
            PutItem.of(uri("a"), source(bytes(9, 1))),
            PutItem.of(uri("b"), broken),
            PutItem.of(uri("c"), source(bytes(9, 3))));
    List<Outcome<PutResult>> all = store().putMany(items, ManyOptions.DEFAULT);
    assertThat(assertFails(Kind.UNKNOWN, uri("b"), all.get(1)::get))
        .hasStackTraceContaining("scratched");
    all.get(2).get();
    assertThat(list("")).containsExactly("a", "c");
    store().delete(uri("c"));
    List<Outcome<PutResult>> stopped =
        store().putMany(items, ManyOptions.DEFAULT.withConcurrency(1).stoppingAtFirstError());
    stopped.get(0).get();
    assertFails(Kind.UNKNOWN, uri("b"), stopped.get(1)::get);
    assertThat(assertFails(Kind.CANCELLED, uri("c"), stopped.get(2)::get))
        .hasMessageContaining("item 1")
        .hasCause(stopped.get(1).error().orElseThrow());
    assertThat(list("")).containsExactly("a");
  }

  @Test
  default void aWrongUriAmongManyIsFoundBeforeAnythingIsDone() throws Exception {
    ObjectUri noKey = here().withKey("");
    assertFails(
        Kind.INVALID, noKey, () -> store().headMany(List.of(uri("a"), noKey), ManyOptions.DEFAULT));
    ObjectUri other = ObjectUri.parse("other://b/k");
    assertFails(
        Kind.INVALID,
        other,
        () ->
            store()
                .putMany(
                    List.of(
                        PutItem.of(uri("a"), source(bytes(9, 1))),
                        PutItem.of(other, source(bytes(9, 1)))),
                    ManyOptions.DEFAULT));
    assertThat(list("")).isEmpty();
  }

  @Test
  default void anInterruptEndsMany() throws Exception {
    put("o", bytes(9, 1));
    Thread.currentThread().interrupt();
    try {
      assertFails(
          Kind.CANCELLED,
          uri("o"),
          () -> store().headMany(List.of(uri("o"), uri("o")), ManyOptions.DEFAULT));
      List<PutItem> items = List.of(PutItem.of(uri("new"), source(bytes(9, 1))));
      assertFails(Kind.CANCELLED, uri("new"), () -> store().putMany(items, ManyOptions.DEFAULT));
      List<ByteRange> ranges = List.of(ByteRange.of(0, 1), ByteRange.of(5, 1));
      RangesOptions apart = RangesOptions.DEFAULT.withMaxGap(0);
      assertFails(
          Kind.CANCELLED, uri("o"), () -> store().getRanges(uri("o"), ranges, apart).close());
    } finally {
      assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    }
    assertThat(list("")).containsExactly("o");
  }
}
