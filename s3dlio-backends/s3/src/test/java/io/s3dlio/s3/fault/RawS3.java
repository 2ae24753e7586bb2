package io.s3dlio.s3.fault;

import io.s3dlio.testkit.server.S3Server;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/** The SDK alone, for what a store never shows: unfinished multipart uploads. */
final class RawS3 implements AutoCloseable {

  private final S3AsyncClient client;
  private final String bucket;

  RawS3(S3Server server, String bucket) {
    this.bucket = bucket;
    this.client =
        S3AsyncClient.builder()
            .httpClientBuilder(NettyNioAsyncHttpClient.builder().maxConcurrency(1))
            .endpointOverride(server.endpoint())
            .region(Region.of(server.region()))
            .forcePathStyle(true)
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(server.accessKey(), server.secretKey())))
            .build();
  }

  /** Those of a key. */
  List<MultipartUpload> uploads(String key) {
    return client.listMultipartUploads(b -> b.bucket(bucket).prefix(key)).join().uploads();
  }

  void abort(MultipartUpload upload) {
    client
        .abortMultipartUpload(b -> b.bucket(bucket).key(upload.key()).uploadId(upload.uploadId()))
        .join();
  }

  @Override
  public void close() {
    client.close();
  }
}
