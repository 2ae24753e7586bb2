package io.s3dlio.s3;

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
import io.s3dlio.rest.Conditions;
import io.s3dlio.rest.Headers;
import io.s3dlio.rest.Requests;
import io.s3dlio.rest.Steps;
import io.s3dlio.spi.ListCursor;
import io.s3dlio.spi.PartUpload;
import io.s3dlio.spi.Payload;
import io.s3dlio.spi.ReadRequest;
import io.s3dlio.spi.Receiver;
import io.s3dlio.spi.StoreBackend;
import io.s3dlio.spi.UnfinishedWrite;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.ListBucketsResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/** The primitives on S3. */
final class S3Backend implements StoreBackend {

  /** What S3 calls content of no known type. */
  private static final String BYTES = "application/octet-stream";

  private static final long MIN_PART_SIZE = 5 << 20;
  private static final int MAX_PARTS = 10_000;

  /** Unfinished uploads that a page lists. */
  private static final int MAX_UPLOADS = 1000;

  private final S3Keys.Checksum checksum;
  private final Connections connections;

  S3Backend(S3Settings settings, RequestListener listener) {
    this.checksum = settings.checksum();
    this.connections = new Connections(settings, listener);
  }

  private boolean asksForChecksums() {
    return checksum != S3Keys.Checksum.NONE;
  }

  Connections connections() {
    return connections;
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(
        true, true, true, checksum == S3Keys.Checksum.CRC32C, true, true, MIN_PART_SIZE, MAX_PARTS);
  }

  @Override
  public CompletableFuture<ObjectMeta> head(ObjectUri uri) {
    return head(uri, Optional.empty());
  }

  @Override
  public CompletableFuture<ObjectMeta> head(ObjectUri uri, String version) {
    return head(uri, Optional.of(version));
  }

  private CompletableFuture<ObjectMeta> head(ObjectUri uri, Optional<String> version) {
    return Requests.valid(
        "head",
        uri,
        () -> {
          Place place = Place.ofObject(uri);
          return head("head", uri, place, version, connections.to(place));
        });
  }

  /** Also a step of other operations, whose name errors then carry. */
  CompletableFuture<ObjectMeta> head(
      String operation,
      ObjectUri uri,
      Place place,
      Optional<String> version,
      Connection connection) {
    return connection.send(
        S3Call.of(operation, "head", uri, connection),
        (client, config) ->
            client.headObject(
                b -> {
                  b.bucket(place.bucket()).key(place.key()).overrideConfiguration(config);
                  version.ifPresent(b::versionId);
                  if (asksForChecksums()) {
                    b.checksumMode(ChecksumMode.ENABLED);
                  }
                }),
        response -> Answers.meta(uri, response));
  }

  @Override
  public CompletableFuture<Map<String, String>> tags(ObjectUri uri) {
    return Requests.valid(
        "tags", uri, () -> Tags.of("tags", uri, connections.to(Place.ofObject(uri))));
  }

  @Override
  public CompletableFuture<Void> read(ObjectUri uri, ReadRequest request, Receiver receiver) {
    return Requests.valid(
        "get",
        uri,
        () -> {
          Place place = Place.ofObject(uri);
          Connection connection = connections.to(place);
          ByteRange range = request.range();
          Optional<String> header = Headers.range(range);
          S3Call call = S3Call.reading(uri, range, connection);
          return connection.send(
              call,
              (client, config) ->
                  client.getObject(
                      b -> {
                        b.bucket(place.bucket()).key(place.key());
                        header.ifPresent(b::range);
                        request.version().ifPresent(b::versionId);
                        request.ifMatch().map(Headers::quoted).ifPresent(b::ifMatch);
                        b.overrideConfiguration(
                            asksForChecksums()
                                ? config.toBuilder()
                                    // As a header of ours: told by checksumMode(), the SDK would
                                    // compare as well.
                                    .putHeader("x-amz-checksum-mode", "ENABLED")
                                    .build()
                                : config);
                      },
                      new ReadTransformer(call, range, receiver)));
        });
  }

