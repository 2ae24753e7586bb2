package io.s3dlio.s3;

import static io.s3dlio.rest.Failures.cause;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.rest.Call;
import io.s3dlio.rest.Conditions;
import io.s3dlio.rest.Failures;
import io.s3dlio.spi.Secrets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
        "InvalidTag",
        "KeyTooLongError",
        "MetadataTooLarge",
        "PermanentRedirect");
  }

  static final Conditions.Refusals REFUSALS =
      new Conditions.Refusals() {
        @Override
        public boolean isAbsent(ObjectStoreException e) {
          return hasCode(e, "NoSuchKey");
        }

        @Override
        public boolean isLeftover(ObjectStoreException e) {
          return hasCode(e, "NoSuchUpload");
        }
      };

  private S3Errors() {}

  private static void put(Kind kind, String... codes) {
    for (String code : codes) {
      KINDS.put(code, kind);
    }
  }

  /** What a failure without an answer says, and what a failure with one says. */
  static Kind kindOf(S3Call call, Throwable error) {
    return cause(error, S3Exception.class)
        .map(S3Errors::kindOf)
        .orElseGet(() -> withoutAnswer(call, error).kind());
  }

  private static Kind kindOf(S3Exception e) {
    if (isDeleteMarker(e)) {
      return Kind.NOT_FOUND;
    }
    Kind byCode = KINDS.get(code(e));
    return byCode != null ? byCode : Failures.kindOf(e.statusCode());
  }

  /** Translates a failure of a call. */
  static ObjectStoreException of(S3Call call, Throwable error) {
    Optional<S3Exception> answered = cause(error, S3Exception.class);
    if (answered.isPresent() && Failures.told(error).isEmpty()) {
      return answered(call, answered.get());
    }
    return withoutAnswer(call, error);
  }

  /** The error of one key in a bulk delete. */
  static ObjectStoreException of(String code, String message, S3Call call, ObjectUri uri) {
    Kind kind = KINDS.getOrDefault(code, Kind.UNKNOWN);
    return ObjectStoreException.of(
        kind, call.operation(), uri, call.where() + " answers " + code + ": " + message, null);
  }

  private static ObjectStoreException answered(S3Call call, S3Exception e) {
    String code = code(e);
    Kind kind = kindOf(e);
    String bucket = Place.of(call.uri()).bucket();
    String where = call.where();
    String detail =
        switch (code) {
          case "NoSuchBucket" ->
              "bucket `%s` not found at %s; `s3dlio buckets s3://%s` lists what is there"
                  .formatted(bucket, where, Place.of(call.uri()).host());
          // A HEAD is answered without a body: it does not tell what is missing.
          case "NoSuchKey" ->
              call.request().equals("head")
                  ? "no such object, or no bucket `%s`, at %s".formatted(bucket, where)
                  : "no such object at " + where;
          case "NoSuchVersion" -> "the object has no such version at " + where;
          case "NoSuchUpload" ->
              "the multipart upload is gone at %s: it was completed, aborted or expired"
                  .formatted(where);
          case "BucketAlreadyExists", "BucketAlreadyOwnedByYou" ->
              "bucket `%s` exists already at %s".formatted(bucket, where);
          case "BucketNotEmpty" ->
              "bucket `%s` at %s is not empty; delete what is in it first (`s3dlio rm -r %s`)"
                  .formatted(bucket, where, call.uri().withKey(""));
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
    return ObjectStoreException.of(kind, call.operation(), call.uri(), detail, silent(e));
  }

  /** The same without secrets, where the server repeats what it was sent. */
  private static Throwable silent(S3Exception e) {
    AwsErrorDetails details = e.awsErrorDetails();
    if (details == null || e.getMessage().equals(Secrets.masked(e.getMessage()))) {
      return e;
    }
    S3Exception.Builder copy = e.toBuilder();
    return copy.message(Secrets.masked(copy.message()))
        .awsErrorDetails(
            details.toBuilder().errorMessage(Secrets.masked(details.errorMessage())).build())
        .build();
  }

  private static String unnamed(S3Call call, S3Exception e, Kind kind, String code, String where) {
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
    if (isDeleteMarker(e)) {
      return "the object was deleted: this version is a delete marker, at " + where;
    }
    if (kind == Kind.NOT_FOUND) {
      return "no such object or bucket at " + where;
    }
    if (call.request().equals("head") && code.isEmpty() && kind != Kind.UNAVAILABLE) {
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

  /** The region that an answer says the bucket is in. */
  static Optional<String> region(S3Exception e) {
    return header(e, "x-amz-bucket-region");
  }

  /** A version that is the deletion of the object; S3 answers 405. */
  private static boolean isDeleteMarker(S3Exception e) {
    return header(e, "x-amz-delete-marker").filter("true"::equals).isPresent();
  }

  private static Optional<String> header(S3Exception e, String name) {
    AwsErrorDetails details = e.awsErrorDetails();
    return details == null || details.sdkHttpResponse() == null
        ? Optional.empty()
        : details.sdkHttpResponse().firstMatchingHeader(name);
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

  private static ObjectStoreException withoutAnswer(Call call, Throwable error) {
    if (cause(error, ApiCallTimeoutException.class).isPresent()
        || cause(error, ApiCallAttemptTimeoutException.class).isPresent()) {
      return Failures.of(call, new Failures.DeadlineException(error));
    }
    if (Failures.root(error).startsWith(SDK_WRITES_NOTHING)) {
      return ObjectStoreException.of(
          Kind.TIMEOUT,
          call.operation(),
          call.uri(),
          call.where() + " takes no more bytes of the request",
          error);
    }
    if (cause(error, AbortedException.class).isPresent()) {
      return ObjectStoreException.of(
          Kind.CANCELLED, call.operation(), call.uri(), "given up", error);
    }
    return Failures.of(call, error);
  }
}
