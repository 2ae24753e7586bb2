package io.s3dlio.testkit;

import static io.s3dlio.testkit.Fixture.assertFails;
import static io.s3dlio.testkit.Fixture.await;
import static io.s3dlio.testkit.Fixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteRange;
import io.s3dlio.BytesView;
import io.s3dlio.GetOptions;
import io.s3dlio.GetResult;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutResult;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.Verification;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Get, head, exists and readInto. */
interface ReadContract extends Fixture {

  @ParameterizedTest
  @ValueSource(
      ints = {
        0,
        1,
        PART - 1,
        PART,
        PART + 1,
        THRESHOLD - 1,
        THRESHOLD,
        THRESHOLD + 1,
        3 * PART,
        LARGE
      })
  default void getGivesTheWholeObject(int size) throws Exception {
    byte[] content = bytes(size, size);
    PutResult written = put("o", content);
    try (GetResult got = store().get(uri("o"), GetOptions.DEFAULT)) {
      assertThat(got.bytes().size()).isEqualTo(size);
      assertThat(got.bytes().toByteArray()).isEqualTo(content);
      assertThat(got.offset()).isZero();
      assertThat(got.meta().uri()).isEqualTo(uri("o"));
      assertThat(got.meta().size()).isEqualTo(size);
      assertThat(got.meta().etag()).isPresent().isEqualTo(written.etag());
      assertThat(got.verification())
          .isEqualTo(can().checksums() ? Verification.VERIFIED : Verification.UNVERIFIED);
      ByteBuffer inOnePiece = got.bytes().asByteBuffer();
      assertThat(inOnePiece.isDirect()).isTrue();
      assertThat(inOnePiece.isReadOnly()).isTrue();
    }
    try (BytesView got = store().get(uri("o"))) {
      assertThat(got.toByteArray()).isEqualTo(content);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, PART - 1, PART, PART + 1, LARGE - PART, LARGE - 1})
  default void getGivesEveryRange(int offset) throws Exception {
    byte[] content = bytes(LARGE, 7);
    put("o", content);
    List<Long> lengths =
        List.of(
            1L,
            PART - 1L,
            (long) PART,
            PART + 1L,
            (long) THRESHOLD,
            THRESHOLD + 1L,
            (long) LARGE - offset,
            (long) LARGE - offset + 1,
            Long.MAX_VALUE - offset);
    for (long length : lengths) {
      int end = (int) Math.min(LARGE, offset + Math.min(length, LARGE));
      assertRange(ByteRange.of(offset, length), content, offset, end);
    }
    assertRange(ByteRange.from(offset), content, offset, LARGE);
    if (offset > 0) {
      assertRange(ByteRange.suffix(LARGE - offset), content, offset, LARGE);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, PART, THRESHOLD + 1, LARGE - 1, LARGE, LARGE + 1, Long.MAX_VALUE})
  default void getGivesEverySuffix(long length) throws Exception {
    byte[] content = bytes(LARGE, 8);
    put("o", content);
    assertRange(ByteRange.suffix(length), content, (int) Math.max(0, LARGE - length), LARGE);
  }

  private void assertRange(ByteRange range, byte[] content, int from, int to) throws Exception {
    try (GetResult got = store().get(uri("o"), GetOptions.DEFAULT.withRange(range))) {
      assertThat(got.offset()).as("%s", range).isEqualTo(from);
      assertThat(got.bytes().toByteArray())
          .as("%s", range)
          .isEqualTo(Arrays.copyOfRange(content, from, to));
      assertThat(got.meta().size()).isEqualTo(content.length);
      if (to - from < content.length) {
        assertThat(got.verification()).isEqualTo(Verification.UNVERIFIED);
      }
    }
  }

  @Test
  default void aRangeWithoutBytesIsAnError() throws Exception {
    put("o", bytes(100, 1));
    put("empty", new byte[0]);
    for (ByteRange range :
        List.of(
            ByteRange.of(100, 1),
            ByteRange.of(101, 50),
            ByteRange.of(Long.MAX_VALUE - 1, 1),
            ByteRange.from(100),
            ByteRange.from(101))) {
      assertUnsatisfiable("o", range);
    }
    for (ByteRange range :
        List.of(ByteRange.of(0, 1), ByteRange.of(1, 1), ByteRange.from(0), ByteRange.suffix(5))) {
      assertUnsatisfiable("empty", range);
    }
  }

