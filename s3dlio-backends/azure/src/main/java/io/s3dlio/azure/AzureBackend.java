package io.s3dlio.azure;

import io.s3dlio.BucketInfo;
import io.s3dlio.ByteRange;
import io.s3dlio.Capabilities;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutMode;
import io.s3dlio.PutOptions;
import io.s3dlio.PutResult;
import io.s3dlio.RequestListener;
import io.s3dlio.http.Contents;
import io.s3dlio.http.HttpRequest;
import io.s3dlio.rest.AnswerException;
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

/** The primitives on Azure: every object is a block blob. */
final class AzureBackend implements StoreBackend {

  private static final int MAX_BLOCKS = 50_000;

  private final AzureSettings settings;
  private final Connections connections;

  AzureBackend(AzureSettings settings, RequestListener listener) {
    this.settings = settings;
    this.connections = new Connections(settings, listener);
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(true, true, true, settings.checksums(), 1, MAX_BLOCKS);
  }

  @Override
  public CompletableFuture<ObjectMeta> head(ObjectUri uri) {
    return Requests.valid(
        "head",
        uri,
        () -> {
          Place place = Place.ofObject(uri);
          return head("head", uri, place, connections.to(place));
        });
  }

  /** Also a step of other operations, whose name errors then carry. */
  static CompletableFuture<ObjectMeta> head(
      String operation, ObjectUri uri, Place place, Connection connection) {
    return connection.send(
        connection.call(operation, "head", uri),
        connection.request("HEAD", place.path()),
        Reply.of(
            answer ->
                BlobHeaders.meta(
                    uri,
                    answer.head(),
                    Long.parseLong(answer.head().header("Content-Length").orElseThrow()))));
  }

  @Override
  public CompletableFuture<Void> read(ObjectUri uri, ReadRequest request, Receiver receiver) {
    return Requests.valid(
        "get",
        uri,
        () -> {
          Place place = Place.ofObject(uri);
          Connection connection = connections.to(place);
          return request.range() instanceof ByteRange.Suffix suffix
              ? readSuffix(connection, uri, place, suffix, request.ifMatch(), receiver)
              : read(connection, uri, place, request, receiver);
        });
  }

  private static CompletableFuture<Void> read(
      Connection connection, ObjectUri uri, Place place, ReadRequest request, Receiver receiver) {
    HttpRequest.Builder get = connection.request("GET", place.path());
    Headers.range(request.range()).ifPresent(range -> get.header("Range", range));
    request.ifMatch().ifPresent(etag -> get.header("If-Match", Headers.quoted(etag)));
    Call call = connection.call(Call.What.reading(uri, request.range()));
    CompletableFuture<Void> answer =
        connection.send(
            call,
            get,
            Reply.reading(
                call,
                request.range(),
                receiver,
                (head, span) -> BlobHeaders.meta(uri, head, span.size())));
    return request.ifMatch().isEmpty() ? answer : orMissing(answer, connection, uri, place);
  }

  /** Of a blob that is not there Azurite says that it has another ETag. */
  private static CompletableFuture<Void> orMissing(
      CompletableFuture<Void> answer, Connection connection, ObjectUri uri, Place place) {
    return Steps.of(
        steps ->
            steps
                .step(answer)
                .exceptionallyCompose(
                    e -> {
                      Throwable refused = Steps.bare(e);
                      return AnswerException.hasCode(refused, "ConditionNotMet")
                          ? steps
                              .step(head("get", uri, place, connection))
                              .thenCompose(meta -> CompletableFuture.failedFuture(refused))
                          : CompletableFuture.failedFuture(refused);
                    }));
  }

