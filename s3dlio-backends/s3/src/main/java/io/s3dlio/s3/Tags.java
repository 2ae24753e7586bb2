package io.s3dlio.s3;

import io.s3dlio.ObjectUri;
import io.s3dlio.rest.Headers;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.s3.model.GetObjectTaggingResponse;

/** The tags of objects. */
final class Tags {

  private Tags() {}

  /** For the header that goes with a write; null, for no header, where there are none. */
  static String header(Map<String, String> tags) {
    return tags.isEmpty()
        ? null
        : new TreeMap<>(tags)
            .entrySet().stream()
                .map(e -> Headers.encoded(e.getKey()) + "=" + Headers.encoded(e.getValue()))
                .collect(Collectors.joining("&"));
  }

  /** Asks for those of an object, as a step of an operation. */
  static CompletableFuture<Map<String, String>> of(
      String operation, ObjectUri uri, Connection connection) {
    Place place = Place.ofObject(uri);
    return connection.send(
        S3Call.of(operation, "tags", uri, connection),
        (client, config) ->
            client.getObjectTagging(
                b -> b.bucket(place.bucket()).key(place.key()).overrideConfiguration(config)),
        (GetObjectTaggingResponse response) -> {
          Map<String, String> tags = new TreeMap<>();
          response.tagSet().forEach(tag -> tags.put(tag.key(), tag.value()));
          return Map.copyOf(tags);
        });
  }
}