  private void assertUnsatisfiable(String name, ByteRange range) {
    assertFails(
        Kind.RANGE_NOT_SATISFIABLE,
        uri(name),
        () -> store().get(uri(name), GetOptions.DEFAULT.withRange(range)).close());
  }

  @Test
  default void readIntoFillsTheCallersMemory() throws Exception {
    byte[] content = bytes(LARGE, 2);
    put("o", content);
    for (ByteBuffer memory :
        List.of(ByteBuffer.allocate(LARGE), ByteBuffer.allocateDirect(LARGE))) {
      ByteBuffer dst = memory.position(10).limit(10 + PART + 5);
      assertThat(store().readInto(uri("o"), 3, dst)).isEqualTo(PART + 5);
      assertThat(dst.position()).isEqualTo(10 + PART + 5);
      assertThat(dst.limit()).isEqualTo(10 + PART + 5);
      byte[] expected = new byte[LARGE];
      System.arraycopy(content, 3, expected, 10, PART + 5);
      assertThat(contentOf(memory)).isEqualTo(expected);
    }
  }

  @Test
  default void readIntoReadsInPartsAndWithoutThePool() throws Exception {
    ObjectStore poor = another(c -> c.with(StoreConfig.MEMORY_LIMIT, "8KiB"), RequestListener.NONE);
    byte[] content = bytes(LARGE, 3);
    put("o", content);
    ByteBuffer slice = ByteBuffer.allocateDirect(LARGE + 20).position(20).slice();
    assertThat(poor.readInto(uri("o"), 0, slice)).isEqualTo(LARGE);
    assertThat(contentOf(slice)).isEqualTo(content);
  }

  @Test
  default void readIntoEndsWhereTheObjectEnds() throws Exception {
    byte[] content = bytes(100, 4);
    put("o", content);
    put("empty", new byte[0]);
    ByteBuffer dst = ByteBuffer.allocate(40);
    assertThat(store().readInto(uri("o"), 70, dst)).isEqualTo(30);
    assertThat(dst.position()).isEqualTo(30);
    assertThat(Arrays.copyOf(contentOf(dst), 30)).isEqualTo(Arrays.copyOfRange(content, 70, 100));
    assertThat(store().readInto(uri("o"), 100, dst)).isEqualTo(-1);
    assertThat(store().readInto(uri("o"), 1000, dst)).isEqualTo(-1);
    assertThat(store().readInto(uri("empty"), 0, dst)).isEqualTo(-1);
    assertThat(dst.position()).isEqualTo(30);
    assertThat(store().readInto(uri("o"), 0, ByteBuffer.allocate(0))).isZero();
  }

  private static byte[] contentOf(ByteBuffer memory) {
    byte[] content = new byte[memory.capacity()];
    memory.duplicate().clear().get(content);
    return content;
  }

  @Test
  default void whatIsNotThereIsNotFound() throws Exception {
    ObjectUri missing = uri("missing");
    assertFails(Kind.NOT_FOUND, missing, () -> store().get(missing).close());
    assertFails(
        Kind.NOT_FOUND,
        missing,
        () -> store().get(missing, GetOptions.DEFAULT.withRange(ByteRange.suffix(1))).close());
    assertFails(
        Kind.NOT_FOUND,
        missing,
        () -> store().get(missing, GetOptions.DEFAULT.withIfMatch("x")).close());
    assertFails(
        Kind.NOT_FOUND, missing, () -> store().readInto(missing, 0, ByteBuffer.allocate(1)));
    assertFails(Kind.NOT_FOUND, missing, () -> store().head(missing));
    assertFails(Kind.NOT_FOUND, missing, () -> store().source(missing));
    assertFails(Kind.NOT_FOUND, missing, () -> await(store().async().get(missing)));
    assertThat(store().exists(missing)).isFalse();
  }