  /** Azure has no ranges from the end: the size first, then a range pinned to what had it. */
  private static CompletableFuture<Void> readSuffix(
      Connection connection,
      ObjectUri uri,
      Place place,
      ByteRange.Suffix suffix,
      Optional<String> ifMatch,
      Receiver receiver) {
    return Steps.of(
        steps ->
            steps
                .step(head("get", uri, place, connection))
                .thenCompose(
                    meta -> {
                      if (ifMatch.isPresent() && !ifMatch.equals(meta.etag())) {
                        return CompletableFuture.failedFuture(
                            ObjectStoreException.of(
                                Kind.PRECONDITION_FAILED,
                                "get",
                                uri,
                                "the object at %s is not the one that the condition names"
                                    .formatted(connection.account().describe()),
                                null));
                      }
                      Optional<ByteRange.Span> span = suffix.resolve(meta.size());
                      if (span.isEmpty()) {
                        return CompletableFuture.failedFuture(
                            new ObjectStoreException(
                                Kind.RANGE_NOT_SATISFIABLE,
                                "get",
                                uri,
                                "the range selects no byte of the object of "
                                    + meta.size()
                                    + " bytes",
                                null));
                      }
                      ReadRequest pinned =
                          new ReadRequest(
                              ByteRange.of(span.get().offset(), span.get().length()), meta.etag());
                      return steps.step(read(connection, uri, place, pinned, receiver));
                    }));
  }

  @Override
  public CompletableFuture<PutResult> put(ObjectUri uri, Payload payload, PutOptions options) {
    return Requests.valid(
        "put",
        uri,
        () -> {
          Place place = Place.ofObject(uri);
          Connection connection = connections.to(place);
          BlobHeaders.check(options);
          Optional<Integer> crc = settings.checksums() ? payload.crc32c() : Optional.empty();
          HttpRequest.Builder put =
              connection
                  .request("PUT", place.path())
                  .header("x-ms-blob-type", "BlockBlob")
                  .content(Contents.of(payload.buffers()));
          BlobHeaders.stored(put, options, tier(), crc);
          BlobHeaders.condition(put, options.mode());
          Call call =
              connection.call(Call.What.writing("put", uri, -1, payload.size(), crc.isPresent()));
          CompletableFuture<PutResult> answer =
              connection.send(call, put, Reply.of(BlobHeaders::written));
          return settled(answer, call, options.mode(), uri, place, connection, crc, payload.size());
        });
  }

  static CompletableFuture<PutResult> settled(
      CompletableFuture<PutResult> answer,
      Call call,
      PutMode mode,
      ObjectUri uri,
      Place place,
      Connection connection,
      Optional<Integer> crc,
      long size) {
    return mode instanceof PutMode.Overwrite
        ? answer
        : Conditions.settle(
            answer,
            call,
            mode,
            AzureErrors.REFUSALS,
            () -> head("put", uri, place, connection),
            crc,
            size);
  }

  private AzureKeys.AccessTier tier() {
    return settings.config().get(AzureKeys.ACCESS_TIER);
  }

  @Override
  public CompletableFuture<PartUpload> startMultipart(
      ObjectUri uri, long partSize, PutOptions options) {
    return Requests.valid(
        "put",
        uri,
        () -> {
          Place place = Place.ofObject(uri);
          Connection connection = connections.to(place);
          BlobHeaders.check(options);
          return CompletableFuture.completedFuture(
              new BlockUpload(
                  connection, uri, place, partSize, options, tier(), settings.checksums()));
        });
  }

  @Override
  public ListCursor list(ObjectUri prefix, ListOptions options) {
    return new BlobListing(prefix, options, connections);
  }

  @Override
  public CompletableFuture<Map<ObjectUri, ObjectStoreException>> deleteAll(List<ObjectUri> uris) {
    return new BlobDeletes(connections).deleteAll(uris);
  }

  @Override
  public CompletableFuture<PutResult> copy(ObjectUri from, ObjectUri to) {
    return Requests.valid(
        "copy",
        from,
        () -> {
          Place source = Place.ofObject(from);
          Place target = Place.ofObject(to);
          if (from.equals(to)) {
            throw new IllegalArgumentException("an object cannot be copied onto itself");
          }
          if (!source.account().equals(target.account())) {
            throw new ObjectStoreException(
                Kind.UNSUPPORTED,
                "copy",
                from,
                "%s and %s are different accounts; no account copies from another one with its own"
                        .formatted(source.account(), target.account())
                    + " credentials",
                null);
          }
          return BlobCopy.start(connections.to(source), from, to);
        });
  }

