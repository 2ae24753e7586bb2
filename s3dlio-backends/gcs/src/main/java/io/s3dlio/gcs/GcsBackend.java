package io.s3dlio.gcs;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.s3dlio.BucketInfo;
import io.s3dlio.ByteRange;
import io.s3dlio.Capabilities;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutMode;
import io.s3dlio.PutOptions;
import io.s3dlio.PutResult;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.http.Contents;
import io.s3dlio.http.HttpRequest;
import io.s3dlio.rest.Call;
import io.s3dlio.rest.Conditions;
import io.s3dlio.rest.Headers;
import io.s3dlio.rest.Reply;
import io.s3dlio.rest.Requests;
import io.s3dlio.rest.Steps;
import io.s3dlio.spi.ListCursor;
import io.s3dlio.spi.PartUpload;
import io.s3dlio.spi.Payload;
import io.s3dlio.spi.ReadRequest;
import io.s3dlio.spi.Receiver;
import io.s3dlio.spi.StoreBackend;
import io.s3dlio.spi.UnfinishedWrite;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The primitives on Google Cloud Storage, by its JSON API. */
final class GcsBackend implements StoreBackend {

  /** A part may have any size: it is an object of its own until the upload is complete. */
  private static final long MIN_PART_SIZE = 1;

  private static final int MAX_PARTS = 10_000;

  /** A refusal by condition is the same whether there is another object or none. */
  static final Conditions.Refusals REFUSALS = e -> false;

  private final GcsSettings settings;
  private final Connection connection;

  GcsBackend(GcsSettings settings, RequestListener listener) {
    this.settings = settings;
    this.connection = new Connection(settings, listener);
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(true, true, true, true, MIN_PART_SIZE, MAX_PARTS);
  }

  @Override
  public CompletableFuture<ObjectMeta> head(ObjectUri uri) {
    return Requests.valid("head", uri, () -> head("head", uri, connection));
  }

  /** Also a step of other operations, whose name errors then carry. */
  static CompletableFuture<ObjectMeta> head(
      String operation, ObjectUri uri, Connection connection) {
    Target target = Target.object(Place.ofObject(uri));
    return connection.send(
        connection.call(operation, "head", uri),
        connection.request("GET", target),
        Reply.of(answer -> Answers.meta(uri, Answers.json(answer))));
  }

  @Override
  public CompletableFuture<Void> read(ObjectUri uri, ReadRequest request, Receiver receiver) {
    return Requests.valid(
        "get",
        uri,
        () -> {
          Target target = Target.object(Place.ofObject(uri)).with("alt", "media");
          Optional<String> generation = request.ifMatch().map(Condition::generation);
          generation.ifPresent(g -> target.with("ifGenerationMatch", g));
          ByteRange range = request.range();
          HttpRequest.Builder get =
              connection
                  .request("GET", target)
                  // What is stored compressed comes as it is stored; else it would be unpacked,
                  // and neither size nor checksum would be those of the bytes.
                  .header("Accept-Encoding", "gzip");
          Headers.range(range).ifPresent(header -> get.header("Range", header));
          Call call = connection.call(Call.What.reading(uri, range));
          Reply<Void> reply =
              Reply.reading(
                  call, range, receiver, (head, span) -> Answers.meta(uri, head, span.size()));
          return connection.send(
              call, get, generation.map(g -> Pinned.to(g, call, reply)).orElse(reply));
        });
  }

  @Override
  public CompletableFuture<PutResult> put(ObjectUri uri, Payload payload, PutOptions options) {
    return Requests.valid(
        "put",
        uri,
        () -> {
          Place place = Place.ofObject(uri);
          Call call =
              connection.call(
                  Call.What.writing("put", uri, -1, payload.size(), payload.crc32c().isPresent()));
          HttpRequest.Builder request =
              connection.request(
                  "POST", Condition.on(Target.upload(place.bucket(), place.key()), options.mode()));
          CompletableFuture<PutResult> answer =
              connection.send(
                  call,
                  written(options).upload(request, payload),
                  Reply.of(
                      a ->
                          Answers.written(
                              Answers.same(
                                  Answers.json(a), payload.size(), payload.crc32c(), call))));
          return options.mode() instanceof PutMode.Overwrite
              ? answer
              : Conditions.settle(
                  answer,
                  call,
                  options.mode(),
                  REFUSALS,
                  () -> head("put", uri, connection),
                  payload.crc32c(),
                  payload.size());
        });
  }

  private Written written(PutOptions options) {
    return Written.of(options, settings.config().find(GcsKeys.STORAGE_CLASS));
  }

  @Override
  public CompletableFuture<PartUpload> startMultipart(
      ObjectUri uri, long partSize, PutOptions options) {
    return Requests.valid(
        "put",
        uri,
        () ->
            CompletableFuture.completedFuture(
                new ComposedUpload(
                    connection,
                    uri,
                    Place.ofObject(uri),
                    partSize,
                    written(options),
                    options.mode())));
  }

  @Override
  public ListCursor list(ObjectUri prefix, ListOptions options) {
    return new GcsListing(prefix, options, connection);
  }

