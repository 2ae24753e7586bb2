package io.s3dlio.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.s3dlio.ByteSource;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a save has ended, nobody reads the caller's tensors any more; how it ended is told. */
@Timeout(120)
class CallersTensorsTest {

  /** Several chunks of zeros, of which something happens when they are read for their checksum. */
  private abstract static class Watched implements ByteSource {

    final Thread caller = Thread.currentThread();
    final CountDownLatch hashing = new CountDownLatch(1);
    volatile Thread hasher;

    abstract void hash() throws Exception;

    @Override
    public long size() {
      return 4L * Extent.CHUNK;
    }

    @Override
    public void read(long offset, ByteBuffer dst) throws IOException {
      if (Thread.currentThread() != caller) {
        hasher = Thread.currentThread();
        hashing.countDown();
        try {
          hash();
        } catch (IOException e) {
          throw e;
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
      while (dst.hasRemaining()) {
        dst.put((byte) 0);
      }
    }

    /** Until the thread that computes checksums is told to stop. */
    static void awaitInterrupt() {
      try {
        assertThat(new CountDownLatch(1).await(60, TimeUnit.SECONDS)).as("it is told").isTrue();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static ObjectStoreException failure(Watched source, ShardPuts.Before put)
      throws Exception {
    ObjectUri bucket = ObjectUri.parse("memory://" + UUID.randomUUID() + "/");
    try (ObjectStore store =
            ObjectStores.open(
                bucket,
                StoreConfig.defaults(),
                RequestListener.NONE,
                List.of(
                    ShardPuts.after(
                        () -> {
                          source.hashing.await();
                          put.put();
                        })));
        CheckpointStore checkpoints =
            CheckpointStore.over(store, bucket, CheckpointOptions.DEFAULT)) {
      store.createBucket(bucket);
      CheckpointWriter writer = checkpoints.writer(1, 0, 1).opaque(source);
      return catchThrowableOfType(ObjectStoreException.class, writer::finish);
    }
  }

  /** As slow to stop as can be: it ends when the caller waits for that, or does not. */
  private static final class Slow extends Watched {
    private volatile boolean over;
    private volatile boolean late;

    @Override
    void hash() {
      late |= Thread.currentThread().isInterrupted();
      awaitInterrupt();
      while (!over && !ShardPuts.isWaiting(caller)) {
        Thread.onSpinWait();
      }
      late |= over;
    }
  }

  @Test
  void areNotReadAfterAFailure() throws Exception {
    Slow source = new Slow();
    ObjectStoreException e =
        failure(
            source,
            () -> {
              throw new ObjectStoreException(Kind.PERMISSION_DENIED, "put", null, "no", null);
            });
    source.over = true;
    assertThat(e.kind()).isEqualTo(Kind.PERMISSION_DENIED);
    source.hasher.join();
    assertThat(source.late).as("bytes were read after finish() had thrown").isFalse();
  }

  @Test
  void anInterruptIsNoErrorOfTheirs() throws Exception {
    CountDownLatch put = new CountDownLatch(1);
    Watched source =
        new Watched() {
          @Override
          void hash() throws Exception {
            put.await();
            ShardPuts.awaitWaiting(caller);
            caller.interrupt();
            awaitInterrupt();
          }
        };
    ObjectStoreException e = failure(source, put::countDown);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(e.kind()).isEqualTo(Kind.CANCELLED);
  }

  @Test
  void whatTheirSourceSaysIsTold() throws Exception {
    ObjectStoreException known =
        new ObjectStoreException(Kind.PERMISSION_DENIED, "get", null, "no", null);
    Watched source =
        new Watched() {
          @Override
          void hash() throws IOException {
            throw known;
          }
        };
    assertThat(failure(source, () -> {})).isSameAs(known);
  }
}