  @Override
  public CompletableFuture<PutResult> put(ObjectUri uri, Payload payload, PutOptions options) {
    return Requests.valid(
        "put",
        uri,
        () -> {
          Place place = Place.ofObject(uri);
          Connection connection = connections.to(place);
          Optional<BodyChecksum> sum = BodyChecksum.of(checksum, payload);
          Map<String, String> metadata =
              Headers.checked(options.userMetadata(), "cannot be sent to S3");
          PutObjectRequest.Builder request =
              PutObjectRequest.builder()
                  .bucket(place.bucket())
                  .key(place.key())
                  .contentLength(payload.size())
                  .metadata(metadata)
                  .tagging(Tags.header(options.tags()))
                  .contentType(options.contentType().orElse(BYTES));
          if (options.mode() instanceof PutMode.Create) {
            request.ifNoneMatch("*");
          } else if (options.mode() instanceof PutMode.IfMatch m) {
            request.ifMatch(Headers.quoted(m.etag()));
          }
          S3Call call = S3Call.writing("put", uri, -1, payload.size(), sum.isPresent(), connection);
          CompletableFuture<PutResult> answer =
              connection.send(
                  call,
                  (client, config) ->
                      client.putObject(
                          request
                              .overrideConfiguration(sum.map(s -> s.with(config)).orElse(config))
                              .build(),
                          body(payload)),
                  response -> Answers.written(response.eTag(), response.versionId()));
          return options.mode() instanceof PutMode.Overwrite
              ? answer
              : Conditions.settle(
                  answer,
                  call,
                  options.mode(),
                  S3Errors.REFUSALS,
                  () -> head("put", uri, place, Optional.empty(), connection),
                  checksum == S3Keys.Checksum.CRC32C ? payload.crc32c() : Optional.empty(),
                  payload.size());
        });
  }

