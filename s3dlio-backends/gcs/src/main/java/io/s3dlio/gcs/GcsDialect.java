package io.s3dlio.gcs;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.rest.Answer;
import io.s3dlio.rest.AnswerException;
import io.s3dlio.rest.Call;
import io.s3dlio.rest.Dialect;
import io.s3dlio.rest.Failures;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How Google Cloud Storage says no (<a
 * href="https://cloud.google.com/storage/docs/json_api/v1/status-codes">its table</a>): by status
 * and reason.
 */
final class GcsDialect implements Dialect {

  /** By the reason in the body of an error, where that says more than the status. */
  private static final Map<String, Kind> KINDS =
      Map.of(
          "rateLimitExceeded", Kind.THROTTLED,
          "userRateLimitExceeded", Kind.THROTTLED,
          "quotaExceeded", Kind.OUT_OF_RESOURCES,
          "authError", Kind.UNAUTHENTICATED,
          "conditionNotMet", Kind.PRECONDITION_FAILED,
          "requestedRangeNotSatisfiable", Kind.RANGE_NOT_SATISFIABLE);

  /** Reads of content are answered in the form of the other API. */
  private static final Pattern XML_CODE = Pattern.compile("<Code>([A-Za-z]+)</Code>");

  private static final int LONGEST_TEXT = 300;

  private final boolean anonymous;

  GcsDialect(boolean anonymous) {
    this.anonymous = anonymous;
  }

  @Override
  public AnswerException read(Answer answer) {
    String text = answer.text().strip();
    try {
      JsonObject error = Answers.json(answer).getAsJsonObject("error");
      String code = "";
      if (error.get("errors") instanceof JsonArray all && all.size() > 0) {
        code = Answers.text(all.get(0).getAsJsonObject(), "reason").orElse("");
      }
      return new AnswerException(
          answer.head(), code, Answers.text(error, "message").orElse("").strip());
    } catch (JsonParseException
        | IllegalStateException
        | ClassCastException
        | NullPointerException e) { // what gson says of any other form
      Matcher xml = XML_CODE.matcher(text);
      return xml.find()
          ? new AnswerException(answer.head(), xml.group(1), "")
          : new AnswerException(
              answer.head(), "", text.substring(0, Math.min(LONGEST_TEXT, text.length())));
    }
  }

  @Override
  public ObjectStoreException meaning(Call call, AnswerException answer) {
    Kind kind = kind(call, answer);
    return ObjectStoreException.of(
        kind, call.operation(), call.uri(), detail(call, answer, kind), answer);
  }

  private static Kind kind(Call call, AnswerException answer) {
    Kind byReason = KINDS.get(answer.code());
    if (call.request().equals("createBucket") && answer.status() == 409) {
      return Kind.ALREADY_EXISTS;
    }
    if (call.request().equals("deleteBucket")
        && (answer.status() == 409 || answer.status() == 412)) {
      return Kind.INVALID;
    }
    if (answer.status() == 400 && isAboutChecksum(answer)) {
      return Kind.CHECKSUM_MISMATCH;
    }
    if (answer.status() == 409) {
      return Kind.UNAVAILABLE; // two changes of one object at a time: one is to be repeated
    }
    return byReason != null ? byReason : Failures.kindOf(answer.status());
  }

  private static boolean isAboutChecksum(AnswerException answer) {
    String said = answer.said().toLowerCase(Locale.ROOT);
    return (said.contains("crc32c") || said.contains("md5")) && said.contains("match");
  }

  private String detail(Call call, AnswerException answer, Kind kind) {
    String where = call.where();
    String bucket = call.uri().bucket();
    return switch (kind) {
      case NOT_FOUND ->
          call.uri().key().isEmpty() || isAboutBucket(answer)
              ? "bucket `%s` not found at %s; `s3dlio buckets %s://` lists what is there"
                  .formatted(bucket, where, call.uri().scheme())
              : isCompose(call)
                  ? "the parts are gone at %s: somebody has removed them; write it again"
                      .formatted(where)
                  : "no such object, or no bucket `%s`, at %s".formatted(bucket, where);
      case ALREADY_EXISTS ->
          "bucket `%s` exists already at %s; names are unique across all projects"
              .formatted(bucket, where);
      case PRECONDITION_FAILED ->
          "the object at %s is not the one that the condition names".formatted(where);
      case RANGE_NOT_SATISFIABLE -> "the range selects no byte of the object at " + where;
      case UNAUTHENTICATED ->
          anonymous
              ? "%s asks for credentials; unset gs.anonymous".formatted(where)
              : "%s does not accept the token%s; get new credentials"
                  .formatted(where, said(answer));
      case PERMISSION_DENIED ->
          "%s does not allow it with these credentials%s".formatted(where, said(answer));
      case INVALID ->
          call.request().equals("deleteBucket") && answer.status() != 400
              ? ("bucket `%s` at %s is not empty; delete what is in it first (`s3dlio rm -r %s`), and"
                      + " what broken-off uploads have left below %s, which listings do not show")
                  .formatted(bucket, where, call.uri(), call.uri().withKey(PartNames.PARTS))
              : answered(where, answer);
      default -> answered(where, answer);
    };
  }

  /** Whether the request makes an object of parts. */
  private static boolean isCompose(Call call) {
    return call.request().equals("compose") || call.request().equals("completeMultipart");
  }

  /** Whether a 404 names the bucket as what is missing. */
  static boolean isAboutBucket(AnswerException answer) {
    return answer.said().contains("bucket does not exist") || answer.code().equals("NoSuchBucket");
  }

  private static String answered(String where, AnswerException answer) {
    return where + " answers " + answer.getMessage();
  }

  private static String said(AnswerException answer) {
    return answer.said().isEmpty() ? "" : " (" + answer.said() + ")";
  }
}
