package io.s3dlio.s3;

import io.s3dlio.ObjectUri;
import io.s3dlio.PutResult;
import io.s3dlio.rest.Steps;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;

/**
 * A multipart upload that the store has begun, and the two ways to end it.
 *
 * @param operation the store's method that it is for
 * @param uri the object
 * @param place the object
 * @param connection to where it is
 * @param id what the store calls it
 */
record Upload(String operation, ObjectUri uri, Place place, Connection connection, String id) {

  /** What the store calls an upload that it has just begun. */
  static String id(CreateMultipartUploadResponse response) {
    return id(response.uploadId());
  }

  /**
   * What the store calls an upload. A damaged name is not used: MinIO takes the abort of an upload
   * with a line break in its name for the deletion of the object.
   */
  static String id(String orNull) {
    String id = Answers.present(orNull, "the id of the upload");
    if (!id.chars().allMatch(c -> c > ' ' && c < 0x7f) || id.isEmpty()) {
      throw new IllegalArgumentException("the id of the upload is damaged");
    }
    return id;
  }

  CompleteMultipartUploadRequest.Builder completion(List<CompletedPart> parts) {
    return CompleteMultipartUploadRequest.builder()
        .bucket(place.bucket())
        .key(place.key())
        .uploadId(id)
        .multipartUpload(m -> m.parts(parts));
  }

  CompletableFuture<PutResult> complete(
      S3Call call, CompleteMultipartUploadRequest.Builder request) {
    return connection.send(
        call,
        (client, config) ->
            client.completeMultipartUpload(request.overrideConfiguration(config).build()),
        response -> Answers.written(response.eTag(), response.versionId()));
  }

  /** Removes what has been stored; done also if the store does not know the upload any more. */
  CompletableFuture<Void> abort() {
    return Steps.of(
        steps ->
            steps
                .step(
                    connection.<AbortMultipartUploadResponse, Void>send(
                        S3Call.of(operation, "abortMultipart", uri, connection),
                        (client, config) ->
                            client.abortMultipartUpload(
                                b ->
                                    b.bucket(place.bucket())
                                        .key(place.key())
                                        .uploadId(id)
                                        .overrideConfiguration(config)),
                        response -> null))
                .exceptionallyCompose(
                    e ->
                        S3Errors.hasCode(e, "NoSuchUpload")
                            ? CompletableFuture.completedFuture(null)
                            : CompletableFuture.failedFuture(Steps.bare(e))));
  }
}
