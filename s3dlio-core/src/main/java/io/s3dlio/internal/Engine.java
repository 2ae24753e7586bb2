package io.s3dlio.internal;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import io.s3dlio.buffer.BufferPool;
import io.s3dlio.buffer.Lease;
import io.s3dlio.spi.StoreBackend;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** What all operations of a store share: its backend, its limits, its threads and its memory. */
public final class Engine implements AutoCloseable {

  /** What a request may take beyond the backend's own deadline before it is given up. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** What the end of a store may take until its backend is closed. */
  private static final Duration LAST_REQUESTS = Duration.ofSeconds(10);

  final StoreBackend backend;
  final long partSize;
  final long threshold;
  final int maxConcurrency;
  final Pace pace = new Pace(System::nanoTime);

  private final BufferPool pool;
  private final Duration requestTimeout;
  private final Duration memoryTimeout;
  private final Semaphore permits;
  private final ThreadPoolExecutor threads;
  private final Set<CompletableFuture<?>> underWay = ConcurrentHashMap.newKeySet();
  private final Set<Multipart> uploads = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * Takes over a backend.
   *
   * @param backend the backend, closed with this
   * @param config the settings
   * @param pool the memory
   * @param name for the names of threads
   */
  public Engine(StoreBackend backend, StoreConfig config, BufferPool pool, String name) {
    this.backend = backend;
    this.pool = pool;
    this.partSize = config.get(StoreConfig.PART_SIZE);
    this.threshold = config.get(StoreConfig.MULTIPART_THRESHOLD);
    this.maxConcurrency = config.get(StoreConfig.MAX_CONCURRENCY);
    this.requestTimeout = config.get(StoreConfig.REQUEST_TIMEOUT).plus(GRACE);
    this.memoryTimeout = config.get(StoreConfig.MEMORY_TIMEOUT);
    this.permits = new Semaphore(maxConcurrency, true);
    AtomicInteger number = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            maxConcurrency,
            maxConcurrency,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "s3dlio-" + name + "-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * The backend.
   *
   * @return it
   */
  public StoreBackend backend() {
    return backend;
  }

  /**
   * The memory.
   *
   * @return the pool
   */
  public BufferPool pool() {
    return pool;
  }

  /**
   * Makes a request and waits for it, within the limits of concurrency and time.
   *
   * @param <T> the answer
   * @param operation for messages
   * @param uri for messages
   * @param request starts the request
   * @return the answer
   * @throws ObjectStoreException what went wrong
   */
  public <T> T call(String operation, ObjectUri uri, Supplier<CompletableFuture<T>> request)
      throws ObjectStoreException {
    return call(Scope.NONE, operation, uri, request);
  }

  <T> T call(Scope scope, String operation, ObjectUri uri, Supplier<CompletableFuture<T>> request)
      throws ObjectStoreException {
    return call(scope, operation, uri, request, answer -> answer);
  }

  /** The same; the meaning of the answer is told before the request counts as over. */
  <T, R> R call(
      Scope scope,
      String operation,
      ObjectUri uri,
      Supplier<CompletableFuture<T>> request,
      Function<T, R> meaning)
      throws ObjectStoreException {
    acquirePermit(operation, uri, requestTimeout);
    try {
      checkOpen(operation, uri);
      CompletableFuture<T> future = request.get();
      underWay.add(future);
      try {
        if (closed) {
          future.cancel(true);
        }
        return meaning.apply(await(scope, operation, uri, future, requestTimeout));
      } finally {
        underWay.remove(future);
      }
    } finally {
      permits.release();
    }
  }

  /** Takes a turn to make a request with {@link #send}, if there is one now. */
  boolean tryTurn() {
    return permits.tryAcquire();
  }

  /** Waits for a turn to make a request with {@link #send}. */
  void turn(String operation, ObjectUri uri) throws ObjectStoreException {
    acquirePermit(operation, uri, requestTimeout);
  }

  /** Gives a turn back that was not used. */
  void giveTurnBack() {
    permits.release();
  }

  /**
   * Makes a request for which the caller has taken a turn, without waiting for it. The turn goes
   * back when it ends.
   *
   * @param done hears of the end, on whatever thread brings it; must not throw
   * @return the request
   */
  <T> CompletableFuture<T> send(
      Supplier<CompletableFuture<T>> request, BiConsumer<? super T, Throwable> done) {
    CompletableFuture<T> future;
    try {
      future = request.get();
    } catch (RuntimeException e) {
      future = CompletableFuture.failedFuture(e);
    }
    CompletableFuture<T> sent = future;
    underWay.add(sent);
    sent.whenComplete(
        (answer, failure) -> {
          underWay.remove(sent);
          permits.release();
          done.accept(answer, failure);
        });
    if (closed) {
      sent.cancel(true);
    }
    return sent;
  }

  /** What a request that was sent has failed with. */
  ObjectStoreException failure(String operation, ObjectUri uri, Throwable failure) {
    // A stage behind the one that failed wraps what it hears; Future.get unwraps, this does not.
    boolean wrapped = failure instanceof CompletionException && failure.getCause() != null;
    Throwable cause = wrapped ? failure.getCause() : failure;
    return cause instanceof CancellationException e
        ? cancelled(operation, uri, "given up", e)
        : unexpected(operation, uri, cause);
  }

  /** What a request has failed with that was given up after {@link #requestTimeout}. */
  ObjectStoreException overdue(String operation, ObjectUri uri, Throwable cause) {
    return overdue(operation, uri, requestTimeout, cause);
  }

  private static ObjectStoreException overdue(
      String operation, ObjectUri uri, Duration limit, Throwable cause) {
    return new ObjectStoreException(
        Kind.TIMEOUT,
        operation,
        uri,
        "no answer within " + limit.toSeconds() + " s (request-timeout)",
        cause);
  }

  /** The longest wait for one request. */
  Duration requestTimeout() {
    return requestTimeout;
  }

  /** Makes the request that clears up after others, also when the store is being closed. */
  void abort(ObjectUri uri, Supplier<CompletableFuture<Void>> request) throws ObjectStoreException {
    Duration limit = closed ? LAST_REQUESTS : requestTimeout;
    acquirePermit("abort", uri, limit);
    try {
      await(Scope.NONE, "abort", uri, request.get(), limit);
    } finally {
      permits.release();
    }
  }

  private void acquirePermit(String operation, ObjectUri uri, Duration limit)
      throws ObjectStoreException {
    try {
      if (permits.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      throw interrupted(operation, uri, e);
    }
    throw new ObjectStoreException(
        Kind.TIMEOUT,
        operation,
        uri,
        "no turn within "
            + limit.toSeconds()
            + " s; "
            + maxConcurrency
            + " requests are under way; raise max-concurrency or request-timeout",
        null);
  }

  private <T> T await(
      Scope scope, String operation, ObjectUri uri, CompletableFuture<T> future, Duration limit)
      throws ObjectStoreException {
    scope.enter(future);
    try {
      return future.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw unexpected(operation, uri, e.getCause());
    } catch (CancellationException e) {
      throw cancelled(operation, uri, "given up", e);
    } catch (TimeoutException e) {
      return givenUp(future, overdue(operation, uri, limit, e));
    } catch (InterruptedException e) {
      return givenUp(future, interrupted(operation, uri, e));
    } finally {
      scope.leave(future);
    }
  }

  /**
   * Gives a request up. If its answer comes at that very moment, it counts: it may be the name of
   * an upload that only we can abort.
   */
  private static <T> T givenUp(CompletableFuture<T> future, ObjectStoreException why)
      throws ObjectStoreException {
    if (!future.cancel(true) && !future.isCompletedExceptionally()) {
      return future.join();
    }
    throw why;
  }

  /**
   * Refuses what comes after the end.
   *
   * @param operation for messages
   * @param uri for messages
   * @throws ObjectStoreException of kind INVALID if the store is closed
   */
  public void checkOpen(String operation, ObjectUri uri) throws ObjectStoreException {
    if (closed) {
      throw new ObjectStoreException(Kind.INVALID, operation, uri, "this store is closed", null);
    }
  }

  /** Refuses to begin what an interrupted thread would give up at its first wait. */
  void checkNotInterrupted(String operation, ObjectUri uri) throws ObjectStoreException {
    if (Thread.currentThread().isInterrupted()) {
      throw cancelled(operation, uri, "interrupted", null);
    }
  }

  ObjectStoreException interrupted(String operation, ObjectUri uri, InterruptedException e) {
    Thread.currentThread().interrupt();
    return cancelled(operation, uri, "interrupted", e);
  }

  private ObjectStoreException cancelled(
      String operation, ObjectUri uri, String detail, Exception e) {
    return closed
        ? new ObjectStoreException(Kind.INVALID, operation, uri, "this store was closed", e)
        : new ObjectStoreException(Kind.CANCELLED, operation, uri, detail, e);
  }

  static ObjectStoreException unexpected(String operation, ObjectUri uri, Throwable cause) {
    return cause instanceof ObjectStoreException failure
        ? failure
        : new ObjectStoreException(Kind.UNKNOWN, operation, uri, String.valueOf(cause), cause);
  }

  /**
   * Memory, within the budget.
   *
   * @param operation what for
   * @param uri what for
   * @param size bytes
   * @return the memory, which the caller closes
   * @throws ObjectStoreException if there is none in time
   */
  Lease memory(String operation, ObjectUri uri, long size) throws ObjectStoreException {
    try {
      return pool.acquire(size, new Purpose(operation, uri), memoryTimeout);
    } catch (ObjectStoreException e) {
      throw new ObjectStoreException(e.kind(), operation, uri, e.getMessage(), e);
    }
  }

  /**
   * Runs tasks 0 to count - 1 on the calling thread and on as many threads of the store as are
   * free. After the first failure no task is begun and requests under way are given up; returns or
   * throws when no task is running any more.
   */
  void parallel(int count, Parallel.Task task) throws ObjectStoreException {
    parallel(Scope.NONE, maxConcurrency, count, task);
  }

  /** The same on at most so many threads; when the outer scope is given up, so is all of it. */
  void parallel(Scope outer, int width, int count, Parallel.Task task) throws ObjectStoreException {
    Parallel.run(threads, outer, Math.min(Math.min(width, count), maxConcurrency), count, task);
  }

  /** Runs a task when a thread of the store is free; never, if the store is closed before. */
  void offer(Runnable task) {
    try {
      threads.execute(task);
    } catch (RejectedExecutionException e) {
      // Whoever needs the task runs it, and hears from its first request that the store is closed.
    }
  }

  /**
   * Runs an operation on a thread of the store.
   *
   * @param <T> its result
   * @param operation what to do
   * @param discard gives up a result that nobody will take, since the future was cancelled
   * @return completed with what it returns or throws; cancelling it interrupts the operation
   */
  public <T> CompletableFuture<T> submit(Callable<T> operation, Consumer<T> discard) {
    CompletableFuture<T> result = new CompletableFuture<>();
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              try {
                T value = operation.call();
                if (!result.complete(value)) {
                  discard.accept(value);
                }
              } catch (Exception | Error e) {
                result.completeExceptionally(e);
              }
              return null;
            });
    result.whenComplete(
        (value, failure) -> {
          if (result.isCancelled()) {
            task.cancel(true);
          }
        });
    try {
      threads.execute(task);
    } catch (RejectedExecutionException e) {
      task.run(); // which fails at once, and says that the store is closed
    }
    return result;
  }

