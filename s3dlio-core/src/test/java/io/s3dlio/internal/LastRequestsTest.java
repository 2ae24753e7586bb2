package io.s3dlio.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.MultipartUpload;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.PutResult;
import io.s3dlio.spi.PartUpload;
import io.s3dlio.spi.Payload;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The end of a store comes after the aborts that other threads have begun. */
@Timeout(60)
class LastRequestsTest extends EngineFixture {

  private final CountDownLatch aborting = new CountDownLatch(1);
  private final CompletableFuture<Void> aborted = new CompletableFuture<>();
  private volatile boolean closed;

  private final class Slow extends Memory {
    @Override
    public CompletableFuture<PartUpload> startMultipart(
        ObjectUri at, long partSize, PutOptions options) {
      return CompletableFuture.completedFuture(new SlowUpload());
    }

    @Override
    public void close() throws ObjectStoreException {
      closed = true;
      super.close();
    }
  }

  private final class SlowUpload implements PartUpload {
    @Override
    public CompletableFuture<Void> putPart(int number, Payload part) {
      throw new AssertionError();
    }

    @Override
    public CompletableFuture<PutResult> complete(int count, long size, Optional<Integer> crc) {
      throw new AssertionError();
    }

    @Override
    public CompletableFuture<Void> abort() {
      aborting.countDown();
      return aborted;
    }
  }

  @Test
  void closingWaitsForAnAbortUnderWay() throws Exception {
    ObjectStore store = over(new Slow());
    MultipartUpload upload = store.multipart(uri, PART, PutOptions.DEFAULT);
    FutureTask<Void> abort = started(upload::close);
    assertThat(aborting.await(30, TimeUnit.SECONDS)).isTrue();
    FutureTask<Boolean> end =
        new FutureTask<>(
            () -> {
              Thread.currentThread().interrupt(); // as by Ctrl-C
              store.close();
              return Thread.interrupted();
            });
    Thread closer = new Thread(end);
    closer.start();
    while (!closed && !isWaiting(closer)) {
      Thread.onSpinWait();
    }
    assertThat(closed).isFalse();
    aborted.complete(null);
    assertThat(end.get(30, TimeUnit.SECONDS)).as("interrupted still").isTrue();
    abort.get(30, TimeUnit.SECONDS);
    assertThat(closed).isTrue();
  }

  /** Interrupted just when the store tells the name of the upload. */
  private final class AtTheSameMoment extends Memory {
    @Override
    public CompletableFuture<PartUpload> startMultipart(
        ObjectUri at, long partSize, PutOptions options) {
      return new CompletableFuture<>() {
        @Override
        public PartUpload get(long timeout, TimeUnit unit) throws InterruptedException {
          complete(new SlowUpload());
          throw new InterruptedException();
        }
      };
    }
  }

  @Test
  void anUploadThatBeginsAtTheMomentOfTheInterruptIsNotForgotten() throws Exception {
    aborted.complete(null);
    try (ObjectStore store = over(new AtTheSameMoment())) {
      store.multipart(uri, PART, PutOptions.DEFAULT).close();
      assertThat(Thread.interrupted()).as("interrupted still").isTrue();
      assertThat(aborting.getCount()).isZero();
    }
  }

  private static boolean isWaiting(Thread thread) {
    return switch (thread.getState()) {
      case WAITING, TIMED_WAITING, BLOCKED -> true;
      default -> false;
    };
  }

  private interface Work {
    void run() throws Exception;
  }

  private static FutureTask<Void> started(Work work) {
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              work.run();
              return null;
            });
    new Thread(task).start();
    return task;
  }
}
