package io.s3dlio.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteSource;
import io.s3dlio.Capabilities;
import io.s3dlio.MultipartUpload;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.PutResult;
import io.s3dlio.spi.PartUpload;
import io.s3dlio.spi.Payload;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Uploads to stores that fail or hang, from sources that do. */
class UploadFaultsTest extends EngineFixture {

  /** All that is asked of the store, in order. */
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

  private final IOException why = new IOException("disk full");

  /** Notes what is asked; what is overridden fails. */
  private class Spoiling extends Memory {

    CompletableFuture<Void> part(PartUpload upload, int number, Payload part) {
      return upload.putPart(number, part);
    }

    CompletableFuture<PutResult> complete(PartUpload upload, int parts, long size, int crc) {
      return upload.complete(parts, size, Optional.of(crc));
    }

    CompletableFuture<Void> abort(PartUpload upload) {
      return upload.abort();
    }

    @Override
    public CompletableFuture<PartUpload> startMultipart(
        ObjectUri u, long partSize, PutOptions options) {
      asked.add("start " + partSize);
      return memory.startMultipart(u, partSize, options).thenApply(Watched::new);
    }

    @Override
    public void close() throws ObjectStoreException {
      asked.add("close");
      super.close();
    }

    private final class Watched implements PartUpload {
      private final PartUpload upload;

      Watched(PartUpload upload) {
        this.upload = upload;
      }

      @Override
      public CompletableFuture<Void> putPart(int number, Payload part) {
        asked.add("part " + number);
        return part(upload, number, part);
      }

      @Override
      public CompletableFuture<PutResult> complete(int parts, long size, Optional<Integer> crc) {
        asked.add("complete " + parts + " " + size);
        return Spoiling.this.complete(upload, parts, size, crc.orElseThrow());
      }

      @Override
      public CompletableFuture<Void> abort() {
        asked.add("abort");
        return Spoiling.this.abort(upload);
      }
    }
  }

  @BeforeEach
  void put() throws Exception {
    putContent();
  }

  private ObjectStore oneByOne(Spoiling backend) {
    return over(backend, "max-concurrency", "1");
  }

  private static <T> CompletableFuture<T> failed(Throwable e) {
    return CompletableFuture.failedFuture(e);
  }

  @Test
  void partsAndTheirChecksumsComeTogether() throws Exception {
    AtomicReference<Integer> whole = new AtomicReference<>();
    ObjectStore store =
        oneByOne(
            new Spoiling() {
              @Override
              CompletableFuture<Void> part(PartUpload upload, int number, Payload part) {
                assertThat(part.crc32c()).contains(Crc32c.of(part.buffers()));
                return super.part(upload, number, part);
              }

              @Override
              CompletableFuture<PutResult> complete(
                  PartUpload upload, int parts, long size, int crc) {
                whole.set(crc);
                return super.complete(upload, parts, size, crc);
              }
            });
    byte[] bytes = bytes(3 * PART + 1);
    store.put(uri, source(bytes), PutOptions.DEFAULT);
    assertThat(asked)
        .containsExactly(
            "start " + PART, "part 1", "part 2", "part 3", "part 4", "complete 4 " + bytes.length);
    assertThat(whole).hasValue(Crc32c.of(List.of(ByteBuffer.wrap(bytes))));
    assertThat(content()).isEqualTo(bytes);
  }

  @Test
  void aPartThatFailsEndsTheUpload() throws Exception {
    ObjectStore store =
        oneByOne(
            new Spoiling() {
              @Override
              CompletableFuture<Void> part(PartUpload upload, int number, Payload part) {
                return number == 2 ? failed(why) : super.part(upload, number, part);
              }
            });
    assertThat(
            assertFails(
                Kind.UNKNOWN, () -> store.put(uri, source(bytes(4 * PART)), PutOptions.DEFAULT)))
        .hasCause(why);
    assertThat(asked).containsExactly("start " + PART, "part 1", "part 2", "abort");
    assertThat(content()).isEqualTo(CONTENT);
  }

