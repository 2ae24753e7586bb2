package io.s3dlio.rest;

import io.s3dlio.ByteRange;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestEvent;
import io.s3dlio.RequestEvent.Checksum;
import io.s3dlio.RequestListener;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** One request with its attempts, as the listener hears of it. Thread-safe. */
public class Call {

  /**
   * What a request is.
   *
   * @param operation the method of the store that the caller called
   * @param request what this request does for it
   * @param uri the object, prefix or bucket
   * @param offset first byte asked for or sent; -1 for no range
   * @param payload bytes sent
   * @param checksum whether a checksum of these goes with them
   */
  public record What(
      String operation,
      String request,
      ObjectUri uri,
      long offset,
      long payload,
      boolean checksum) {

    /**
     * A request that moves no payload.
     *
     * @param operation the method of the store
     * @param request what it does for it
     * @param uri the object, prefix or bucket
     * @return what it is
     */
    public static What of(String operation, String request, ObjectUri uri) {
      return new What(operation, request, uri, -1, 0, false);
    }

    /**
     * A read.
     *
     * @param uri the object
     * @param range which bytes
     * @return what it is
     */
    public static What reading(ObjectUri uri, ByteRange range) {
      long offset =
          range instanceof ByteRange.Bounded b
              ? b.offset()
              : range instanceof ByteRange.From f ? f.offset() : -1;
      return new What("get", "get", uri, offset, 0, false);
    }

    /**
     * A write.
     *
     * @param request what it does for {@code put}
     * @param uri the object
     * @param offset where its bytes begin; -1 for all of an object
     * @param payload how many
     * @param checksum whether a checksum goes with them
     * @return what it is
     */
    public static What writing(
        String request, ObjectUri uri, long offset, long payload, boolean checksum) {
      return new What("put", request, uri, offset, payload, checksum);
    }
  }

  private final What what;
  private final String store;
  private final String where;
  private final RequestListener listener;
  private final AtomicInteger attempts = new AtomicInteger();
  private volatile Attempt current;

  /**
   * Has no attempt yet.
   *
   * @param what what it is
   * @param store what the names of the store's settings begin with, such as {@code s3}
   * @param where the endpoint, for messages
   * @param listener hears of each attempt
   */
  public Call(What what, String store, String where, RequestListener listener) {
    this.what = what;
    this.store = store;
    this.where = where;
    this.listener = listener;
  }

  /**
   * The method of the store that the caller called.
   *
   * @return such as {@code get}
   */
  public final String operation() {
    return what.operation;
  }

  /**
   * What this request does for it.
   *
   * @return such as {@code head}
   */
  public final String request() {
    return what.request;
  }

  /**
   * What it is about.
   *
   * @return the object, prefix or bucket
   */
  public final ObjectUri uri() {
    return what.uri;
  }

  /**
   * Whose settings it follows.
   *
   * @return such as {@code s3}
   */
  public final String store() {
    return store;
  }

  /**
   * The endpoint, for messages.
   *
   * @return such as {@code http://127.0.0.1:9000}
   */
  public final String where() {
    return where;
  }

  /**
   * Whether a checksum of its payload goes with it.
   *
   * @return false also if there is no payload
   */
  public final boolean hasChecksum() {
    return what.checksum;
  }

  /**
   * How often it was tried.
   *
   * @return attempts so far
   */
  public final int attempts() {
    return attempts.get();
  }

  /**
   * The attempt under way or the last one.
   *
   * @return null before the first
   */
  public final Attempt current() {
    return current;
  }

  /**
   * Begins an attempt; reports the one before.
   *
   * @param server who is asked
   * @return the attempt
   */
  public final Attempt begin(String server) {
    finish(Optional.empty());
    Attempt attempt = new Attempt(attempts.incrementAndGet(), server);
    current = attempt;
    return attempt;
  }

  /**
   * Reports the attempt that has ended.
   *
   * @param kind what went wrong, where that is known better than from the attempt itself
   */
  public final void finish(Optional<Kind> kind) {
    Attempt last = current;
    if (last != null) {
      last.report(kind);
    }
  }

  /**
   * What a failure without an answer means.
   *
   * @param error what the HTTP client said
   * @return the kind
   */
  protected Kind kindOf(Throwable error) {
    return Failures.of(this, error).kind();
  }

  /** One attempt. */
  public final class Attempt {
    private final int number;
    private final String server;
    private final long start = System.nanoTime();
    private final AtomicBoolean reported = new AtomicBoolean();
    private volatile long end;
    private volatile Throwable error;
    private volatile long firstByte;
    private volatile int status;
    private volatile long received;
    private volatile boolean satisfied;
    private volatile boolean checksumReceived;

    private Attempt(int number, String server) {
      this.number = number;
      this.server = server;
    }

    /**
     * The head of the answer is there.
     *
     * @param httpStatus what it says
     */
    public void answered(int httpStatus) {
      firstByte = System.nanoTime();
      status = httpStatus;
    }

    /**
     * What the server said.
     *
     * @return 0 if it has not answered
     */
    public int status() {
      return status;
    }

    /**
     * All bytes wanted are there; what breaks off after this is no error.
     *
     * @param bytes how many
     */
    void satisfied(long bytes) {
      received = bytes;
      satisfied = true;
    }

    void received(long bytes) {
      received = bytes;
    }

    void checksumReceived() {
      checksumReceived = true;
    }

    /**
     * The HTTP client is done with it; what it says first counts.
     *
     * @param failure what went wrong, or null
     */
    public synchronized void end(Throwable failure) {
      if (end == 0) {
        end = System.nanoTime();
        error = failure;
      }
    }

    /**
     * Whether it failed so.
     *
     * @param failure what is thrown about
     * @return true if the HTTP client said that of this attempt
     */
    public boolean endedWith(Throwable failure) {
      return error == failure;
    }

    private void report(Optional<Kind> known) {
      if (!reported.compareAndSet(false, true)) {
        return;
      }
      long ended = end == 0 ? System.nanoTime() : end;
      Optional<Kind> kind = known.or(this::kind);
      Checksum checksum =
          checksumReceived ? Checksum.RECEIVED : what.checksum ? Checksum.SENT : Checksum.NONE;
      listener.onRequest(
          new RequestEvent(
              what.request,
              what.uri,
              what.offset,
              what.payload > 0 && kind.isEmpty() ? what.payload : received,
              number,
              server,
              start,
              firstByte == 0 ? ended : firstByte,
              ended,
              status,
              kind,
              checksum));
    }

    private Optional<Kind> kind() {
      if (status >= 300) {
        return Optional.of(Failures.kindOf(status));
      }
      return error == null || satisfied ? Optional.empty() : Optional.of(kindOf(error));
    }
  }
}