  /** An upload that has to be completed or aborted before the backend is closed. */
  void begun(Multipart upload) {
    uploads.add(upload);
  }

  void ended(Multipart upload) {
    uploads.remove(upload);
  }

  @Override
  public synchronized void close() throws ObjectStoreException {
    if (closed) {
      return;
    }
    closed = true;
    List<Runnable> queued = threads.shutdownNow();
    underWay.forEach(request -> request.cancel(true));
    for (Runnable task : queued) {
      if (task instanceof FutureTask<?>) {
        task.run(); // as above
      }
    }
    // An interrupt is what may have brought us here; what there is to wait for has its own limits.
    boolean interrupted = Thread.interrupted();
    try {
      interrupted |= awaitRequests();
      abortUploads();
    } finally {
      backend.close();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** All were given up, and are over soon: then it is known which uploads there are. */
  private boolean awaitRequests() {
    try {
      if (permits.tryAcquire(maxConcurrency, LAST_REQUESTS.toNanos(), TimeUnit.NANOSECONDS)) {
        permits.release(maxConcurrency);
      }
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }

  private void abortUploads() throws ObjectStoreException {
    ObjectStoreException failure = null;
    for (Multipart upload : uploads) {
      try {
        upload.close();
      } catch (ObjectStoreException e) {
        if (e.kind() == Kind.TIMEOUT) {
          throw e; // the store does not answer; each of the others would take as long
        }
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
