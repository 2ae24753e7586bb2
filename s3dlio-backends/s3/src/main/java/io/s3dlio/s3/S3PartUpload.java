package io.s3dlio.s3;

import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.PutMode;
import io.s3dlio.PutResult;
import io.s3dlio.rest.Conditions;
import io.s3dlio.rest.Crc32c;
import io.s3dlio.rest.Headers;
import io.s3dlio.spi.PartUpload;
import io.s3dlio.spi.Payload;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/** A multipart upload of S3. */
final class S3PartUpload implements PartUpload {

  private final Upload upload;
  private final long partSize;
  private final boolean wholeChecksum;
  private final S3Keys.Checksum checksum;
  private final PutMode mode;
  private final Supplier<CompletableFuture<ObjectMeta>> head;
  private final ConcurrentSkipListMap<Integer, CompletedPart> parts = new ConcurrentSkipListMap<>();

  /**
   * Goes on with an upload that has been created.
   *
   * @param upload which one
   * @param partSize bytes of each part but the last
   * @param checksum which one goes with each part
   * @param wholeChecksum whether the store takes the CRC-32C of the whole object
   * @param mode the condition of its completion
   * @param head asks about the object
   */
  S3PartUpload(
      Upload upload,
      long partSize,
      S3Keys.Checksum checksum,
      boolean wholeChecksum,
      PutMode mode,
      Supplier<CompletableFuture<ObjectMeta>> head) {
    this.upload = upload;
    this.partSize = partSize;
    this.checksum = checksum;
    this.wholeChecksum = wholeChecksum;
    this.mode = mode;
    this.head = head;
  }

  @Override
  public CompletableFuture<Void> putPart(int number, Payload part) {
    Optional<BodyChecksum> sum = BodyChecksum.of(checksum, part);
    UploadPartRequest.Builder request =
        UploadPartRequest.builder()
            .bucket(upload.place().bucket())
            .key(upload.place().key())
            .uploadId(upload.id())
            .partNumber(number)
            .contentLength(part.size());
    S3Call call =
        S3Call.writing(
            "putPart",
            upload.uri(),
            (number - 1) * partSize,
            part.size(),
            sum.isPresent(),
            upload.connection());
    return upload
        .connection()
        .send(
            call,
            (client, config) ->
                client.uploadPart(
                    request
                        .overrideConfiguration(sum.map(s -> s.with(config)).orElse(config))
                        .build(),
                    S3Backend.body(part)),
            response -> {
              CompletedPart.Builder done =
                  CompletedPart.builder().partNumber(number).eTag(response.eTag());
              parts.put(number, sum.map(s -> s.with(done)).orElse(done).build());
              return null;
            });
  }

  @Override
  public CompletableFuture<PutResult> complete(int count, long size, Optional<Integer> crc32c) {
    List<CompletedPart> list = List.copyOf(parts.headMap(count, true).values());
    if (list.size() != count) {
      return CompletableFuture.failedFuture(
          new ObjectStoreException(
              Kind.INVALID,
              "put",
              upload.uri(),
              list.size() + " of " + count + " parts have been put",
              null));
    }
    Optional<Integer> crc = checksum == S3Keys.Checksum.CRC32C ? crc32c : Optional.empty();
    CompleteMultipartUploadRequest.Builder request = upload.completion(list);
    if (wholeChecksum && crc.isPresent()) {
      request.checksumType(ChecksumType.FULL_OBJECT).checksumCRC32C(Crc32c.encode(crc.get()));
    }
    if (mode instanceof PutMode.Create) {
      request.ifNoneMatch("*");
    } else if (mode instanceof PutMode.IfMatch m) {
      request.ifMatch(Headers.quoted(m.etag()));
    }
    S3Call call = S3Call.of("put", "completeMultipart", upload.uri(), upload.connection());
    return Conditions.settle(
        upload.complete(call, request), call, mode, S3Errors.REFUSALS, head, crc, size);
  }

  @Override
  public CompletableFuture<Void> abort() {
    return upload.abort();
  }
}
