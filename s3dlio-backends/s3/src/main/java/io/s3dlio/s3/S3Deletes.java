package io.s3dlio.s3;

import io.s3dlio.ObjectUri;
import io.s3dlio.rest.BatchDeletes;
import io.s3dlio.rest.Steps;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;

/** Deletes objects, up to a thousand a request. */
final class S3Deletes extends BatchDeletes<S3Deletes.Bucket> {

  private static final int MAX_KEYS = 1000;

  private final Connections connections;

  /** Whose objects a request can delete. */
  record Bucket(Connection connection, String name) {}

  S3Deletes(Connections connections) {
    super(MAX_KEYS);
    this.connections = connections;
  }

  @Override
  protected Bucket bucket(ObjectUri uri) {
    Place place = Place.ofObject(uri);
    return new Bucket(connections.to(place), place.bucket());
  }

  /** XML 1.0 has no way to write most control characters, and changes others on the way. */
  @Override
  protected boolean isBatched(ObjectUri uri) {
    return uri.key()
        .codePoints()
        .allMatch(
            c ->
                (c >= 0x20 && c < 0x7f) || (c > 0x9f && c != 0xfffe && c != 0xffff && c != 0x2028));
  }

  @Override
  protected CompletableFuture<Void> one(Bucket bucket, ObjectUri uri) {
    return Steps.of(
        steps ->
            steps
                .step(
                    bucket.connection.<DeleteObjectResponse, Void>send(
                        S3Call.of("delete", "delete", uri, bucket.connection),
                        (client, config) ->
                            client.deleteObject(
                                b ->
                                    b.bucket(bucket.name)
                                        .key(uri.key())
                                        .overrideConfiguration(config)),
                        response -> null))
                .exceptionallyCompose(
                    e ->
                        S3Errors.hasCode(e, "NoSuchKey")
                            ? CompletableFuture.completedFuture(null)
                            : CompletableFuture.failedFuture(Steps.bare(e))));
  }

  @Override
  protected CompletableFuture<Void> many(Bucket bucket, List<ObjectUri> uris) {
    List<ObjectIdentifier> keys =
        uris.stream().map(u -> ObjectIdentifier.builder().key(u.key()).build()).toList();
    ObjectUri place = uris.get(0).withKey("");
    S3Call call = S3Call.of("deleteAll", "deleteAll", place, bucket.connection);
    return bucket.connection.send(
        call,
        (client, config) ->
            client.deleteObjects(
                b ->
                    b.bucket(bucket.name)
                        // Not quiet: a server that does not check the request's body (MinIO)
                        // deletes what a damaged one names, and only its answer tells.
                        .delete(d -> d.objects(keys))
                        .overrideConfiguration(config)),
        (DeleteObjectsResponse response) -> {
          Set<ObjectUri> unanswered = new LinkedHashSet<>(uris);
          response.deleted().forEach(d -> unanswered.remove(named(place, d.key())));
          Map<ObjectUri, S3Error> errors = new LinkedHashMap<>();
          for (S3Error error : response.errors()) {
            ObjectUri uri = named(place, error.key());
            if (unanswered.remove(uri)) { // else a name that was damaged: nobody asked about it
              errors.put(uri, error);
            }
          }
          errors.values().removeIf(error -> "NoSuchKey".equals(error.code()));
          errors.forEach((uri, e) -> failed(uri, S3Errors.of(e.code(), e.message(), call, uri)));
          unanswered.forEach(uri -> unanswered(call, uri));
          return null;
        });
  }

  private static ObjectUri named(ObjectUri place, String key) {
    return place.withKey(Answers.present(key, "the key of an object"));
  }
}