  @Override
  public CompletableFuture<Map<ObjectUri, ObjectStoreException>> deleteAll(List<ObjectUri> uris) {
    return new GcsDeletes(connection, settings.config().get(StoreConfig.MAX_CONCURRENCY))
        .deleteAll(uris);
  }

  @Override
  public CompletableFuture<PutResult> copy(ObjectUri from, ObjectUri to) {
    return Requests.valid(
        "copy",
        from,
        () -> {
          Place source = Place.ofObject(from);
          Place target = Place.ofObject(to);
          if (source.equals(target)) {
            throw new IllegalArgumentException("an object cannot be copied onto itself");
          }
          return Steps.of(steps -> rewrite(from, source, target, Optional.empty(), steps));
        });
  }

  /** A large object between places far apart takes several requests, each with a token. */
  private CompletableFuture<PutResult> rewrite(
      ObjectUri from, Place source, Place target, Optional<String> token, Steps<PutResult> steps) {
    Target path = Target.rewrite(source, target);
    token.ifPresent(t -> path.with("rewriteToken", t));
    return steps
        .step(
            connection.send(
                connection.call("copy", "copy", from),
                connection.request("POST", path),
                Reply.of(answer -> Rewritten.of(Answers.json(answer)))))
        .thenCompose(
            rewritten ->
                rewritten.done.isPresent()
                    ? CompletableFuture.completedFuture(rewritten.done.get())
                    : rewrite(from, source, target, rewritten.token, steps));
  }

  /** What a request has copied: all, or a part and how to go on. */
  private record Rewritten(Optional<PutResult> done, Optional<String> token) {

    static Rewritten of(JsonObject json) {
      Optional<PutResult> done =
          json.get("resource") instanceof JsonObject object
              ? Optional.of(Answers.written(object))
              : Optional.empty();
      Optional<String> token = Answers.text(json, "rewriteToken");
      if (done.isEmpty() && token.isEmpty()) {
        throw new JsonParseException("there is more to copy, but not how");
      }
      return new Rewritten(done, token);
    }
  }

  @Override
  public CompletableFuture<List<UnfinishedWrite>> unfinished(ObjectUri prefix) {
    return unfinished(prefix, Long.MAX_VALUE);
  }

  CompletableFuture<List<UnfinishedWrite>> unfinished(ObjectUri prefix, long pageSize) {
    return Requests.valid(
        "unfinished",
        prefix,
        () -> {
          Place.ofBucket(prefix);
          int most = settings.config().get(StoreConfig.MAX_CONCURRENCY);
          return new UnfinishedUploads(prefix, connection, most, pageSize).find();
        });
  }

  @Override
  public CompletableFuture<Void> createBucket(ObjectUri uri) {
    return Requests.valid(
        "createBucket",
        uri,
        () -> {
          JsonObject bucket = new JsonObject();
          bucket.addProperty("name", Place.ofBucketAlone(uri).bucket());
          return connection.send(
              connection.call("createBucket", "createBucket", uri),
              connection
                  .request("POST", Target.buckets().with("project", settings.project()))
                  .header("Content-Type", "application/json")
                  .content(Contents.of(bucket.toString())),
              Reply.of(answer -> null));
        });
  }

  @Override
  public CompletableFuture<Void> deleteBucket(ObjectUri uri) {
    return Requests.valid(
        "deleteBucket",
        uri,
        () ->
            connection.send(
                connection.call("deleteBucket", "deleteBucket", uri),
                connection.request("DELETE", Target.bucket(Place.ofBucketAlone(uri).bucket())),
                Reply.of(answer -> null)));
  }

  @Override
  public CompletableFuture<List<BucketInfo>> listBuckets(ObjectUri uri) {
    return Requests.valid(
        "listBuckets",
        uri,
        () -> {
          String project = settings.project();
          return Steps.of(
              steps -> buckets(uri, project, Optional.empty(), new ArrayList<>(), steps));
        });
  }

  private CompletableFuture<List<BucketInfo>> buckets(
      ObjectUri uri,
      String project,
      Optional<String> token,
      List<BucketInfo> found,
      Steps<List<BucketInfo>> steps) {
    Target target = Target.buckets().with("project", project);
    token.ifPresent(t -> target.with("pageToken", t));
    return steps
        .step(
            connection.send(
                connection.call("listBuckets", "listBuckets", uri),
                connection.request("GET", target),
                Reply.of(
                    answer -> {
                      JsonObject json = Answers.json(answer);
                      return new Buckets(
                          Answers.buckets(uri.scheme(), json), Answers.text(json, "nextPageToken"));
                    })))
        .thenCompose(
            page -> {
              found.addAll(page.some);
              if (page.next.isPresent() && !page.next.equals(token)) {
                return buckets(uri, project, page.next, found, steps);
              }
              found.sort(Comparator.comparing(BucketInfo::uri));
              return CompletableFuture.completedFuture(List.copyOf(found));
            });
  }

  /** A page of them, with a token if there are more. */
  private record Buckets(List<BucketInfo> some, Optional<String> next) {}

  @Override
  public void close() {
    connection.close();
  }
}
