package io.s3dlio.jmh;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.TrustManager;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** The AWS SDK's asynchronous client as it comes, {@code toBytes} and {@code fromBytes}. */
final class AwsContender implements Contender {

  private final SdkAsyncHttpClient http;
  private final S3AsyncClient client;
  private final Map<Integer, byte[]> contents = new ConcurrentHashMap<>();

  AwsContender(URI endpoint, TrustManager[] trust) {
    this.http = NettyNioAsyncHttpClient.builder().tlsTrustManagersProvider(() -> trust).build();
    this.client =
        S3AsyncClient.builder()
            .httpClient(http)
            .endpointOverride(endpoint)
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("access", "secret")))
            .build();
  }

  @Override
  public String name() {
    return Scheme.S3.sdkName();
  }

  @Override
  public void run(Work work, int size) throws Exception {
    String key = size + "/key";
    switch (work) {
      case GET -> get(key, size).get();
      case PUT ->
          client
              .putObject(
                  b -> b.bucket("bucket").key(key),
                  AsyncRequestBody.fromBytes(contents.computeIfAbsent(size, byte[]::new)))
              .get();
      case MANY -> Contender.inFlight(() -> get(key, size));
    }
  }

  private CompletableFuture<?> get(String key, int size) {
    return client
        .getObject(b -> b.bucket("bucket").key(key), AsyncResponseTransformer.toBytes())
        .thenAccept(
            bytes -> {
              if (bytes.asByteArrayUnsafe().length != size) {
                throw new IllegalStateException("not all bytes");
              }
            });
  }

  @Override
  public void close() {
    client.close();
    http.close();
  }
}
