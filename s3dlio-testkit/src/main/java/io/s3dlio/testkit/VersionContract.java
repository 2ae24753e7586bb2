package io.s3dlio.testkit;

import static io.s3dlio.testkit.Fixture.assertFails;
import static io.s3dlio.testkit.Fixture.bytes;
import static io.s3dlio.testkit.Fixture.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteRange;
import io.s3dlio.GetOptions;
import io.s3dlio.GetResult;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectSource;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutResult;
import io.s3dlio.testkit.StoreFacts.Fact;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Earlier contents of objects. */
interface VersionContract extends Fixture {

  private boolean keepsVersions() {
    return can().versions() && facts().has(Fact.KEEPS_VERSIONS);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, LARGE})
  default void anEarlierVersionIsRead(int size) throws Exception {
    if (!keepsVersions()) {
      return; // versionsAreRefused asserts that
    }
    ObjectUri uri = versioned().withKey("o");
    byte[] old = bytes(size, 1);
    PutResult first = store().put(uri, ByteBuffer.wrap(old));
    PutResult second = store().put(uri, ByteBuffer.wrap(bytes(size + 7, 2)));
    String version = first.version().orElseThrow();
    assertThat(second.version()).isPresent().isNotEqualTo(first.version());

    assertThat(store().head(uri).version()).isEqualTo(second.version());
    ObjectMeta head = store().head(uri, version);
    assertThat(head.version()).contains(version);
    assertThat(head.size()).isEqualTo(size);
    assertThat(head.etag()).isEqualTo(first.etag());
    try (GetResult got = store().get(uri, GetOptions.DEFAULT.withVersion(version))) {
      assertThat(got.bytes().toByteArray()).isEqualTo(old);
      assertThat(got.meta().version()).contains(version);
    }
    ObjectSource source = store().source(uri, version);
    ByteBuffer read = ByteBuffer.allocateDirect(size);
    source.read(0, read);
    byte[] seen = new byte[size];
    read.flip().get(seen);
    assertThat(seen).isEqualTo(old);
    if (size > 5) {
      GetOptions range = GetOptions.DEFAULT.withVersion(version).withRange(ByteRange.from(5));
      try (GetResult got = store().get(uri, range)) {
        assertThat(got.bytes().toByteArray()).isEqualTo(Arrays.copyOfRange(old, 5, size));
      }
    }
  }

  @Test
  default void whatWasDeletedIsReadByItsVersion() throws Exception {
    if (!keepsVersions()) {
      return; // versionsAreRefused asserts that
    }
    ObjectUri uri = versioned().withKey("o");
    String version = store().put(uri, ByteBuffer.wrap(bytes(9, 1))).version().orElseThrow();
    store().delete(uri);
    assertThat(store().exists(uri)).isFalse();
    try (GetResult got = store().get(uri, GetOptions.DEFAULT.withVersion(version))) {
      assertThat(got.bytes().toByteArray()).isEqualTo(bytes(9, 1));
    }
  }

  @Test
  default void versionsAreRefused() throws Exception {
    if (keepsVersions()) {
      ObjectUri uri = versioned().withKey("o");
      store().put(uri, ByteBuffer.wrap(bytes(9, 1)));
      String other = "11111111-1111-1111-1111-111111111111";
      assertThat(
              failure(() -> store().get(uri, GetOptions.DEFAULT.withVersion(other)).close()).kind())
          .isIn(Kind.NOT_FOUND, Kind.INVALID); // a name that is of no form is not looked for
      return;
    }
    put("o", bytes(9, 1));
    GetOptions options = GetOptions.DEFAULT.withVersion("1");
    assertFails(Kind.UNSUPPORTED, uri("o"), () -> store().get(uri("o"), options).close());
    assertFails(Kind.UNSUPPORTED, uri("o"), () -> store().head(uri("o"), "1"));
    assertThat(store().head(uri("o")).version()).isEmpty();
  }
}
