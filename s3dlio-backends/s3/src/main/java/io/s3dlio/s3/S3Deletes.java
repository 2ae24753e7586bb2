package io.s3dlio.s3;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.rest.Steps;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;

/** Deletes objects, up to a thousand a request, one request after the other. */
final class S3Deletes {

  private static final int MAX_KEYS = 1000;

  private final Connections connections;
  private final Map<ObjectUri, ObjectStoreException> failures = new LinkedHashMap<>();
  private final List<Batch> batches = new ArrayList<>();
  private int requestsFailed;
  private int requestsMade;

  /** Objects of one bucket that one request deletes. */
  private record Batch(Connection connection, String bucket, List<ObjectUri> uris) {}

  S3Deletes(Connections connections) {
    this.connections = connections;
  }

  CompletableFuture<Map<ObjectUri, ObjectStoreException>> deleteAll(List<ObjectUri> uris) {
    Map<List<Object>, Batch> filling = new HashMap<>();
    for (ObjectUri uri : uris) {
      try {
        add(uri, filling);
      } catch (IllegalArgumentException e) {
        failures.put(uri, new ObjectStoreException(Kind.INVALID, "delete", uri, e.getMessage(), e));
      }
    }
    return Steps.of(steps -> from(0, steps));
  }

  private void add(ObjectUri uri, Map<List<Object>, Batch> filling) {
    Place place = Place.ofObject(uri);
    Connection connection = connections.to(place);
    if (!fitsIntoXml(place.key())) {
      batches.add(new Batch(connection, place.bucket(), List.of(uri)));
      return;
    }
    List<Object> same = List.of(connection, place.bucket());
    Batch batch = filling.get(same);
    if (batch == null || batch.uris.size() == MAX_KEYS) {
      batch = new Batch(connection, place.bucket(), new ArrayList<>());
      batches.add(batch);
      filling.put(same, batch);
    }
    batch.uris.add(uri);
  }

  /** XML 1.0 has no way to write most control characters, and changes others on the way. */
  private static boolean fitsIntoXml(String key) {
    return key.codePoints()
        .allMatch(
            c ->
                (c >= 0x20 && c < 0x7f) || (c > 0x9f && c != 0xfffe && c != 0xffff && c != 0x2028));
  }

  private CompletableFuture<Map<ObjectUri, ObjectStoreException>> from(
      int index, Steps<Map<ObjectUri, ObjectStoreException>> steps) {
    if (index == batches.size()) {
      if (requestsMade > 0 && requestsFailed == requestsMade) {
        return CompletableFuture.failedFuture(failures.values().iterator().next());
      }
      return CompletableFuture.completedFuture(Map.copyOf(failures));
    }
    Batch batch = batches.get(index);
    requestsMade++;
    CompletableFuture<Void> request =
        batch.uris.size() == 1 ? one(batch, batch.uris.get(0)) : many(batch);
    return steps
        .step(request)
        .handle(
            (nothing, error) -> {
              if (error != null) {
                requestFailed(batch, Steps.bare(error));
              }
              return null;
            })
        .thenCompose(nothing -> from(index + 1, steps));
  }

  private void requestFailed(Batch batch, Throwable error) {
    requestsFailed++;
    for (ObjectUri uri : batch.uris) {
      ObjectStoreException e =
          error instanceof ObjectStoreException o
              ? o
              : new ObjectStoreException(Kind.CANCELLED, "delete", uri, "given up", error);
      failures.put(uri, e);
    }
  }

  private CompletableFuture<Void> one(Batch batch, ObjectUri uri) {
    return Steps.of(
        steps ->
            steps
                .step(
                    batch.connection.<Object, Void>send(
                        S3Call.of("delete", "delete", uri, batch.connection),
                        (client, config) ->
                            client
                                .deleteObject(
                                    b ->
                                        b.bucket(batch.bucket)
                                            .key(uri.key())
                                            .overrideConfiguration(config))
                                .thenApply(r -> r),
                        response -> null))
                .exceptionallyCompose(
                    e ->
                        S3Errors.hasCode(e, "NoSuchKey")
                            ? CompletableFuture.completedFuture(null)
                            : CompletableFuture.failedFuture(Steps.bare(e))));
  }

  private CompletableFuture<Void> many(Batch batch) {
    List<ObjectIdentifier> keys =
        batch.uris.stream().map(u -> ObjectIdentifier.builder().key(u.key()).build()).toList();
    ObjectUri bucket = batch.uris.get(0).withKey("");
    S3Call call = S3Call.of("deleteAll", "deleteAll", bucket, batch.connection);
    return batch.connection.send(
        call,
        (client, config) ->
            client.deleteObjects(
                b ->
                    b.bucket(batch.bucket)
                        // Not quiet: a server that does not check the request's body (MinIO)
                        // deletes what a damaged one names, and only its answer tells.
                        .delete(d -> d.objects(keys))
                        .overrideConfiguration(config)),
        (DeleteObjectsResponse response) -> {
          Set<ObjectUri> unanswered = new LinkedHashSet<>(batch.uris);
          response.deleted().forEach(d -> unanswered.remove(bucket.withKey(d.key())));
          response
              .errors()
              .forEach(
                  e -> {
                    ObjectUri uri = bucket.withKey(e.key());
                    unanswered.remove(uri);
                    if (!"NoSuchKey".equals(e.code())) {
                      failures.put(uri, S3Errors.of(e.code(), e.message(), call, uri));
                    }
                  });
          unanswered.forEach(uri -> failures.put(uri, unanswered(call, uri)));
          return null;
        });
  }

  private static ObjectStoreException unanswered(S3Call call, ObjectUri uri) {
    return new ObjectStoreException(
        Kind.UNAVAILABLE,
        call.operation(),
        uri,
        call.where()
            + " does not say what became of it: request or answer were damaged on the way; delete"
            + " it again",
        null);
  }
}
