package io.s3dlio.gcs;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.s3dlio.BucketInfo;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutResult;
import io.s3dlio.http.ResponseHead;
import io.s3dlio.rest.Answer;
import io.s3dlio.rest.Call;
import io.s3dlio.rest.Crc32c;
import io.s3dlio.rest.Headers;
import io.s3dlio.rest.RefusedException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * From what the service answers to the store's vocabulary. The ETag of an object is its generation:
 * a number that every write makes new, and the only thing that conditions go by.
 */
final class Answers {

  private static final String METADATA = "x-goog-meta-";

  private Answers() {}

  /**
   * The JSON of an answer.
   *
   * @throws JsonParseException if it is none
   */
  static JsonObject json(Answer answer) {
    JsonElement parsed = JsonParser.parseString(answer.text());
    if (!parsed.isJsonObject()) {
      throw new JsonParseException("a JSON object was expected");
    }
    return parsed.getAsJsonObject();
  }

  static Optional<String> text(JsonObject object, String name) {
    JsonElement value = object.get(name);
    return value == null || !value.isJsonPrimitive()
        ? Optional.empty()
        : Optional.of(value.getAsString());
  }

  /** The elements of an array, none if it is not there. */
  static Iterable<JsonElement> list(JsonObject object, String name) {
    return object.get(name) instanceof JsonArray array ? array : List.of();
  }

  private static Instant time(JsonObject object, String name) {
    return text(object, name)
        .map(text -> OffsetDateTime.parse(text).toInstant())
        .orElse(Instant.EPOCH);
  }

  /** The size of an object, which every description of one has. */
  static long size(JsonObject object) {
    return Long.parseLong(
        text(object, "size").orElseThrow(() -> new JsonParseException("there is no size")));
  }

  static ObjectMeta meta(ObjectUri uri, JsonObject object) {
    Map<String, String> metadata = new TreeMap<>();
    if (object.get("metadata") instanceof JsonObject named) {
      named
          .entrySet()
          .forEach(
              e -> metadata.put(e.getKey().toLowerCase(Locale.ROOT), e.getValue().getAsString()));
    }
    return new ObjectMeta(
        uri,
        size(object),
        time(object, "updated"),
        text(object, "generation"),
        text(object, "contentType"),
        metadata,
        crc32c(object));
  }

  static ObjectMeta listed(ObjectUri uri, JsonObject object) {
    return ObjectMeta.listed(
        uri, size(object), time(object, "updated"), text(object, "generation"));
  }

  static Optional<Integer> crc32c(JsonObject object) {
    return text(object, "crc32c").flatMap(Crc32c::decode);
  }

  /** What is told of a write; nobody could go by an answer without a generation. */
  static PutResult written(JsonObject object) {
    return new PutResult(Optional.of(generation(object)));
  }

  static String generation(JsonObject object) {
    return text(object, "generation")
        .orElseThrow(() -> new JsonParseException("there is no generation"));
  }

  /**
   * Holds what has been stored to what was sent.
   *
   * @throws RefusedException if it is something else
   */
  static JsonObject same(JsonObject object, long size, Optional<Integer> crc32c, Call call) {
    Optional<Integer> theirs = crc32c(object);
    if (size(object) != size
        || (crc32c.isPresent() && theirs.isPresent() && !theirs.equals(crc32c))) {
      throw new RefusedException(
          new ObjectStoreException(
              Kind.CHECKSUM_MISMATCH,
              call.operation(),
              call.uri(),
              call.where() + " says that it has stored something else than was sent; put it again",
              null));
    }
    return object;
  }

  static List<BucketInfo> buckets(String scheme, JsonObject page) {
    List<BucketInfo> buckets = new ArrayList<>();
    for (JsonElement bucket : list(page, "items")) {
      buckets.add(bucket(scheme, bucket.getAsJsonObject()));
    }
    return buckets;
  }

  private static BucketInfo bucket(String scheme, JsonObject bucket) {
    String name =
        text(bucket, "name").orElseThrow(() -> new JsonParseException("a bucket has no name"));
    return new BucketInfo(
        new ObjectUri(scheme, name, ""),
        bucket.has("timeCreated") ? Optional.of(time(bucket, "timeCreated")) : Optional.empty());
  }

  /** What the head of a read's answer says of the object. */
  static ObjectMeta meta(ObjectUri uri, ResponseHead head, long size) {
    return new ObjectMeta(
        uri,
        size,
        Headers.lastModified(head),
        generation(head),
        head.header("Content-Type"),
        Headers.metadata(head, METADATA),
        crc32c(head));
  }

  static Optional<String> generation(ResponseHead head) {
    return head.header("x-goog-generation");
  }

  /** It is of the whole object, also where the answer holds a range of it. */
  private static Optional<Integer> crc32c(ResponseHead head) {
    return head.list("x-goog-hash").stream()
        .filter(hash -> hash.startsWith("crc32c="))
        .findFirst()
        .flatMap(hash -> Crc32c.decode(hash.substring("crc32c=".length())));
  }
}
