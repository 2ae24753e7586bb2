package io.s3dlio.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteRange;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.RangesOptions;
import io.s3dlio.spi.ReadRequest;
import io.s3dlio.spi.Receiver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranges of objects that are replaced, and of stores that fail, in between. */
class RangesTest extends EngineFixture {

  private static final RangesOptions APART = RangesOptions.DEFAULT.withMaxGap(0);
  private static final List<ByteRange.Bounded> TWO =
      List.of(ByteRange.of(0, 10), ByteRange.of(2 * PART, 10));

  @BeforeEach
  void put() throws Exception {
    putContent();
  }

  /** Says something else of the object where the second range is read. */
  private ObjectStore changing(long size, Optional<String> etag) {
    return over(
        new Memory() {
          @Override
          public CompletableFuture<Void> read(ObjectUri u, ReadRequest request, Receiver receiver) {
            return memory.read(
                u,
                request,
                (meta, offset, length) -> {
                  Optional<String> said = etag.isEmpty() ? etag : meta.etag();
                  ObjectMeta first = ObjectMeta.listed(u, LARGE, meta.lastModified(), said);
                  ObjectMeta second = ObjectMeta.listed(u, size, meta.lastModified(), etag);
                  return receiver.begin(offset == 0 ? first : second, offset, length);
                });
          }
        });
  }

  @Test
  void rangesOfTwoContentsAreAnError() {
    ObjectStore store = changing(LARGE, Optional.of("other"));
    assertThat(
            assertFails(Kind.PRECONDITION_FAILED, () -> store.getRanges(uri, TWO, APART).close()))
        .hasMessageContaining("replaced");
    assertThat(pool.used()).isZero();
  }

  @Test
  void rangesOfTwoSizesAreAnErrorEvenWithoutETags() {
    ObjectStore store = changing(LARGE + 1, Optional.empty());
    assertFails(Kind.PRECONDITION_FAILED, () -> store.getRanges(uri, TWO, APART).close());
  }

  @Test
  void whatIsKnownBeforehandIsPinned() throws Exception {
    List<Optional<String>> pins = Collections.synchronizedList(new ArrayList<>());
    ObjectStore store =
        over(
            new Memory() {
              @Override
              public CompletableFuture<Void> read(
                  ObjectUri u, ReadRequest request, Receiver receiver) {
                pins.add(request.ifMatch());
                return memory.read(u, request, receiver);
              }
            });
    Optional<String> etag = store.head(uri).etag();
    store.getRanges(uri, List.of(ByteRange.of(0, 1), ByteRange.suffix(1)), APART).close();
    store.getRanges(uri, TWO, APART.withIfMatch(etag.orElseThrow())).close();
    assertThat(pins).hasSize(4).containsOnly(etag);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void theFirstFailureEndsAllAndGivesTheMemoryBack(int concurrency) {
    IOException why = new IOException("cable pulled");
    AtomicInteger calls = new AtomicInteger();
    List<Long> asked = Collections.synchronizedList(new ArrayList<>());
    ObjectStore store =
        over(
            new Memory() {
              @Override
              public CompletableFuture<Void> read(
                  ObjectUri u, ReadRequest request, Receiver receiver) {
                asked.add(request.range().resolve(LARGE).orElseThrow().offset());
                return calls.incrementAndGet() == 2
                    ? CompletableFuture.failedFuture(why)
                    : memory.read(u, request, receiver);
              }
            },
            "max-concurrency",
            concurrency + "");
    List<ByteRange.Bounded> ranges = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      ranges.add(ByteRange.of(i * 1000L, 10));
    }
    assertThat(assertFails(Kind.UNKNOWN, () -> store.getRanges(uri, ranges, APART).close()))
        .hasCause(why);
    assertThat(pool.used()).isZero();
    assertThat(asked).hasSizeLessThanOrEqualTo(concurrency == 1 ? 2 : 200);
  }
}