  @Test
  void aCompleteThatFailsIsAborted() throws Exception {
    IOException abort = new IOException("cannot abort either");
    ObjectStore store =
        oneByOne(
            new Spoiling() {
              @Override
              CompletableFuture<PutResult> complete(
                  PartUpload upload, int parts, long size, int crc) {
                return failed(why);
              }

              @Override
              CompletableFuture<Void> abort(PartUpload upload) {
                return failed(abort);
              }
            });
    ObjectStoreException e =
        assertFails(
            Kind.UNKNOWN, () -> store.put(uri, source(bytes(2 * PART)), PutOptions.DEFAULT));
    assertThat(e).hasCause(why);
    assertThat(e.getSuppressed()).singleElement().satisfies(s -> assertThat(s).hasCause(abort));
    assertThat(asked).endsWith("complete 2 " + 2 * PART, "abort");
    assertThat(content()).isEqualTo(CONTENT);
  }

  @Test
  void aCancelledUploadIsAborted() throws Exception {
    CompletableFuture<Void> hung = new CompletableFuture<>();
    CompletableFuture<Void> begun = new CompletableFuture<>();
    ObjectStore store =
        oneByOne(
            new Spoiling() {
              @Override
              CompletableFuture<Void> part(PartUpload upload, int number, Payload part) {
                begun.complete(null);
                return hung;
              }
            });
    CompletableFuture<PutResult> future =
        store.async().put(uri, source(bytes(2 * PART)), PutOptions.DEFAULT);
    await(begun);
    future.cancel(true);
    assertThatThrownBy(() -> await(hung)).isInstanceOf(CancellationException.class);
    await(store.async().head(uri));
    assertThat(asked).containsExactly("start " + PART, "part 1", "abort");
    assertThat(pool.used()).isZero();
  }

  @Test
  void onePartThatFailsGivesUpThoseThatHang() {
    CompletableFuture<Void> hung = new CompletableFuture<>();
    CompletableFuture<Void> hanging = new CompletableFuture<>();
    ObjectStore store =
        over(
            new Spoiling() {
              @Override
              CompletableFuture<Void> part(PartUpload upload, int number, Payload part) {
                if (number == 1) {
                  hanging.complete(null);
                  return hung;
                }
                return hanging.thenCompose(begun -> failed(why));
              }
            },
            "max-concurrency",
            "2");
    assertThat(
            assertFails(
                Kind.UNKNOWN, () -> store.put(uri, source(bytes(2 * PART)), PutOptions.DEFAULT)))
        .hasCause(why);
    assertThat(hung).isCancelled();
    assertThat(asked).endsWith("abort");
  }

  @Test
  void memoryOfAFailedRequestIsNotUsedAgain() throws Exception {
    AtomicReference<Payload> sent = new AtomicReference<>();
    byte[] bytes = bytes(PART);
    class Failing extends Memory {
      @Override
      public CompletableFuture<PutResult> put(ObjectUri u, Payload payload, PutOptions options) {
        sent.set(payload);
        return failed(why);
      }
    }
    assertFails(
        Kind.UNKNOWN, () -> over(new Failing()).put(uri, source(bytes), PutOptions.DEFAULT));
    // Somebody may still be sending it.
    assertThat(bytesOf(sent.get())).isEqualTo(bytes);
    assertThat(pool.used()).isZero();

    class Succeeding extends Memory {
      @Override
      public CompletableFuture<PutResult> put(ObjectUri u, Payload payload, PutOptions options) {
        sent.set(payload);
        return memory.put(u, payload, options);
      }
    }
    over(new Succeeding()).put(uri, source(bytes), PutOptions.DEFAULT);
    assertThat(bytesOf(sent.get())).as("given back and overwritten").containsOnly(0xDB);
  }

