package io.s3dlio.s3;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import java.io.CharConversionException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.time.DateTimeException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.xml.stream.XMLStreamException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** From what the SDK throws to what callers are told. One table for all requests. */
final class S3Errors {

  /** By the code in the body of an error; where there is none, the status decides. */
  private static final Map<String, Kind> KINDS = new HashMap<>();

  /**
   * How the SDK's client begins to say that a request was stuck; the rest of it is about others.
   */
  private static final String SDK_WRITES_NOTHING = "No data was written to the request body within";

  static {
    put(Kind.NOT_FOUND, "NoSuchKey", "NoSuchBucket", "NoSuchVersion");
    put(Kind.ALREADY_EXISTS, "BucketAlreadyExists", "BucketAlreadyOwnedByYou");
    put(Kind.PRECONDITION_FAILED, "PreconditionFailed");
    put(Kind.RANGE_NOT_SATISFIABLE, "InvalidRange");
    put(Kind.PERMISSION_DENIED, "AccessDenied", "AllAccessDisabled", "AccountProblem");
    put(
        Kind.UNAUTHENTICATED,
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "ExpiredToken",
        "InvalidToken",
        "TokenRefreshRequired",
        "RequestTimeTooSkewed",
        "RequestExpired",
        "MissingSecurityHeader");
    put(
        Kind.THROTTLED,
        "SlowDown",
        "SlowDownRead",
        "SlowDownWrite",
        "Throttling",
        "ThrottlingException",
        "TooManyRequests",
        "RequestLimitExceeded",
        "BandwidthLimitExceeded");
    put(Kind.TIMEOUT, "RequestTimeout");
    put(
        Kind.UNAVAILABLE,
        "InternalError",
        "ServiceUnavailable",
        "OperationAborted",
        "ConditionalRequestConflict");
    put(
        Kind.CHECKSUM_MISMATCH,
        "BadDigest",
        "XAmzContentChecksumMismatch",
        "XAmzContentSHA256Mismatch");
    put(Kind.OUT_OF_RESOURCES, "QuotaExceeded", "TooManyBuckets", "XMinioStorageFull");
    put(Kind.UNSUPPORTED, "NotImplemented", "MethodNotAllowed", "InvalidObjectState");
    put(
        Kind.INVALID,
        "AuthorizationHeaderMalformed",
        "BucketNotEmpty",
        "EntityTooLarge",
        "EntityTooSmall",
        "IllegalLocationConstraintException",
        "InvalidArgument",
        "InvalidBucketName",
        "InvalidDigest",
        "InvalidRequest",
        "KeyTooLongError",
        "MetadataTooLarge",
        "PermanentRedirect");
  }

  private S3Errors() {}

  private static void put(Kind kind, String... codes) {
    for (String code : codes) {
      KINDS.put(code, kind);
    }
  }

  /** What a status says on its own. */
  static Kind kindOf(int status) {
    return switch (status) {
      case 304, 412 -> Kind.PRECONDITION_FAILED;
      case 401 -> Kind.UNAUTHENTICATED;
      case 403 -> Kind.PERMISSION_DENIED;
      case 404 -> Kind.NOT_FOUND;
      case 405, 501 -> Kind.UNSUPPORTED;
      case 408 -> Kind.TIMEOUT;
      case 416 -> Kind.RANGE_NOT_SATISFIABLE;
      case 429 -> Kind.THROTTLED;
      case 507 -> Kind.OUT_OF_RESOURCES;
      case 409 -> Kind.UNKNOWN;
      default -> status >= 500 ? Kind.UNAVAILABLE : Kind.INVALID;
    };
  }

  /** What a failure without an answer says, and what a failure with one says. */
  static Kind kindOf(Throwable error) {
    return cause(error, S3Exception.class)
        .map(S3Errors::kindOf)
        .orElseGet(() -> withoutAnswer(error, "").kind());
  }

  private static Kind kindOf(S3Exception e) {
    Kind byCode = KINDS.get(code(e));
    return byCode != null ? byCode : kindOf(e.statusCode());
  }

  /** Translates a failure of a call. */
  static ObjectStoreException of(Call call, Throwable error) {
    Optional<ObjectStoreException> ours = cause(error, ObjectStoreException.class);
    if (ours.isPresent()) {
      return ours.get();
    }
    Optional<ReadTransformer.RefusedException> refused =
        cause(error, ReadTransformer.RefusedException.class);
    if (refused.isPresent()) {
      return refused.get().why;
    }
    Optional<S3Exception> answered = cause(error, S3Exception.class);
    if (answered.isPresent()) {
      return answered(call, answered.get());
    }
    Told told = withoutAnswer(error, call.endpoint.describe());
    return ObjectStoreException.of(told.kind, call.operation, call.uri, told.detail, error);
  }

