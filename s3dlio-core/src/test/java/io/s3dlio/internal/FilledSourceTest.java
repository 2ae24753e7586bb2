package io.s3dlio.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.PutResult;
import io.s3dlio.buffer.Lease;
import io.s3dlio.spi.FilledSource;
import io.s3dlio.spi.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Uploads from memory that somebody filled before. */
class FilledSourceTest extends EngineFixture {

  private static final int SMALL = PART - 5;

  /** Has the even parts filled, and the odd ones to be read. */
  private class EveryOther implements FilledSource {

    ByteBuffer last;

    @Override
    public long size() {
      return LARGE;
    }

    @Override
    public Lease take(long offset, long length) throws IOException {
      if (offset / PART % 2 == 1) {
        return null;
      }
      Lease lease = pool.acquire(length, "a filled part", Duration.ofSeconds(1));
      last = lease.buffers().get(0);
      last.duplicate().put(CONTENT, (int) offset, (int) length);
      return lease;
    }

    @Override
    public void read(long offset, ByteBuffer dst) {
      assertThat(offset / PART % 2).isEqualTo(1);
      dst.put(CONTENT, (int) offset, dst.remaining());
    }
  }

  private class Small extends EveryOther {
    @Override
    public long size() {
      return SMALL;
    }
  }

  @Test
  void sendsWhatIsFilledAndReadsTheRest() throws Exception {
    ObjectStore store = over(new Memory());
    store.put(uri, new EveryOther(), PutOptions.DEFAULT);
    assertThat(pool.used()).isZero();
    assertThat(content()).isEqualTo(CONTENT);
  }

  @Test
  void sendsFromTheVeryMemory() throws Exception {
    Small source = new Small();
    ObjectStore store =
        over(
            new Memory() {
              @Override
              public CompletableFuture<PutResult> put(ObjectUri u, Payload body, PutOptions o) {
                ByteBuffer sent = body.buffers().get(0);
                byte before = sent.get(7);
                source.last.put(7, (byte) ~before);
                assertThat(sent.get(7)).isEqualTo((byte) ~before);
                source.last.put(7, before);
                return memory.put(u, body, o);
              }
            });
    store.put(uri, source, PutOptions.DEFAULT);
  }

  @Test
  void givesMemoryBackWhenTheStoreFails() {
    ObjectStore store =
        over(
            new Memory() {
              @Override
              public CompletableFuture<PutResult> put(ObjectUri u, Payload body, PutOptions o) {
                return CompletableFuture.failedFuture(
                    new ObjectStoreException(Kind.UNAVAILABLE, "put", u, "down", null));
              }
            });
    assertThatThrownBy(() -> store.put(uri, new Small(), PutOptions.DEFAULT))
        .hasMessageContaining("down");
    assertThat(pool.used()).isZero();
  }

  @Test
  void saysThatTheBytesCannotBeHad() {
    IOException why = new IOException("nobody fills it");
    FilledSource source =
        new Small() {
          @Override
          public Lease take(long offset, long length) throws IOException {
            throw why;
          }
        };
    assertThatThrownBy(() -> over(new Memory()).put(uri, source, PutOptions.DEFAULT))
        .isInstanceOf(ObjectStoreException.class)
        .hasMessageContaining("the source cannot be read")
        .hasCause(why);
  }

  @Test
  void tellsHowMuchARequestCarries() throws Exception {
    ObjectStore store = over(new Memory());
    assertThat(store.requestSize(uri, 0)).isZero();
    assertThat(store.requestSize(uri, PART)).isEqualTo(PART);
    assertThat(store.requestSize(uri, PART + 1)).isEqualTo(PART);
    assertThat(store.requestSize(uri, LARGE)).isEqualTo(PART);
    assertThatThrownBy(() -> store.requestSize(uri, Long.MAX_VALUE))
        .isInstanceOf(ObjectStoreException.class)
        .hasMessageContaining("too many");
  }
}
