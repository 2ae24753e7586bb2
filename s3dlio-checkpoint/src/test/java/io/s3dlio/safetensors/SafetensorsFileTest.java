package io.s3dlio.safetensors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteSinks;
import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import io.s3dlio.BytesView;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.PreconditionFailedException;
import io.s3dlio.PutOptions;
import io.s3dlio.RequestEvent;
import io.s3dlio.StoreConfig;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over memory://, with what is asked of the store counted. */
class SafetensorsFileTest {

  private static final ObjectUri URI = ObjectUri.parse("memory://bucket/model.safetensors");

  private final List<RequestEvent> requests = new CopyOnWriteArrayList<>();
  private ObjectStore store;

  @BeforeEach
  void open() throws Exception {
    store = ObjectStores.open(URI, StoreConfig.defaults(), requests::add);
  }

  @AfterEach
  void close() throws Exception {
    store.close();
  }

  private static ByteSource longs(int count) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(8 * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      bytes.putLong(i);
    }
    return ByteSources.of(bytes.flip());
  }

  private void put(SafetensorsSource.Builder file) throws Exception {
    store.put(URI, file.build(), PutOptions.DEFAULT);
    requests.clear();
  }

  @Test
  void readsTensorsWhenTheyAreAskedFor() throws Exception {
    put(
        SafetensorsSource.builder()
            .tensor("w", DType.I64, List.of(2L, 50_000L), longs(100_000))
            .tensor("b", DType.U8, List.of(8L), longs(1))
            .tensor("none", DType.F16, List.of(3L, 0L), longs(0))
            .metadata(Map.of("format", "pt")));
    SafetensorsFile file = SafetensorsFile.open(store, URI);
    assertThat(requests).hasSize(1);
    assertThat(file.metadata()).containsExactly(Map.entry("format", "pt"));
    assertThat(file.names()).containsExactly("w", "none", "b");
    StoredTensor w = file.tensor("w");
    assertThat(w.shape()).containsExactly(2L, 50_000L);
    assertThat(w.dtype()).isEqualTo(DType.I64);
    assertThat(w.info().offset() % 4096).isZero();
    try (BytesView bytes = w.get()) {
      assertThat(bytes.size()).isEqualTo(800_000);
      assertThat(bytes.asLongBuffer().get(99_999)).isEqualTo(99_999);
    }
    ByteBuffer some = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN).limit(16);
    w.read(8 * 777, some);
    assertThat(some.remaining()).isZero();
    assertThat(some.getLong(8)).isEqualTo(778);
    ByteBuffer all = ByteBuffer.allocate(8);
    file.tensor("b").get(ByteSinks.of(all));
    assertThat(all).isEqualTo(ByteBuffer.allocate(8));
    requests.clear();
    try (BytesView bytes = file.tensor("none").get()) {
      assertThat(bytes.size()).isZero();
    }
    file.tensor("none").get(ByteSinks.nowhere());
    file.tensor("none").read(0, ByteBuffer.allocate(0));
    assertThat(requests).isEmpty();
    assertThatThrownBy(() -> w.read(799_999, ByteBuffer.allocate(2)))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> file.tensor("v"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessageContaining("'v'");
  }

  @Test
  void aTensorCanBePutIntoAnotherFile() throws Exception {
    put(SafetensorsSource.builder().tensor("w", DType.I64, List.of(1000L), longs(1000)));
    StoredTensor w = SafetensorsFile.open(store, URI).tensor("w");
    ObjectUri copy = ObjectUri.parse("memory://bucket/copy.safetensors");
    store.put(
        copy,
        SafetensorsSource.builder().tensor("v", w.dtype(), w.shape(), w).build(),
        PutOptions.DEFAULT);
    try (BytesView bytes = SafetensorsFile.open(store, copy).tensor("v").get()) {
      assertThat(bytes.asLongBuffer().get(999)).isEqualTo(999);
    }
  }

  @Test
  void aLongHeaderTakesTwoRequests() throws Exception {
    SafetensorsSource.Builder builder = SafetensorsSource.builder();
    for (int i = 0; i < 2000; i++) {
      builder.tensor("layers." + i + ".weight", DType.I64, List.of(1L), longs(1));
    }
    put(builder);
    SafetensorsFile file = SafetensorsFile.open(store, URI);
    assertThat(requests).hasSize(2);
    assertThat(file.names()).hasSize(2000);
  }

  @Test
  void aFileThatWasReplacedIsAnError() throws Exception {
    put(SafetensorsSource.builder().tensor("w", DType.I64, List.of(1000L), longs(1000)));
    StoredTensor w = SafetensorsFile.open(store, URI).tensor("w");
    put(SafetensorsSource.builder().tensor("w", DType.I64, List.of(999L), longs(999)));
    for (int how = 0; how < 3; how++) {
      int way = how;
      assertThatThrownBy(
              () -> {
                switch (way) {
                  case 0 -> w.get().close();
                  case 1 -> w.get(ByteSinks.nowhere());
                  default -> w.read(0, ByteBuffer.allocate(8));
                }
              })
          .isInstanceOf(PreconditionFailedException.class)
          .hasMessageContaining("read tensor " + URI)
          .hasMessageContaining("was replaced")
          .hasMessageContaining("open it again");
    }
    assertThat(store.pool().used()).isZero();
  }

  @Test
  void whatIsNoSafetensorsFileIsAnError() throws Exception {
    byte[] longer = new byte[70_000];
    longer[0] = 112; // a header of 70,000 bytes, beyond what is there
    longer[1] = 0x11;
    longer[2] = 1;
    byte[] bad = new byte[70_000];
    System.arraycopy(longer, 0, bad, 0, 8);
    bad[0] = 100;
    for (byte[] content :
        List.of(
            new byte[0],
            new byte[7],
            "PK\3\4 a zip file of pickles".getBytes(UTF_8),
            "\2\0\0\0\0\0\0\0[]".getBytes(UTF_8),
            "\2\0\0\0\0\0\0\0{}x".getBytes(UTF_8),
            longer,
            bad)) {
      store.put(URI, ByteBuffer.wrap(content));
      assertThatThrownBy(() -> SafetensorsFile.open(store, URI))
          .isInstanceOfSatisfying(
              ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
          .hasMessageContaining("open safetensors " + URI)
          .hasMessageContaining("no safetensors file")
          .hasMessageContaining("write it anew");
    }
    store.delete(URI);
    assertThatThrownBy(() -> SafetensorsFile.open(store, URI))
        .isInstanceOfSatisfying(
            ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
    assertThat(store.pool().used()).isZero();
  }
}
