package io.s3dlio.jmh;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.cloud.NoCredentials;
import com.google.cloud.http.HttpTransportOptions;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobTargetOption;
import com.google.cloud.storage.StorageOptions;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Google's client as it comes: {@code readAllBytes} and {@code create} of a byte array, without the
 * gzip that it does unless told otherwise.
 */
final class GoogleContender implements Contender {

  private final Storage storage;
  private final Map<Integer, byte[]> contents = new ConcurrentHashMap<>();

  GoogleContender(URI endpoint, SelfSigned certificate) throws Exception {
    HttpTransport transport =
        new NetHttpTransport.Builder()
            .setSslSocketFactory(certificate.clientContext().getSocketFactory())
            .build();
    this.storage =
        StorageOptions.http()
            .setHost(endpoint.toString())
            .setProjectId("project")
            .setCredentials(NoCredentials.getInstance())
            .setTransportOptions(
                HttpTransportOptions.newBuilder().setHttpTransportFactory(() -> transport).build())
            .build()
            .getService();
  }

  @Override
  public String name() {
    return Scheme.GS.sdkName();
  }

  @Override
  public boolean does(Work work, int size) {
    return work != Work.MANY;
  }

  @Override
  public void run(Work work, int size) {
    BlobId blob = BlobId.of("bucket", size + "/key");
    if (work == Work.GET) {
      Contender.check(storage.readAllBytes(blob).length, size);
    } else {
      storage.create(
          BlobInfo.newBuilder(blob).build(),
          contents.computeIfAbsent(size, byte[]::new),
          BlobTargetOption.disableGzipContent());
    }
  }

  @Override
  public void close() throws IOException {
    try {
      storage.close();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