  /** The error of one key in a bulk delete. */
  static ObjectStoreException of(String code, String message, Call call, ObjectUri uri) {
    Kind kind = KINDS.getOrDefault(code, Kind.UNKNOWN);
    return ObjectStoreException.of(
        kind,
        call.operation,
        uri,
        call.endpoint.describe() + " answers " + code + ": " + message,
        null);
  }

  private static ObjectStoreException answered(Call call, S3Exception e) {
    String code = code(e);
    Kind kind = kindOf(e);
    String bucket = Place.of(call.uri).bucket();
    String where = call.endpoint.describe();
    String detail =
        switch (code) {
          case "NoSuchBucket" ->
              "bucket `%s` not found at %s; `s3dlio buckets s3://%s` lists what is there"
                  .formatted(bucket, where, Place.of(call.uri).host());
          // A HEAD is answered without a body: it does not tell what is missing.
          case "NoSuchKey" ->
              call.request.equals("head")
                  ? "no such object, or no bucket `%s`, at %s".formatted(bucket, where)
                  : "no such object at " + where;
          case "NoSuchUpload" ->
              "the multipart upload is gone at %s: it was completed, aborted or expired"
                  .formatted(where);
          case "BucketAlreadyExists", "BucketAlreadyOwnedByYou" ->
              "bucket `%s` exists already at %s".formatted(bucket, where);
          case "BucketNotEmpty" ->
              "bucket `%s` at %s is not empty; delete what is in it first (`s3dlio rm -r %s`)"
                  .formatted(bucket, where, call.uri.withKey(""));
          case "InvalidAccessKeyId" ->
              "%s does not know the access key; check the credentials, and that they are for this"
                      .formatted(where)
                  + " endpoint";
          case "SignatureDoesNotMatch" ->
              "%s does not accept the signature; check the secret key".formatted(where);
          case "ExpiredToken", "TokenRefreshRequired", "InvalidToken" ->
              "%s does not accept the session token (%s); get new credentials"
                  .formatted(where, code);
          case "RequestTimeTooSkewed" ->
              "the clock of this machine differs too much from that of %s; set the clock"
                  .formatted(where);
          case "AccessDenied" ->
              "%s does not allow it with these credentials (AccessDenied)".formatted(where);
          case "InvalidObjectState" ->
              "the object is archived and has to be restored first (%s)".formatted(where);
          default -> unnamed(call, e, kind, code, where);
        };
    return ObjectStoreException.of(kind, call.operation, call.uri, detail, e);
  }

  private static String unnamed(Call call, S3Exception e, Kind kind, String code, String where) {
    Optional<String> region = region(e);
    if (region.isPresent() && !region.get().equals(call.endpoint.region().id())) {
      return "the bucket is in region %s, the request was for %s (%s); set s3.region=%s (--region)"
          .formatted(region.get(), call.endpoint.region().id(), where, region.get());
    }
    if (kind == Kind.PRECONDITION_FAILED) {
      return "the object at %s is not the one that the condition names".formatted(where);
    }
    if (kind == Kind.RANGE_NOT_SATISFIABLE) {
      return "the range selects no byte of the object at " + where;
    }
    if (kind == Kind.NOT_FOUND) {
      return "no such object or bucket at " + where;
    }
    if (call.request.equals("head") && code.isEmpty() && kind != Kind.UNAVAILABLE) {
      return "%s answers %d and, as to any HEAD, does not say why; check the credentials, what they"
              .formatted(where, e.statusCode())
          + " allow, and the names of bucket and key";
    }
    String answer =
        where
            + " answers "
            + e.statusCode()
            + (code.isEmpty() ? "" : " " + code)
            + message(e).map(m -> ": " + m).orElse("");
    if (call.sendsChecksum() && mayBeAboutChecksums(kind, code, answer)) {
      return answer + "; if the store does not take checksums, set s3.checksum=none";
    }
    return answer;
  }

  private static boolean mayBeAboutChecksums(Kind kind, String code, String answer) {
    return (kind == Kind.INVALID || kind == Kind.UNSUPPORTED)
        && (code.equals("NotImplemented")
            || answer.toLowerCase(Locale.ROOT).contains("checksum")
            || answer.contains("x-amz-"));
  }

  private static Optional<String> region(S3Exception e) {
    AwsErrorDetails details = e.awsErrorDetails();
    return details == null || details.sdkHttpResponse() == null
        ? Optional.empty()
        : details.sdkHttpResponse().firstMatchingHeader("x-amz-bucket-region");
  }

  /** Whether a failure is an answer with a given code. */
  static boolean hasCode(Throwable error, String code) {
    return cause(error, S3Exception.class).filter(e -> code(e).equals(code)).isPresent();
  }

