package io.s3dlio.testkit;

import static io.s3dlio.testkit.Fixture.assertFails;
import static io.s3dlio.testkit.Fixture.await;
import static io.s3dlio.testkit.Fixture.bytes;
import static io.s3dlio.testkit.Fixture.source;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteSources;
import io.s3dlio.MultipartUpload;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.PutMode;
import io.s3dlio.PutOptions;
import io.s3dlio.PutResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Objects that are written part by part. */
interface MultipartContract extends Fixture {

  private MultipartUpload start(String name, PutOptions options) throws Exception {
    return store().multipart(uri(name), PART, options);
  }

  /** Puts a part of the whole. */
  private static void putPart(MultipartUpload upload, int number, byte[] whole) throws Exception {
    int size = Math.toIntExact(upload.partSize());
    int from = (number - 1) * size;
    byte[] part = Arrays.copyOfRange(whole, from, Math.min(from + size, whole.length));
    upload.putPart(number, source(part));
  }

  @Test
  default void partsMayComeInAnyOrderAndAgain() throws Exception {
    byte[] whole = bytes(2 * uploadPart() + 77, 1);
    AtomicLong heard = new AtomicLong();
    try (MultipartUpload upload = start("o", PutOptions.DEFAULT.withProgress(heard::addAndGet))) {
      assertThat(upload.partSize()).isEqualTo(uploadPart());
      putPart(upload, 3, whole);
      upload.putPart(1, source(bytes(1000, 2)));
      putPart(upload, 2, whole);
      putPart(upload, 1, whole);
      assertThat(store().exists(uri("o"))).isFalse();
      assertThat(list("")).isEmpty();
      PutResult result = upload.complete();
      assertThat(result.etag()).isPresent().isEqualTo(store().head(uri("o")).etag());
    }
    assertThat(get("o")).isEqualTo(whole);
    assertThat(heard).as("the part that was put twice counts once").hasValue(whole.length);
  }

  @Test
  default void partsMayBePutAtTheSameTime() throws Exception {
    byte[] whole = bytes(3 * uploadPart() + 1, 2);
    try (MultipartUpload upload = start("o", PutOptions.DEFAULT)) {
      List<CompletableFuture<Void>> parts = new ArrayList<>();
      for (int i = 1; i <= 4; i++) {
        int number = i;
        parts.add(
            CompletableFuture.runAsync(
                () -> {
                  try {
                    putPart(upload, number, whole);
                  } catch (Exception e) {
                    throw new CompletionException(e);
                  }
                }));
      }
      for (CompletableFuture<Void> part : parts) {
        await(part);
      }
      upload.complete();
    }
    assertThat(get("o")).isEqualTo(whole);
  }

  @Test
  default void onePartMayBeShort() throws Exception {
    try (MultipartUpload upload = start("o", PutOptions.DEFAULT)) {
      upload.putPart(1, ByteSources.of(java.nio.ByteBuffer.wrap(new byte[] {42})));
      upload.complete();
    }
    assertThat(get("o")).containsExactly(42);
  }

  @Test
  default void aMissingPartCanStillBePut() throws Exception {
    byte[] whole = bytes(2 * uploadPart() + 5, 3);
    try (MultipartUpload upload = start("o", PutOptions.DEFAULT)) {
      putPart(upload, 1, whole);
      putPart(upload, 3, whole);
      assertThat(assertFails(Kind.INVALID, uri("o"), upload::complete))
          .hasMessageContaining("part 2");
      assertThat(store().exists(uri("o"))).isFalse();
      putPart(upload, 2, whole);
      upload.complete();
    }
    assertThat(get("o")).isEqualTo(whole);
  }

  @Test
  default void aShortPartInTheMiddleCanStillBeReplaced() throws Exception {
    byte[] whole = bytes(uploadPart() + 5, 4);
    try (MultipartUpload upload = start("o", PutOptions.DEFAULT)) {
      upload.putPart(1, source(bytes(uploadPart() - 1, 4)));
      putPart(upload, 2, whole);
      assertFails(Kind.INVALID, uri("o"), upload::complete);
      assertThat(store().exists(uri("o"))).isFalse();
      putPart(upload, 1, whole);
      upload.complete();
    }
    assertThat(get("o")).isEqualTo(whole);
  }

