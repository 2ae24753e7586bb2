package io.s3dlio.file;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestEvent;
import io.s3dlio.RequestListener;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Does requests on the calling thread, names their errors and reports each to the listener. */
final class Requests {

  private final RequestListener listener;

  Requests(RequestListener listener) {
    this.listener = listener;
  }

  /** What a request does. */
  interface Work<T> {
    T run(Meter meter) throws IOException;
  }

  /** What a request tells about itself while it runs. */
  static final class Meter {
    /** First byte asked for, or -1. */
    long offset = -1;

    /** Payload bytes moved. */
    long bytes;

    /** When the first byte was there, or 0. */
    long firstByteNanos;

    void moved(long n) {
      bytes += n;
      if (firstByteNanos == 0) {
        firstByteNanos = System.nanoTime();
      }
    }
  }

  <T> CompletableFuture<T> run(String operation, ObjectUri uri, Work<T> work) {
    Meter meter = new Meter();
    long start = System.nanoTime();
    try {
      T result = work.run(meter);
      report(operation, uri, meter, start, Optional.empty());
      return CompletableFuture.completedFuture(result);
    } catch (IOException | RuntimeException e) {
      ObjectStoreException error = FileErrors.of(operation, uri, e);
      report(operation, uri, meter, start, Optional.of(error.kind()));
      return CompletableFuture.failedFuture(error);
    }
  }

  private void report(
      String operation,
      ObjectUri uri,
      Meter meter,
      long start,
      Optional<ObjectStoreException.Kind> error) {
    long end = System.nanoTime();
    listener.onRequest(
        new RequestEvent(
            operation,
            uri,
            meter.offset,
            meter.bytes,
            1,
            uri.scheme(),
            start,
            meter.firstByteNanos == 0 ? end : meter.firstByteNanos,
            end,
            0,
            error,
            RequestEvent.Checksum.NONE));
  }
}
