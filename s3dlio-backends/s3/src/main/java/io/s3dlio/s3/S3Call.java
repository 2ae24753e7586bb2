package io.s3dlio.s3;

import io.s3dlio.ByteRange;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.http.Intake;
import io.s3dlio.rest.Call;
import java.util.Optional;
import software.amazon.awssdk.http.SdkHttpExecutionAttribute;
import software.amazon.awssdk.http.SdkHttpRequest;

/** One request to S3. */
final class S3Call extends Call {

  /** How the HTTP client gets to know which call an attempt belongs to. */
  static final Attribute KEY = new Attribute();

  final Endpoint endpoint;

  private volatile Taker taker;

  /** Who takes the body of which attempt. */
  private record Taker(Attempt attempt, Intake intake) {}

  private S3Call(What what, Connection connection) {
    super(what, "s3", connection.endpoint().describe(), connection.listener());
    this.endpoint = connection.endpoint();
  }

  static S3Call of(String operation, String request, ObjectUri uri, Connection connection) {
    return new S3Call(What.of(operation, request, uri), connection);
  }

  static S3Call reading(ObjectUri uri, ByteRange range, Connection connection) {
    return new S3Call(What.reading(uri, range), connection);
  }

  static S3Call writing(
      String request,
      ObjectUri uri,
      long offset,
      long payload,
      boolean checksum,
      Connection connection) {
    return new S3Call(What.writing(request, uri, offset, payload, checksum), connection);
  }

  /** Whether a checksum, or the wish for one, goes with it. */
  boolean sendsChecksum() {
    return hasChecksum() || request().equals("startMultipart");
  }

  /** Names who takes the body of the answer to an attempt. */
  void takenBy(Attempt attempt, Intake intake) {
    taker = new Taker(attempt, intake);
  }

  /** Who takes the body of the answer whose head the SDK has just been given; null if it does. */
  Intake intake() {
    Attempt now = current();
    Taker known = taker;
    return now == null || now.status() >= 300 || known == null || known.attempt != now
        ? null
        : known.intake;
  }

  /** Begins an attempt. An answer that came in full and is asked for again cannot be read. */
  Attempt begin(SdkHttpRequest http) {
    Attempt last = current();
    if (last != null && last.status() > 0 && last.status() < 300 && last.endedWith(null)) {
      finish(Optional.of(Kind.UNAVAILABLE));
    }
    return begin(authority(http));
  }

  private static String authority(SdkHttpRequest http) {
    String protocol = http.protocol();
    boolean usual = http.port() == ("https".equals(protocol) ? 443 : 80);
    return protocol + "://" + http.host() + (usual ? "" : ":" + http.port());
  }

  @Override
  protected Kind kindOf(Throwable error) {
    return S3Errors.kindOf(this, error);
  }

  /** The type of {@link #KEY}. */
  static final class Attribute extends SdkHttpExecutionAttribute<S3Call> {
    private Attribute() {
      super(S3Call.class);
    }
  }
}
