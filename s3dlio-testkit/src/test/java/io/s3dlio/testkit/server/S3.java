package io.s3dlio.testkit.server;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A new bucket of a server, spoken to with Amazon's own client: a second opinion on the server. */
final class S3 implements AutoCloseable {

  /** One for all, since closing one of Netty's takes two seconds; its threads are daemons. */
  private static final SdkAsyncHttpClient HTTP = NettyNioAsyncHttpClient.create();

  private final S3AsyncClient client;
  private final String bucket = "bucket-" + UUID.randomUUID();

  S3(S3Server server) {
    this(server, server.secretKey());
    await(client.createBucket(request -> request.bucket(bucket)));
  }

  private S3(S3Server server, String secretKey) {
    client =
        S3AsyncClient.builder()
            .endpointOverride(server.endpoint())
            .region(Region.of(server.region()))
            .forcePathStyle(true)
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(server.accessKey(), secretKey)))
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .overrideConfiguration(o -> o.retryStrategy(retry -> retry.maxAttempts(1)))
            .httpClient(HTTP)
            .build();
  }

  /** The names of all buckets, asked for with a secret of one's own. */
  static List<String> buckets(S3Server server, String secretKey) {
    try (S3 s3 = new S3(server, secretKey)) {
      return await(s3.client.listBuckets()).buckets().stream().map(found -> found.name()).toList();
    }
  }

  String bucket() {
    return bucket;
  }

  String put(String key, String content) {
    return put(key, content, request -> {});
  }

  String put(String key, String content, Consumer<PutObjectRequest.Builder> options) {
    return await(
            client.putObject(
                request -> options.accept(request.bucket(bucket).key(key)),
                AsyncRequestBody.fromString(content)))
        .eTag();
  }

  ResponseBytes<GetObjectResponse> get(String key) {
    return await(
        client.getObject(
            request -> request.bucket(bucket).key(key).checksumMode(ChecksumMode.ENABLED),
            AsyncResponseTransformer.toBytes()));
  }

  String content(String key) {
    return get(key).asUtf8String();
  }

  void delete(String key, Consumer<DeleteObjectRequest.Builder> options) {
    await(client.deleteObject(request -> options.accept(request.bucket(bucket).key(key))));
  }

  void startUpload(String key) {
    await(client.createMultipartUpload(request -> request.bucket(bucket).key(key)));
  }

  List<String> uploads(String prefix) {
    return await(client.listMultipartUploads(request -> request.bucket(bucket).prefix(prefix)))
        .uploads()
        .stream()
        .map(MultipartUpload::key)
        .toList();
  }

  List<String> list() {
    return await(
            client.listObjectsV2(request -> request.bucket(bucket).encodingType(EncodingType.URL)))
        .contents()
        .stream()
        .map(S3Object::key)
        .toList();
  }

  private static <T> T await(CompletableFuture<T> call) {
    try {
      return call.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof S3Exception refusal) {
        throw refusal;
      }
      throw new AssertionError(e);
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  /** The status that a call is refused with, 200 if it is not. */
  static int status(Runnable call) {
    try {
      call.run();
      return 200;
    } catch (S3Exception e) {
      return e.statusCode();
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
