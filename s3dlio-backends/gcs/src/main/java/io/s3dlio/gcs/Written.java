package io.s3dlio.gcs;

import com.google.gson.JsonObject;
import io.s3dlio.PutOptions;
import io.s3dlio.http.Contents;
import io.s3dlio.http.HttpRequest;
import io.s3dlio.rest.Crc32c;
import io.s3dlio.rest.Headers;
import io.s3dlio.spi.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * What an object is written with, beside its bytes.
 *
 * @param contentType its media type
 * @param userMetadata names and values
 * @param storageClass how it is kept; empty for as the bucket says
 */
record Written(
    String contentType, Map<String, String> userMetadata, Optional<String> storageClass) {

  /** What content of no known type is called. */
  private static final String BYTES = "application/octet-stream";

  /**
   * Refuses what does not come back as it was sent: a read gives all of this in headers.
   *
   * @throws IllegalArgumentException if a name or value cannot be part of one
   */
  Written {
    if (!contentType.matches("[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?")) {
      throw new IllegalArgumentException(
          "the content type '" + contentType + "' cannot be part of an HTTP header");
    }
    Headers.checked(userMetadata, "does not come back with a read");
  }

  static Written of(PutOptions options, Optional<String> storageClass) {
    return new Written(options.contentType().orElse(BYTES), options.userMetadata(), storageClass);
  }

  /** An object for a while, of no type. */
  static Written temporary() {
    return new Written(BYTES, Map.of(), Optional.empty());
  }

  /** As the service describes objects. */
  JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("contentType", contentType);
    if (!userMetadata.isEmpty()) {
      JsonObject metadata = new JsonObject();
      userMetadata.forEach(metadata::addProperty);
      json.add("metadata", metadata);
    }
    storageClass.ifPresent(s -> json.addProperty("storageClass", s));
    return json;
  }

  /**
   * Makes a request the upload of an object (<a
   * href="https://cloud.google.com/storage/docs/uploading-objects#rest-upload-objects">multipart</a>):
   * a description, and the bytes from the payload's own memory. The target names the object.
   */
  HttpRequest.Builder upload(HttpRequest.Builder request, Payload payload) {
    return upload(request, payload, content -> content);
  }

  /** The same, with somebody who watches the body go. */
  HttpRequest.Builder upload(
      HttpRequest.Builder request, Payload payload, UnaryOperator<HttpRequest.Content> watcher) {
    JsonObject description = json();
    payload.crc32c().ifPresent(crc -> description.addProperty("crc32c", Crc32c.encode(crc)));
    String boundary = "s3dlio-" + UUID.randomUUID(); // no payload holds it but by a miracle
    List<ByteBuffer> body = new ArrayList<>();
    body.add(
        utf8(
            "--"
                + boundary
                + "\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n"
                + description
                + "\r\n--"
                + boundary
                + "\r\nContent-Type: "
                + contentType
                + "\r\n\r\n"));
    body.addAll(payload.buffers());
    body.add(utf8("\r\n--" + boundary + "--\r\n"));
    return request
        .header("Content-Type", "multipart/related; boundary=" + boundary)
        .content(watcher.apply(Contents.of(body)));
  }

  private static ByteBuffer utf8(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
