package io.s3dlio.s3;

import io.s3dlio.ObjectUri;
import io.s3dlio.PutResult;
import io.s3dlio.rest.Steps;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;

/**
 * A copy that the store makes: in one request up to {@link #MAX_SINGLE}, in parts above. Both are
 * pinned to the ETag that the object had at first.
 */
final class S3Copy {

  /** The most that CopyObject copies: 5 GiB. */
  static final long MAX_SINGLE = 5L << 30;

  private static final long PART_SIZE = 512L << 20;
  private static final int MAX_PARTS = 10_000;

  /** Parts that the store copies at a time. */
  private static final int LANES = 8;

  private final Connection connection;
  private final ObjectUri from;
  private final Place source;
  private final ObjectUri to;
  private final Place target;
  private final long maxSingle;
  private final Steps<PutResult> steps;

  private S3Copy(
      Connection connection, ObjectUri from, ObjectUri to, long maxSingle, Steps<PutResult> steps) {
    this.connection = connection;
    this.from = from;
    this.source = Place.ofObject(from);
    this.to = to;
    this.target = Place.ofObject(to);
    this.maxSingle = maxSingle;
    this.steps = steps;
  }

  /**
   * Copies.
   *
   * @param connection to the store that has both
   * @param maxSingle the most bytes to copy in one request
   */
  static CompletableFuture<PutResult> start(
      Connection connection, ObjectUri from, ObjectUri to, long maxSingle) {
    return Steps.of(steps -> new S3Copy(connection, from, to, maxSingle, steps).run());
  }

  private CompletableFuture<PutResult> run() {
    CompletableFuture<HeadObjectResponse> head =
        connection.send(
            S3Call.of("copy", "head", from, connection),
            (client, config) ->
                client.headObject(
                    b -> b.bucket(source.bucket()).key(source.key()).overrideConfiguration(config)),
            response -> {
              Answers.present(response.contentLength(), "the size");
              return response;
            });
    CompletableFuture<Void> ended = new CompletableFuture<>();
    // From its begin: an upload may be created, and be aborted, after the copy was given up.
    connection.creations().settle(to, ended);
    return steps
        .step(head)
        .thenCompose(
            object -> object.contentLength() <= maxSingle ? whole(object) : inParts(object))
        .whenComplete((result, error) -> ended.complete(null));
  }

  private CompletableFuture<PutResult> whole(HeadObjectResponse object) {
    return steps.step(
        connection.send(
            S3Call.of("copy", "copy", to, connection),
            (client, config) ->
                client.copyObject(
                    b ->
                        b.sourceBucket(source.bucket())
                            .sourceKey(source.key())
                            .copySourceIfMatch(object.eTag())
                            .destinationBucket(target.bucket())
                            .destinationKey(target.key())
                            .overrideConfiguration(config)),
            (CopyObjectResponse response) ->
                Answers.written(
                    Answers.present(response.copyObjectResult().eTag(), "the ETag"),
                    response.versionId())));
  }

  private CompletableFuture<PutResult> inParts(HeadObjectResponse object) {
    boolean tagged = object.tagCount() != null && object.tagCount() > 0;
    CompletableFuture<Map<String, String>> tags =
        tagged
            ? Tags.of("copy", from, connection)
            : CompletableFuture.completedFuture(Map.of()); // asking takes a permission
    return steps.step(tags).thenCompose(known -> inParts(object, known));
  }

  private CompletableFuture<PutResult> inParts(
      HeadObjectResponse object, Map<String, String> tags) {
    CompletableFuture<Upload> created =
        connection.send(
            S3Call.of("copy", "startMultipart", to, connection),
            (client, config) ->
                client.createMultipartUpload(
                    b ->
                        // Without a checksum: UploadPartCopy gives none, and a store that was told
                        // to expect one then refuses to complete.
                        b.bucket(target.bucket())
                            .key(target.key())
                            .metadata(object.metadata())
                            .tagging(Tags.header(tags))
                            .contentType(object.contentType())
                            .contentEncoding(object.contentEncoding())
                            .contentDisposition(object.contentDisposition())
                            .contentLanguage(object.contentLanguage())
                            .cacheControl(object.cacheControl())
                            .overrideConfiguration(config)),
            (CreateMultipartUploadResponse response) ->
                new Upload("copy", to, target, connection, Upload.id(response)));
    return steps
        .step(connection.creations().follow(to, created, Upload::abort))
        .thenCompose(
            upload ->
                parts(upload, object)
                    .thenCompose(
                        parts ->
                            steps.step(
                                upload.complete(
                                    S3Call.of("copy", "completeMultipart", to, connection),
                                    upload.completion(parts))))
                    .exceptionallyCompose(e -> aborted(upload, Steps.bare(e))));
  }

  /** Not a step: it is made also when the copy was cancelled. */
  private CompletableFuture<PutResult> aborted(Upload upload, Throwable why) {
    return connection
        .creations()
        .settle(to, upload.abort())
        .handle(
            (nothing, error) -> {
              if (error != null) {
                why.addSuppressed(error);
              }
              return null;
            })
        .thenCompose(nothing -> CompletableFuture.failedFuture(why));
  }

  private CompletableFuture<List<CompletedPart>> parts(Upload upload, HeadObjectResponse object) {
    long size = object.contentLength();
    long partSize = Math.max(Math.min(PART_SIZE, maxSingle), (size + MAX_PARTS - 1) / MAX_PARTS);
    int count = Math.toIntExact((size + partSize - 1) / partSize);
    AtomicInteger next = new AtomicInteger(1);
    Map<Integer, CompletedPart> done = new ConcurrentSkipListMap<>();
    List<CompletableFuture<Void>> lanes = new ArrayList<>();
    for (int i = 0; i < Math.min(LANES, count); i++) {
      lanes.add(lane(upload, object, partSize, count, next, done));
    }
    return CompletableFuture.allOf(lanes.toArray(new CompletableFuture<?>[0]))
        .thenApply(nothing -> List.copyOf(done.values()));
  }

  /** Copies parts one after the other, until none is left or one has failed. */
  private CompletableFuture<Void> lane(
      Upload upload,
      HeadObjectResponse object,
      long partSize,
      int count,
      AtomicInteger next,
      Map<Integer, CompletedPart> done) {
    int number = next.getAndIncrement();
    if (number > count || steps.isDone()) {
      return CompletableFuture.completedFuture(null);
    }
    long first = (number - 1) * partSize;
    long last = Math.min(first + partSize, object.contentLength()) - 1;
    CompletableFuture<Void> part =
        connection.send(
            S3Call.of("copy", "copyPart", to, connection),
            (client, config) ->
                client.uploadPartCopy(
                    b ->
                        b.sourceBucket(source.bucket())
                            .sourceKey(source.key())
                            .copySourceIfMatch(object.eTag())
                            .copySourceRange("bytes=" + first + "-" + last)
                            .destinationBucket(target.bucket())
                            .destinationKey(target.key())
                            .uploadId(upload.id())
                            .partNumber(number)
                            .overrideConfiguration(config)),
            (UploadPartCopyResponse response) -> {
              done.put(
                  number,
                  CompletedPart.builder()
                      .partNumber(number)
                      .eTag(Answers.present(response.copyPartResult().eTag(), "the ETag"))
                      .build());
              return null;
            });
    return steps
        .step(part)
        .whenComplete(
            (nothing, error) -> {
              if (error != null) {
                next.set(count + 1); // the other lanes need not go on
              }
            })
        .thenCompose(nothing -> lane(upload, object, partSize, count, next, done));
  }
}
