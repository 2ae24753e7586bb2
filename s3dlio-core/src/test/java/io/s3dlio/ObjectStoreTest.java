package io.s3dlio;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ObjectStoreTest {
  @Test
  void putsAndGets() throws Exception {
    StoreConfig config =
        StoreConfig.defaults().with("part-size", "64KiB").with("multipart-threshold", "100KiB");
    try (ObjectStore store = ObjectStores.open("memory://smoke", config)) {
      ObjectUri uri = ObjectUri.parse("memory://smoke/a");
      byte[] bytes = new byte[1_000_003];
      new java.util.Random(1).nextBytes(bytes);
      store.put(uri, ByteBuffer.wrap(bytes));
      try (GetResult got = store.get(uri, GetOptions.DEFAULT)) {
        assertThat(got.bytes().toByteArray()).isEqualTo(bytes);
        assertThat(got.verification()).isEqualTo(Verification.VERIFIED);
      }
      assertThat(store.list(ObjectUri.parse("memory://smoke/")).toList()).hasSize(1);
      assertThat(store.deletePrefix(ObjectUri.parse("memory://smoke/"))).isEqualTo(1);
      assertThat(store.pool().used()).isZero();
    }
  }
}
