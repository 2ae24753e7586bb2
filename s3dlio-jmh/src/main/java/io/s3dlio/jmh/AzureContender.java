package io.s3dlio.jmh;

import com.azure.core.http.netty.NettyAsyncHttpClientBuilder;
import com.azure.core.util.BinaryData;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.common.StorageSharedKeyCredential;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.TrustManager;
import reactor.netty.http.client.HttpClient;

/** Azure's client as it comes: {@code downloadContent} and {@code upload} of a byte array. */
final class AzureContender implements Contender {

  /** A key of no account, in Base64. */
  static final String KEY = "a2V5";

  private final BlobContainerClient container;
  private final Map<Integer, byte[]> contents = new ConcurrentHashMap<>();

  AzureContender(URI endpoint, TrustManager[] trust) throws Exception {
    SslContext tls =
        SslContextBuilder.forClient().sslProvider(SslProvider.JDK).trustManager(trust[0]).build();
    this.container =
        new BlobServiceClientBuilder()
            .endpoint(endpoint + "/account")
            .credential(new StorageSharedKeyCredential("account", KEY))
            .httpClient(
                new NettyAsyncHttpClientBuilder(HttpClient.create().secure(s -> s.sslContext(tls)))
                    .build())
            .buildClient()
            .getBlobContainerClient("container");
  }

  @Override
  public String name() {
    return Scheme.AZ.sdkName();
  }

  @Override
  public boolean does(Work work, int size) {
    return work != Work.MANY;
  }

  @Override
  public void run(Work work, int size) {
    BlobClient blob = container.getBlobClient(size + "/key");
    if (work == Work.GET) {
      Contender.check(blob.downloadContent().toBytes().length, size);
    } else {
      byte[] content = contents.computeIfAbsent(size, byte[]::new);
      blob.upload(BinaryData.fromBytes(content), true);
    }
  }

  @Override
  public void close() {
    // It ends with the process.
  }
}
