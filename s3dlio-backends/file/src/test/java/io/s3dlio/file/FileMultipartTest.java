package io.s3dlio.file;

import static io.s3dlio.file.FileFixture.PLAIN;
import static io.s3dlio.file.FileFixture.fails;
import static io.s3dlio.file.FileFixture.get;
import static io.s3dlio.file.FileFixture.payload;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.PutMode;
import io.s3dlio.spi.PartUpload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parts become an object, in any order, or nothing. */
class FileMultipartTest {

  @TempDir Path directory;
  private FileFixture files;

  @BeforeEach
  void open() {
    files = new FileFixture(directory);
  }

  @AfterEach
  void close() throws ObjectStoreException {
    files.close();
  }

  private PartUpload start(long partSize) {
    return get(files.store.startMultipart(files.uri("d/a"), partSize, PLAIN));
  }

  @Test
  void partsMayComeInAnyOrderFromSeveralThreads() throws Exception {
    int partSize = 100_003;
    byte[] content = new byte[partSize * 20 + 17];
    new Random(1).nextBytes(content);
    PartUpload upload = start(partSize);
    List<Integer> order = new ArrayList<>();
    for (int n = 1; n <= 21; n++) {
      order.add(n);
    }
    Collections.shuffle(order, new Random(2));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> puts = new ArrayList<>();
      for (int n : order) {
        int from = (n - 1) * partSize;
        byte[] part = Arrays.copyOfRange(content, from, Math.min(content.length, from + partSize));
        puts.add(threads.submit(() -> get(upload.putPart(n, payload(ByteBuffer.wrap(part))))));
      }
      for (Future<?> put : puts) {
        put.get(60, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(files.list("")).as("nothing shows before it is complete").isEmpty();

    String etag = get(upload.complete(21, content.length, Optional.empty())).etag().orElseThrow();

    assertThat(Files.readAllBytes(files.path("d/a"))).isEqualTo(content);
    assertThat(files.head("d/a").etag()).hasValue(etag);
    assertThat(files.files()).containsExactly("d/a");
  }

  @Test
  void aPartThatIsPutAgainCounts() {
    PartUpload upload = start(4);
    get(upload.putPart(2, payload("2222")));
    get(upload.putPart(1, payload("xxxx")));
    get(upload.putPart(3, payload("3333")));
    get(upload.putPart(1, payload("1111")));
    get(upload.putPart(2, payload("22")));
    get(upload.complete(2, 6, Optional.empty()));
    assertThat(files.read("d/a")).isEqualTo("111122");
  }

  @Test
  void whatIsNotComplete() throws IOException {
    PartUpload upload = start(4);
    get(upload.putPart(1, payload("1111")));
    get(upload.putPart(3, payload("333")));
    fails(upload.complete(3, 11, Optional.empty()), Kind.INVALID, "part 2 has not been put");
    get(upload.putPart(2, payload("22")));
    fails(upload.complete(3, 11, Optional.empty()), Kind.INVALID, "part 2 has 2 bytes");
    fails(upload.complete(3, 12, Optional.empty()), Kind.INVALID, "part 2 has 2 bytes");
    fails(upload.putPart(2, payload("22222")), Kind.INVALID, "4 bytes");
    fails(upload.putPart(0, payload("2")), Kind.INVALID);
    get(upload.putPart(2, payload("2222")));
    fails(upload.complete(3, 12, Optional.empty()), Kind.INVALID, "part 3 has 3 bytes");
    get(upload.complete(3, 11, Optional.empty()));
    assertThat(files.read("d/a")).isEqualTo("11112222333");
  }

  @Test
  void abortLeavesNothing() throws IOException {
    PartUpload upload = start(4);
    get(upload.putPart(1, payload("1111")));
    get(upload.abort());
    assertThat(files.files()).isEmpty();
    fails(upload.putPart(2, payload("2222")), Kind.INVALID, "has ended", "begin it anew");
    fails(upload.complete(1, 4, Optional.empty()), Kind.INVALID, "has ended");
    get(upload.abort());
    assertThat(files.files()).isEmpty();
  }

  @Test
  void abortAfterCompletionLeavesTheObject() throws IOException {
    PartUpload upload = start(4);
    get(upload.putPart(1, payload("1111")));
    get(upload.complete(1, 4, Optional.empty()));
    get(upload.abort());
    fails(upload.putPart(1, payload("2222")), Kind.INVALID, "has ended");
    assertThat(files.read("d/a")).isEqualTo("1111");
  }

  @Test
  void ofTwoUploadsThatCreateTheFirstToCompleteWins() throws IOException {
    List<PartUpload> uploads = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      PartUpload upload =
          get(files.store.startMultipart(files.uri("d/a"), 4, PLAIN.withMode(PutMode.CREATE)));
      get(upload.putPart(1, payload("no." + i)));
      uploads.add(upload);
    }
    get(uploads.get(1).complete(1, 4, Optional.empty()));
    fails(uploads.get(0).complete(1, 4, Optional.empty()), Kind.ALREADY_EXISTS);
    get(uploads.get(0).abort());
    assertThat(files.read("d/a")).isEqualTo("no.1");
    assertThat(files.files()).containsExactly("d/a");
  }

  @Test
  void anInterruptedPartCanBePutAgain() {
    PartUpload upload = start(4);
    get(upload.putPart(1, payload("1111")));
    Thread.currentThread().interrupt();
    try {
      fails(upload.putPart(2, payload("22")), Kind.CANCELLED);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    get(upload.putPart(2, payload("22")));
    get(upload.complete(2, 6, Optional.empty()));
    assertThat(files.read("d/a")).isEqualTo("111122");
  }

  @Test
  void metadataIsThereWithTheObject() {
    PartUpload upload =
        get(
            files.store.startMultipart(
                files.uri("d/a"),
                4,
                PLAIN.withContentType("text/plain").withUserMetadata(Map.of("k", "v"))));
    get(upload.putPart(1, payload("1111")));
    get(upload.complete(1, 4, Optional.empty()));
    assertThat(files.head("d/a").contentType()).hasValue("text/plain");
    assertThat(files.head("d/a").userMetadata()).containsExactly(Map.entry("k", "v"));
  }
}