  @Test
  default void headListAndPutTellTheSame() throws Exception {
    Instant before = Instant.now();
    PutResult written = put("o", bytes(1234, 5));
    ObjectMeta head = store().head(uri("o"));
    assertThat(head.uri()).isEqualTo(uri("o"));
    assertThat(head.size()).isEqualTo(1234);
    assertThat(head.etag()).isPresent().isEqualTo(written.etag());
    assertThat(head.etag().orElseThrow()).isNotEmpty().doesNotContain("\"");
    assertThat(head.lastModified())
        .isBetween(before.minus(Duration.ofMinutes(5)), Instant.now().plus(Duration.ofMinutes(5)));
    assertThat(head.userMetadata()).isEmpty();
    ObjectMeta listed = store().list(uri("o")).findFirst().orElseThrow();
    assertThat(listed.uri()).isEqualTo(uri("o"));
    assertThat(listed.size()).isEqualTo(1234);
    assertThat(listed.etag()).isEqualTo(head.etag());
    assertThat(Duration.between(listed.lastModified(), head.lastModified()).abs())
        .isLessThanOrEqualTo(Duration.ofSeconds(1));
    assertThat(store().exists(uri("o"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {10, LARGE})
  default void getIfMatchReadsOnlyThatContent(int size) throws Exception {
    String old = put("o", bytes(size, 6)).etag().orElseThrow();
    try (GetResult got = store().get(uri("o"), GetOptions.DEFAULT.withIfMatch(old))) {
      assertThat(got.bytes().toByteArray()).isEqualTo(bytes(size, 6));
    }
    put("o", bytes(size, 66));
    assertFails(
        Kind.PRECONDITION_FAILED,
        uri("o"),
        () -> store().get(uri("o"), GetOptions.DEFAULT.withIfMatch(old)).close());
  }

  @Test
  default void whatDoesNotFitIntoTheBudgetFailsAtOnce() throws Exception {
    ObjectStore poor =
        another(c -> c.with(StoreConfig.MEMORY_LIMIT, "128KiB"), RequestListener.NONE);
    put("o", bytes(LARGE, 9));
    ObjectStoreException e =
        assertFails(Kind.OUT_OF_RESOURCES, uri("o"), () -> poor.get(uri("o")).close());
    assertThat(e).hasMessageContaining("memory-limit");
    try (GetResult part =
        poor.get(uri("o"), GetOptions.DEFAULT.withRange(ByteRange.of(PART, PART)))) {
      assertThat(part.bytes().toByteArray())
          .isEqualTo(Arrays.copyOfRange(bytes(LARGE, 9), PART, 2 * PART));
    }
  }

  @Test
  default void manyReadsShareTheBudget() throws Exception {
    ObjectStore poor = another(c -> c.with(StoreConfig.MEMORY_LIMIT, "1MiB"), RequestListener.NONE);
    byte[] content = bytes(LARGE, 10);
    put("o", content);
    List<CompletableFuture<Void>> reads = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      reads.add(
          poor.async()
              .get(uri("o"))
              .thenAccept(
                  view -> {
                    try (view) {
                      assertThat(view.toByteArray()).isEqualTo(content);
                    }
                  }));
    }
    for (CompletableFuture<Void> read : reads) {
      await(read);
    }
  }

  @Test
  default void progressSumsUp() throws Exception {
    put("o", bytes(LARGE, 11));
    AtomicLong heard = new AtomicLong();
    GetOptions options = GetOptions.DEFAULT.withProgress(heard::addAndGet);
    store().get(uri("o"), options).close();
    assertThat(heard).hasValue(LARGE);
    heard.set(0);
    store().get(uri("o"), options.withRange(ByteRange.suffix(THRESHOLD + 5))).close();
    assertThat(heard).hasValue(THRESHOLD + 5);
  }

  @Test
  default void viewsOutliveTheStore() throws Exception {
    ObjectStore other = another(c -> c, RequestListener.NONE);
    byte[] content = bytes(LARGE, 12);
    put("o", content);
    try (BytesView view = other.get(uri("o"))) {
      other.close();
      assertThat(view.toByteArray()).isEqualTo(content);
      assertThat(other.pool().used()).isPositive();
    }
    assertThat(other.pool().used()).isZero();
  }
}