  /** The payload's own memory, from its start at every attempt. */
  static AsyncRequestBody body(Payload payload) {
    return payload.size() == 0
        ? AsyncRequestBody.empty()
        : AsyncRequestBody.fromByteBuffersUnsafe(payload.buffers().toArray(new ByteBuffer[0]));
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
          CreateMultipartUploadRequest.Builder request =
              CreateMultipartUploadRequest.builder()
                  .bucket(place.bucket())
                  .key(place.key())
                  .metadata(Headers.checked(options.userMetadata(), "cannot be sent to S3"))
                  .tagging(Tags.header(options.tags()))
                  .contentType(options.contentType().orElse(BYTES));
          if (asksForChecksums()) {
            request
                .checksumAlgorithm(BodyChecksum.algorithm(checksum))
                .checksumType(BodyChecksum.typeOfUploads(checksum));
          }
          CompletableFuture<PartUpload> created =
              connection.send(
                  S3Call.of("put", "startMultipart", uri, connection),
                  (client, config) ->
                      client.createMultipartUpload(request.overrideConfiguration(config).build()),
                  response ->
                      new S3PartUpload(
                          new Upload("put", uri, place, connection, Upload.id(response)),
                          partSize,
                          checksum,
                          response.checksumType() == ChecksumType.FULL_OBJECT,
                          options.mode(),
                          () -> head("put", uri, place, Optional.empty(), connection)));
          return connection.creations().follow(uri, created, PartUpload::abort);
        });
  }

  @Override
  public ListCursor list(ObjectUri prefix, ListOptions options) {
    return new S3Listing(prefix, options, connections);
  }

  @Override
  public CompletableFuture<Map<ObjectUri, ObjectStoreException>> deleteAll(List<ObjectUri> uris) {
    return new S3Deletes(connections).deleteAll(uris);
  }

  @Override
  public CompletableFuture<PutResult> copy(ObjectUri from, ObjectUri to) {
    return Requests.valid(
        "copy",
        from,
        () -> {
          Place source = Place.ofObject(from);
          Place target = Place.ofObject(to);
          Connection connection = connections.to(source);
          if (from.equals(to)) {
            throw new IllegalArgumentException("an object cannot be copied onto itself");
          }
          if (connections.to(target) != connection) {
            throw new ObjectStoreException(
                Kind.UNSUPPORTED,
                "copy",
                from,
                "%s and %s are different stores; no store copies to another one"
                    .formatted(
                        connection.endpoint().describe(),
                        connections.to(target).endpoint().describe()),
                null);
          }
          return S3Copy.start(connection, from, to, S3Copy.MAX_SINGLE);
        });
  }

  @Override
  public CompletableFuture<List<UnfinishedWrite>> unfinished(ObjectUri prefix) {
    return unfinished(prefix, MAX_UPLOADS);
  }

  CompletableFuture<List<UnfinishedWrite>> unfinished(ObjectUri prefix, int pageSize) {
    return Requests.valid(
        "unfinished",
        prefix,
        () -> {
          Place place = Place.ofBucket(prefix);
          return new UnfinishedUploads(prefix, place, connections.to(place), pageSize).find();
        });
  }

  @Override
  public CompletableFuture<Void> createBucket(ObjectUri uri) {
    return Requests.valid(
        "createBucket",
        uri,
        () -> {
          Place place = Place.ofBucketAlone(uri);
          Connection connection = connections.to(place);
          String region = connection.endpoint().region().id();
          return connection.send(
              S3Call.of("createBucket", "createBucket", uri, connection),
              (client, config) ->
                  client.createBucket(
                      b -> {
                        b.bucket(place.bucket()).overrideConfiguration(config);
                        if (!region.equals("us-east-1")) { // which S3 refuses to be named
                          b.createBucketConfiguration(c -> c.locationConstraint(region));
                        }
                      }),
              response -> null);
        });
  }

  @Override
  public CompletableFuture<Void> deleteBucket(ObjectUri uri) {
    return Requests.valid(
        "deleteBucket",
        uri,
        () -> {
          Place place = Place.ofBucketAlone(uri);
          Connection connection = connections.to(place);
          return connection.send(
              S3Call.of("deleteBucket", "deleteBucket", uri, connection),
              (client, config) ->
                  client.deleteBucket(b -> b.bucket(place.bucket()).overrideConfiguration(config)),
              response -> null);
        });
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
              steps -> bucketsFrom(null, uri, place, connection, new ArrayList<>(), steps));
        });
  }

  private CompletableFuture<List<BucketInfo>> bucketsFrom(
      String token,
      ObjectUri uri,
      Place place,
      Connection connection,
      List<BucketInfo> found,
      Steps<List<BucketInfo>> steps) {
    CompletableFuture<Buckets> answer =
        connection.send(
            S3Call.of("listBuckets", "listBuckets", uri, connection),
            (client, config) ->
                client.listBuckets(b -> b.continuationToken(token).overrideConfiguration(config)),
            response -> Buckets.of(response, place));
    return steps
        .step(answer)
        .thenCompose(
            page -> {
              found.addAll(page.some);
              String next = page.next;
              if (next != null && !next.isEmpty() && !next.equals(token)) {
                return bucketsFrom(next, uri, place, connection, found, steps);
              }
              found.sort(Comparator.comparing(BucketInfo::uri));
              return CompletableFuture.completedFuture(List.copyOf(found));
            });
  }

  /** A page of them, with a token if there are more. */
  private record Buckets(List<BucketInfo> some, String next) {

    static Buckets of(ListBucketsResponse response, Place place) {
      return new Buckets(
          response.buckets().stream()
              .map(
                  bucket ->
                      new BucketInfo(
                          Place.bucketUri(
                              place.host(), Answers.present(bucket.name(), "the name of a bucket")),
                          Optional.ofNullable(bucket.creationDate())))
              .toList(),
          response.continuationToken());
    }
  }

  @Override
  public void close() throws ObjectStoreException {
    connections.close();
  }
}