  private static String code(S3Exception e) {
    AwsErrorDetails details = e.awsErrorDetails();
    return details == null || details.errorCode() == null ? "" : details.errorCode();
  }

  private static Optional<String> message(S3Exception e) {
    return Optional.ofNullable(e.awsErrorDetails()).map(AwsErrorDetails::errorMessage);
  }

  private record Told(Kind kind, String detail) {}

  private static Told withoutAnswer(Throwable error, String where) {
    Optional<Credentials.NoCredentialsException> none =
        cause(error, Credentials.NoCredentialsException.class);
    if (none.isPresent()) {
      return new Told(Kind.UNAUTHENTICATED, none.get().getMessage());
    }
    if (cause(error, CancellationException.class).isPresent()
        || cause(error, AbortedException.class).isPresent()
        || cause(error, InterruptedException.class).isPresent()) {
      return new Told(Kind.CANCELLED, "given up");
    }
    if (cause(error, ApiCallTimeoutException.class).isPresent()
        || cause(error, ApiCallAttemptTimeoutException.class).isPresent()) {
      return new Told(
          Kind.TIMEOUT, where + " has not answered within request-timeout; raise it or look there");
    }
    if (isUnreadable(error)) {
      return new Told(
          Kind.UNAVAILABLE,
          where
              + " sends an answer that cannot be read, damaged on the way perhaps ("
              + root(error)
              + "); try again");
    }
    if (cause(error, CertificateException.class).isPresent()) {
      return new Told(
          Kind.INVALID,
          where
              + " shows a certificate that is not trusted; name the file of its authority with"
              + " s3.ca-bundle (--ca-bundle)");
    }
    if (isNamed(error, "NotSslRecordException")) {
      return new Told(Kind.INVALID, where + " does not speak TLS; write http:// instead");
    }
    if (cause(error, SSLException.class).isPresent()) {
      return new Told(Kind.UNAVAILABLE, where + " does not agree on TLS: " + root(error));
    }
    if (cause(error, UnknownHostException.class).isPresent()
        || cause(error, UnresolvedAddressException.class).isPresent()) {
      return new Told(
          Kind.UNAVAILABLE, "the host of " + where + " is not known; check s3.endpoint and DNS");
    }
    if (cause(error, ConnectException.class).isPresent() && !isTimeout(error)) {
      return new Told(
          Kind.UNAVAILABLE,
          "nothing answers at " + where + " (" + root(error) + "); check s3.endpoint");
    }
    if (root(error).startsWith(SDK_WRITES_NOTHING)) {
      return new Told(Kind.TIMEOUT, where + " takes no more bytes of the request");
    }
    if (isTimeout(error)) {
      return new Told(Kind.TIMEOUT, where + " has not answered in time: " + root(error));
    }
    if (cause(error, IllegalArgumentException.class).isPresent()) {
      return new Told(Kind.INVALID, root(error));
    }
    if (cause(error, ClosedChannelException.class).isPresent()) {
      // The SDK may tell of the closing alone, not of the handshake that failed before it.
      String hint =
          where.startsWith("https:") ? "; if it does not speak TLS, write http:// instead" : "";
      return new Told(Kind.UNAVAILABLE, where + " closed the connection" + hint);
    }
    if (cause(error, IOException.class).isPresent()) {
      return new Told(Kind.UNAVAILABLE, "the connection to " + where + " broke: " + root(error));
    }
    return new Told(Kind.UNKNOWN, where + ": " + root(error));
  }

  /** Whether an answer makes no sense: its text, or a date or a number in it. */
  private static boolean isUnreadable(Throwable error) {
    return cause(error, XMLStreamException.class).isPresent()
        || cause(error, CharConversionException.class).isPresent()
        || cause(error, DateTimeException.class).isPresent()
        || cause(error, NumberFormatException.class).isPresent();
  }

  private static boolean isTimeout(Throwable error) {
    return cause(error, TimeoutException.class).isPresent() || isNamed(error, "TimeoutException");
  }

  /** For exceptions of Netty, which are no part of the SDK's API. */
  private static boolean isNamed(Throwable error, String ending) {
    for (Throwable e = error; e != null; e = e.getCause()) {
      if (e.getClass().getSimpleName().endsWith(ending)) {
        return true;
      }
    }
    return false;
  }

  private static String root(Throwable error) {
    Throwable e = error;
    while (e.getCause() != null) {
      e = e.getCause();
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  static <T extends Throwable> Optional<T> cause(Throwable error, Class<T> type) {
    for (Throwable e = error; e != null; e = e.getCause()) {
      if (type.isInstance(e)) {
        return Optional.of(type.cast(e));
      }
    }
    return Optional.empty();
  }
}