  @Override
  public CompletableFuture<List<UnfinishedWrite>> unfinished(ObjectUri prefix) {
    return Requests.valid(
        "unfinished",
        prefix,
        () -> {
          Place place = Place.ofContainer(prefix);
          return new UncommittedBlobs(prefix, place, connections.to(place)).find();
        });
  }

  @Override
  public CompletableFuture<Void> createBucket(ObjectUri uri) {
    return Requests.valid(
        "createBucket",
        uri,
        () -> {
          Place place = Place.ofContainerAlone(uri);
          Connection connection = connections.to(place);
          return connection.send(
              connection.call("createBucket", "createBucket", uri),
              connection.request("PUT", place.path() + "?restype=container"),
              Reply.of(answer -> null));
        });
  }

  /**
   * Azure deletes a container with all that is in it: whether it is empty has to be asked first.
   */
  @Override
  public CompletableFuture<Void> deleteBucket(ObjectUri uri) {
    return Requests.valid(
        "deleteBucket",
        uri,
        () -> {
          Place place = Place.ofContainerAlone(uri);
          Connection connection = connections.to(place);
          return Steps.of(
              steps ->
                  steps
                      .step(
                          connection.send(
                              connection.call("deleteBucket", "list", uri),
                              connection.request(
                                  "GET",
                                  place.path() + "?restype=container&comp=list&maxresults=1"),
                              Reply.of(answer -> AzureXml.page(answer.body()))))
                      .thenCompose(
                          page ->
                              page.entries().isEmpty()
                                  ? steps.step(deleteEmpty(uri, place, connection))
                                  : CompletableFuture.failedFuture(
                                      notEmpty(uri, place, connection))));
        });
  }

  private static CompletableFuture<Void> deleteEmpty(
      ObjectUri uri, Place place, Connection connection) {
    return connection.send(
        connection.call("deleteBucket", "deleteBucket", uri),
        connection.request("DELETE", place.path() + "?restype=container"),
        Reply.of(answer -> null));
  }

  private static ObjectStoreException notEmpty(ObjectUri uri, Place place, Connection connection) {
    return new ObjectStoreException(
        Kind.INVALID,
        "deleteBucket",
        uri,
        "container `%s` at %s is not empty; delete what is in it first (`s3dlio rm -r %s`)"
            .formatted(place.container(), connection.account().describe(), uri),
        null);
  }

  @Override
  public CompletableFuture<List<BucketInfo>> listBuckets(ObjectUri uri) {
    return Requests.valid(
        "listBuckets",
        uri,
        () -> {
          Place place = Place.of(uri);
          Connection connection = connections.to(place);
          return Steps.of(
              steps -> containersFrom("", uri, place, connection, new ArrayList<>(), steps));
        });
  }

  private static CompletableFuture<List<BucketInfo>> containersFrom(
      String marker,
      ObjectUri uri,
      Place place,
      Connection connection,
      List<BucketInfo> found,
      Steps<List<BucketInfo>> steps) {
    String query = "/?comp=list" + (marker.isEmpty() ? "" : "&marker=" + Headers.encoded(marker));
    return steps
        .step(
            connection.send(
                connection.call("listBuckets", "listBuckets", uri),
                connection.request("GET", query),
                Reply.of(answer -> AzureXml.page(answer.body()))))
        .thenCompose(
            page -> {
              for (AzureXml.Entry entry : page.entries()) {
                // When it was made is not told, only when it was changed.
                found.add(
                    new BucketInfo(
                        new ObjectUri("az", place.account() + "/" + entry.name(), ""),
                        Optional.empty()));
              }
              Optional<String> next = page.marker().filter(m -> !m.equals(marker));
              if (next.isPresent()) {
                return containersFrom(next.get(), uri, place, connection, found, steps);
              }
              found.sort(Comparator.comparing(BucketInfo::uri));
              return CompletableFuture.completedFuture(List.copyOf(found));
            });
  }

  @Override
  public void close() {
    connections.close();
  }
}