  @Test
  default void noPartsMakeAnEmptyObject() throws Exception {
    PutOptions options =
        can().userMetadata()
            ? PutOptions.DEFAULT.withUserMetadata(Map.of("name", "value"))
            : PutOptions.DEFAULT;
    try (MultipartUpload upload = start("o", options)) {
      upload.complete();
      assertThat(upload.partSize()).isEqualTo(uploadPart());
    }
    ObjectMeta head = store().head(uri("o"));
    assertThat(head.size()).isZero();
    assertThat(head.userMetadata()).isEqualTo(options.userMetadata());
  }

  @Test
  default void closedWithoutCompleteItLeavesNothing() throws Exception {
    put("old", bytes(10, 5));
    for (String name : List.of("old", "new")) {
      try (MultipartUpload upload = start(name, PutOptions.DEFAULT)) {
        upload.putPart(1, source(bytes(100, 6)));
      }
      MultipartUpload closed = start(name, PutOptions.DEFAULT);
      closed.close();
      closed.close();
      assertFails(Kind.INVALID, uri(name), () -> closed.putPart(1, source(bytes(1, 1))));
      assertFails(Kind.INVALID, uri(name), closed::complete);
    }
    assertThat(get("old")).isEqualTo(bytes(10, 5));
    assertThat(list("")).containsExactly("old");
    assertThat(leftNow()).isEmpty();
  }

  @Test
  default void afterCompleteNothingCanBeAdded() throws Exception {
    try (MultipartUpload upload = start("o", PutOptions.DEFAULT)) {
      upload.putPart(1, source(bytes(100, 7)));
      upload.complete();
      assertFails(Kind.INVALID, uri("o"), upload::complete);
      assertFails(Kind.INVALID, uri("o"), () -> upload.putPart(2, source(bytes(1, 1))));
    }
    assertThat(get("o")).isEqualTo(bytes(100, 7));
  }

  @Test
  default void numbersAndSizesAreChecked() throws Exception {
    assertFails(
        Kind.INVALID, uri("o"), () -> store().multipart(uri("o"), 0, PutOptions.DEFAULT).close());
    assertFails(
        Kind.INVALID,
        uri("o"),
        () -> store().multipart(uri("o"), (1L << 30) + 1, PutOptions.DEFAULT).close());
    try (MultipartUpload upload = start("o", PutOptions.DEFAULT)) {
      assertFails(Kind.INVALID, uri("o"), () -> upload.putPart(0, source(bytes(1, 1))));
      if (can().maxParts() < Integer.MAX_VALUE) {
        assertFails(
            Kind.INVALID,
            uri("o"),
            () -> upload.putPart(can().maxParts() + 1, source(bytes(1, 1))));
      }
      assertFails(Kind.INVALID, uri("o"), () -> upload.putPart(1, source(new byte[0])));
      assertFails(
          Kind.INVALID, uri("o"), () -> upload.putPart(1, source(new byte[uploadPart() + 1])));
    }
    assertThat(store().exists(uri("o"))).isFalse();
  }

  @Test
  default void conditionsAreMetAtTheEnd() throws Exception {
    if (can().createIfAbsent()) {
      try (MultipartUpload upload = start("o", PutOptions.DEFAULT.withMode(PutMode.CREATE))) {
        upload.putPart(1, source(bytes(100, 8)));
        put("o", bytes(10, 9));
        assertFails(Kind.ALREADY_EXISTS, uri("o"), upload::complete);
      }
      assertThat(get("o")).isEqualTo(bytes(10, 9));
    }
    String etag = put("o", bytes(10, 10)).etag().orElseThrow();
    PutOptions ifMatch = PutOptions.DEFAULT.withMode(PutMode.ifMatch(etag));
    if (!can().ifMatch()) {
      assertFails(Kind.UNSUPPORTED, uri("o"), () -> start("o", ifMatch).close());
      return;
    }
    try (MultipartUpload upload = start("o", ifMatch)) {
      upload.putPart(1, source(bytes(100, 11)));
      put("o", bytes(10, 12));
      assertFails(Kind.PRECONDITION_FAILED, uri("o"), upload::complete);
    }
    assertThat(get("o")).isEqualTo(bytes(10, 12));
  }
}
