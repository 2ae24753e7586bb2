package io.s3dlio.testkit;

import static io.s3dlio.testkit.Fixture.assertFails;
import static io.s3dlio.testkit.Fixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.testkit.StoreFacts.Fact;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Put, overwrite, content type and user metadata. */
interface WriteContract extends Fixture {

  @Test
  default void anOverwriteIsVisibleAtOnce() throws Exception {
    for (int size : new int[] {100, LARGE, 0, 7, THRESHOLD + 1}) {
      byte[] content = bytes(size, size);
      String etag = put("o", content).etag().orElseThrow();
      assertThat(get("o")).isEqualTo(content);
      assertThat(store().head(uri("o")).size()).isEqualTo(size);
      ObjectMeta listed = store().list(uri("o")).findFirst().orElseThrow();
      assertThat(listed.size()).isEqualTo(size);
      assertThat(listed.etag()).contains(etag);
    }
  }

  @Test
  default void everyContentHasAnETagOfItsOwn() throws Exception {
    Set<String> etags = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      assertThat(etags.add(put("o", bytes(100, i)).etag().orElseThrow()))
          .as("the ETag of content %s is new", i)
          .isTrue();
    }
  }

  @Test
  default void progressOfAPutSumsUp() throws Exception {
    for (int size : new int[] {0, 10, LARGE, severalParts()}) {
      AtomicLong heard = new AtomicLong();
      put("o", bytes(size, 1), PutOptions.DEFAULT.withProgress(heard::addAndGet));
      assertThat(heard).hasValue(size);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, LARGE})
  default void contentTypeAndMetadataAreKept(int size) throws Exception {
    PutOptions options =
        PutOptions.DEFAULT
            .withContentType("application/x-tar")
            .withUserMetadata(
                Map.of(
                    "s3dlio-gen", "1:seed=5 size=7; a,b=\"c\"", "Mixed-Case", "Value", "n", "0"));
    if (!can().userMetadata()) {
      assertUnsupported(options, size);
      return;
    }
    put("o", bytes(size, 1), options);
    assertMetadata("o");
    if (size > 0) {
      store().copy(uri("o"), uri("copy"));
      assertMetadata("copy");
    }
    put("o", bytes(size, 2));
    assertThat(store().head(uri("o")).userMetadata()).isEmpty();
  }

  private void assertUnsupported(PutOptions options, int size) throws Exception {
    assertFails(Kind.UNSUPPORTED, uri("o"), () -> put("o", bytes(size, 1), options));
    assertFails(
        Kind.UNSUPPORTED,
        uri("o"),
        () -> put("o", bytes(size, 1), PutOptions.DEFAULT.withContentType("text/plain")));
    assertThat(store().exists(uri("o"))).isFalse();
  }

  private void assertMetadata(String name) throws Exception {
    ObjectMeta head = store().head(uri(name));
    assertThat(head.contentType()).isEqualTo(Optional.of("application/x-tar"));
    assertThat(head.userMetadata())
        .isEqualTo(
            Map.of("s3dlio-gen", "1:seed=5 size=7; a,b=\"c\"", "mixed-case", "Value", "n", "0"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\u00e4", "\u65e5\u672c", "\ud83d\ude00", "=?UTF-8?B?w6Q=?=", "100%41", ""})
  default void metadataIsTextOrRefused(String value) throws Exception {
    PutOptions options = PutOptions.DEFAULT.withUserMetadata(Map.of("name", value));
    boolean ascii = value.chars().allMatch(c -> c < 0x80);
    if (!can().userMetadata()) {
      assertFails(Kind.UNSUPPORTED, uri("o"), () -> put("o", bytes(3, 1), options));
    } else if (ascii || facts().has(Fact.NON_ASCII_METADATA)) {
      put("o", bytes(3, 1), options);
      assertThat(store().head(uri("o")).userMetadata()).isEqualTo(Map.of("name", value));
      return;
    } else {
      assertFails(Kind.INVALID, uri("o"), () -> put("o", bytes(3, 1), options));
      assertFails(Kind.INVALID, uri("o"), () -> put("o", bytes(LARGE, 1), options));
    }
    assertThat(store().exists(uri("o"))).isFalse();
  }

  @Test
  default void aPutNeedsAKey() {
    ObjectUri none = here().withKey("");
    assertFails(Kind.INVALID, none, () -> store().put(none, ByteBuffer.allocate(1)));
  }

  @Test
  default void otherSchemesAreRefused() {
    ObjectUri other = new ObjectUri("other", "bucket", "key");
    assertFails(Kind.INVALID, other, () -> store().put(other, ByteBuffer.allocate(1)));
    assertFails(Kind.INVALID, other, () -> store().get(other).close());
    assertFails(Kind.INVALID, other, () -> store().delete(other));
    assertFails(Kind.INVALID, other, () -> store().copy(uri("o"), other));
    assertFails(Kind.INVALID, other, () -> store().list(other).findFirst());
  }
}
