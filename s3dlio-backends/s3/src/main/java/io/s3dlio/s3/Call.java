package io.s3dlio.s3;

import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestEvent;
import io.s3dlio.RequestEvent.Checksum;
import io.s3dlio.RequestListener;
import io.s3dlio.s3.http.Intake;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.http.SdkHttpExecutionAttribute;
import software.amazon.awssdk.http.SdkHttpRequest;

/** One request with its attempts, as the listener hears of it. */
final class Call implements Intake.Finder {

  /** How the HTTP client gets to know which call an attempt belongs to. */
  static final Attribute KEY = new Attribute();

  /** The method of the store that the caller called. */
  final String operation;

  /** What this request does for it. */
  final String request;

  final ObjectUri uri;
  final Endpoint endpoint;

  private final RequestListener listener;
  private final long offset;
  private final long payload;
  private final Checksum sent;
  private final AtomicInteger attempts = new AtomicInteger();
  private volatile Attempt current;

  private Call(
      String operation,
      String request,
      ObjectUri uri,
      long offset,
      long payload,
      Checksum sent,
      Connection connection) {
    this.operation = operation;
    this.request = request;
    this.uri = uri;
    this.offset = offset;
    this.payload = payload;
    this.sent = sent;
    this.endpoint = connection.endpoint();
    this.listener = connection.listener();
  }

  static Call of(String operation, String request, ObjectUri uri, Connection connection) {
    return new Call(operation, request, uri, -1, 0, Checksum.NONE, connection);
  }

  static Call reading(ObjectUri uri, long offset, Connection connection) {
    return new Call("get", "get", uri, offset, 0, Checksum.NONE, connection);
  }

  static Call writing(
      String request,
      ObjectUri uri,
      long offset,
      long payload,
      boolean checksum,
      Connection connection) {
    return new Call(
        "put", request, uri, offset, payload, checksum ? Checksum.SENT : Checksum.NONE, connection);
  }

  /** Whether a checksum, or the wish for one, goes with it. */
  boolean sendsChecksum() {
    return sent == Checksum.SENT || request.equals("startMultipart");
  }

  /** Attempts so far. */
  int attempts() {
    return attempts.get();
  }

  /** The attempt under way or the last one; null before the first. */
  Attempt current() {
    return current;
  }

  @Override
  public Intake intake() {
    Attempt now = current;
    return now == null || now.status >= 300 ? null : now.intake;
  }

  Attempt begin(SdkHttpRequest http) {
    finish(Optional.empty());
    Attempt attempt = new Attempt(attempts.incrementAndGet(), authority(http));
    current = attempt;
    return attempt;
  }

  /**
   * Reports the attempt that has ended.
   *
   * @param kind what went wrong, where that is known better than from the attempt itself
   */
  void finish(Optional<Kind> kind) {
    Attempt last = current;
    if (last != null) {
      last.report(kind);
    }
  }

  private static String authority(SdkHttpRequest http) {
    String protocol = http.protocol();
    boolean usual = http.port() == ("https".equals(protocol) ? 443 : 80);
    return protocol + "://" + http.host() + (usual ? "" : ":" + http.port());
  }

  /** One attempt. */
  final class Attempt {
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
    private volatile Checksum checksum = sent;
    private volatile Intake intake;

    private Attempt(int number, String server) {
      this.number = number;
      this.server = server;
    }

    void answered(int httpStatus) {
      firstByte = System.nanoTime();
      status = httpStatus;
    }

    /** Who takes the body of its answer. */
    void takenBy(Intake reader) {
      intake = reader;
    }

    /** All bytes wanted are there; what breaks off after this is no error. */
    void satisfied(long bytes) {
      received = bytes;
      satisfied = true;
    }

    void received(long bytes) {
      received = bytes;
    }

    void checksumReceived() {
      checksum = Checksum.RECEIVED;
    }

    /** The HTTP client is done with it; what it says first counts. */
    synchronized void end(Throwable failure) {
      if (end == 0) {
        end = System.nanoTime();
        error = failure;
      }
    }

    boolean endedWith(Throwable failure) {
      return error == failure;
    }

    private void report(Optional<Kind> known) {
      if (!reported.compareAndSet(false, true)) {
        return;
      }
      long ended = end == 0 ? System.nanoTime() : end;
      Optional<Kind> kind = known.or(this::kind);
      RequestEvent event =
          new RequestEvent(
              request,
              uri,
              offset,
              payload > 0 && kind.isEmpty() ? payload : received,
              number,
              server,
              start,
              firstByte == 0 ? ended : firstByte,
              ended,
              status,
              kind,
              checksum);
      listener.onRequest(event);
    }

    private Optional<Kind> kind() {
      if (status >= 300) {
        return Optional.of(S3Errors.kindOf(status));
      }
      return error == null || satisfied ? Optional.empty() : Optional.of(S3Errors.kindOf(error));
    }
  }

  /** The key of {@link #KEY}. */
  static final class Attribute extends SdkHttpExecutionAttribute<Call> {
    private Attribute() {
      super(Call.class);
    }
  }
}