  private static byte[] bytesOf(Payload payload) {
    ByteBuffer buffer = payload.buffers().get(0).duplicate();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  @Test
  void partsGrowWhereTheirNumberIsLimited() throws Exception {
    class Few extends Spoiling {
      @Override
      public Capabilities capabilities() {
        return new Capabilities(true, true, true, true, 100_000, 2);
      }
    }
    byte[] bytes = bytes(2_500_000);
    over(new Few()).put(uri, source(bytes), PutOptions.DEFAULT);
    assertThat(asked).contains("start " + (2 << 20), "complete 2 " + bytes.length);
    assertThat(content()).isEqualTo(bytes);
    asked.clear();
    over(new Few()).put(uri, source(bytes(150_000)), PutOptions.DEFAULT);
    assertThat(asked).as("the store's least").contains("start 100000");

    ByteSource vast =
        new ByteSource() {
          @Override
          public long size() {
            return (2L << 30) + 1;
          }

          @Override
          public void read(long offset, ByteBuffer dst) {
            throw new AssertionError("not to be read");
          }
        };
    assertFails(Kind.INVALID, () -> over(new Few()).put(uri, vast, PutOptions.DEFAULT));
  }

  @Test
  void aSourceThatGivesTooFewBytesIsAnError() throws Exception {
    ByteSource lazy =
        new ByteSource() {
          @Override
          public long size() {
            return 100;
          }

          @Override
          public void read(long offset, ByteBuffer dst) {
            dst.put((byte) 1);
          }
        };
    assertThat(assertFails(Kind.UNKNOWN, () -> over(memory).put(uri, lazy, PutOptions.DEFAULT)))
        .hasMessageContaining("1 of 100 bytes");
    ByteSource wrongView =
        new ByteSource() {
          @Override
          public long size() {
            return 100;
          }

          @Override
          public void read(long offset, ByteBuffer dst) {
            throw new AssertionError("not to be read");
          }

          @Override
          public ByteBuffer view(long offset, int length) {
            return ByteBuffer.allocate(99);
          }
        };
    assertThat(
            assertFails(Kind.UNKNOWN, () -> over(memory).put(uri, wrongView, PutOptions.DEFAULT)))
        .hasMessageContaining("99 of 100 bytes");
    assertThat(content()).isEqualTo(CONTENT);
  }

  @Test
  void aSourceThatIsInterruptedIsACancel() {
    ByteSource interrupted =
        new ByteSource() {
          @Override
          public long size() {
            return 100;
          }

          @Override
          public void read(long offset, ByteBuffer dst) throws IOException {
            throw new InterruptedIOException();
          }
        };
    assertFails(Kind.CANCELLED, () -> over(memory).put(uri, interrupted, PutOptions.DEFAULT));
  }

  @Test
  void closingTheStoreAbortsUploadsFirst() throws Exception {
    ObjectStore store = over(new Spoiling());
    MultipartUpload one = store.multipart(uri, PART, PutOptions.DEFAULT);
    one.putPart(1, source(bytes(10)));
    MultipartUpload two = store.multipart(uri, PART, PutOptions.DEFAULT);
    two.putPart(1, source(bytes(10)));
    two.complete();
    asked.clear();
    store.close();
    assertThat(asked).containsExactly("abort", "close");
    assertFails(Kind.INVALID, one::complete);
    one.close();
    store.close();
    assertThat(asked).as("a second close does nothing").containsExactly("abort", "close");
  }

  @Test
  void anInterruptEndsAnUploadThatHangs() throws Exception {
    CompletableFuture<Void> hung = new CompletableFuture<>();
    Thread caller = Thread.currentThread();
    ObjectStore store =
        oneByOne(
            new Spoiling() {
              @Override
              CompletableFuture<Void> part(PartUpload upload, int number, Payload part) {
                caller.interrupt();
                return hung;
              }

              @Override
              CompletableFuture<Void> abort(PartUpload upload) {
                assertThat(Thread.currentThread().isInterrupted())
                    .as("the clean-up is not interrupted")
                    .isFalse();
                return super.abort(upload);
              }
            });
    assertFails(Kind.CANCELLED, () -> store.put(uri, source(bytes(2 * PART)), PutOptions.DEFAULT));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(hung).isCancelled();
    assertThat(asked).containsExactly("start " + PART, "part 1", "abort");
  }

  @Test
  void noMoreRequestsAtATimeThanAllowed() throws Exception {
    List<Integer> underWay = Collections.synchronizedList(new ArrayList<>());
    java.util.concurrent.atomic.AtomicInteger now = new java.util.concurrent.atomic.AtomicInteger();
    ObjectStore store =
        over(
            new Spoiling() {
              @Override
              CompletableFuture<Void> part(PartUpload upload, int number, Payload part) {
                underWay.add(now.incrementAndGet());
                return CompletableFuture.runAsync(
                    () -> {
                      now.decrementAndGet();
                      upload.putPart(number, part).join();
                    });
              }
            },
            "max-concurrency",
            "3");
    List<CompletableFuture<PutResult>> puts = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ObjectUri to = bucket.withKey("many/" + i);
      puts.add(store.async().put(to, source(bytes(8 * PART)), PutOptions.DEFAULT));
    }
    for (CompletableFuture<PutResult> put : puts) {
      await(put);
    }
    assertThat(underWay).hasSize(40).allMatch(n -> n <= 3);
    assertThat(Arrays.stream(asked.toArray()).filter(a -> a.toString().startsWith("complete")))
        .hasSize(5);
  }
}
