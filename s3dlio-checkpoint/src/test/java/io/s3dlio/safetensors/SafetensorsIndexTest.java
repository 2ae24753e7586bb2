package io.s3dlio.safetensors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteSources;
import io.s3dlio.BytesView;
import io.s3dlio.ObjectNotFoundException;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.RequestEvent;
import io.s3dlio.StoreConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsIndexTest {

  private static final ObjectUri DIR = ObjectUri.parse("memory://models/some/model/");

  private static SafetensorsIndex parse(String json) throws IOException {
    return SafetensorsIndex.parse(ByteBuffer.wrap(json.getBytes(UTF_8)));
  }

  private static SafetensorsSource file(String tensor, int value) {
    ByteBuffer byteOf = ByteBuffer.allocate(1).put((byte) value).flip();
    return SafetensorsSource.builder()
        .tensor(tensor, DType.U8, List.of(), ByteSources.of(byteOf))
        .build();
  }

  @Test
  void tensorsOfSeveralFilesAreOneModel() throws Exception {
    List<RequestEvent> requests = new CopyOnWriteArrayList<>();
    try (ObjectStore store = ObjectStores.open(DIR, StoreConfig.defaults(), requests::add)) {
      Map<String, SafetensorsSource> files =
          new TreeMap<>(Map.of("m-1.safetensors", file("b", 7), "m-2.safetensors", file("a", 9)));
      for (Map.Entry<String, SafetensorsSource> file : files.entrySet()) {
        store.put(DIR.resolve(file.getKey()), file.getValue(), PutOptions.DEFAULT);
      }
      ObjectUri uri = DIR.resolve(SafetensorsIndex.NAME);
      store.put(uri, SafetensorsIndex.of(files).encode());
      requests.clear();

      SafetensorsModel model = SafetensorsModel.open(store, uri);
      assertThat(requests).hasSize(1);
      assertThat(model.index().totalSize()).isEqualTo(2);
      assertThat(model.names()).containsExactly("a", "b");
      for (int time = 0; time < 2; time++) {
        try (BytesView bytes = model.tensor("a").get()) {
          assertThat(bytes.toByteArray()).containsExactly(9);
        }
      }
      assertThat(requests).as("index, header, twice the tensor").hasSize(4);
      assertThat(model.tensor("b").uri()).isEqualTo(DIR.resolve("m-1.safetensors"));
      assertThatThrownBy(() -> model.tensor("c")).isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  void filesThatDoNotMatchTheirIndexAreErrors() throws Exception {
    try (ObjectStore store = ObjectStores.open(DIR.toString(), StoreConfig.defaults())) {
      ObjectUri uri = DIR.resolve(SafetensorsIndex.NAME);
      store.put(uri, new SafetensorsIndex(Map.of("a", "m.safetensors"), -1).encode());
      SafetensorsModel model = SafetensorsModel.open(store, uri);
      assertThatThrownBy(() -> model.tensor("a")).isInstanceOf(ObjectNotFoundException.class);
      store.put(DIR.resolve("m.safetensors"), file("b", 1), PutOptions.DEFAULT);
      assertThatThrownBy(() -> model.tensor("a"))
          .isInstanceOfSatisfying(
              ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
          .hasMessageContaining("m.safetensors")
          .hasMessageContaining("'a' is in this file, and it is not");
      for (String bad : List.of("", "{}", "{\"weight_map\":{\"a\":\"/etc/passwd\"}}")) {
        store.put(uri, ByteBuffer.wrap(bad.getBytes(UTF_8)));
        assertThatThrownBy(() -> SafetensorsModel.open(store, uri))
            .isInstanceOfSatisfying(
                ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
            .hasMessageContaining("open safetensors index " + uri)
            .hasMessageContaining("no index");
      }
      assertThat(store.pool().used()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{",
        "{\"weight_map\":{}}x",
        "{\"weight_map\":[]}",
        "{\"weight_map\":{\"a\":1}}",
        "{\"weight_map\":{\"a\":\"f\",\"a\":\"g\"}}",
        "{\"weight_map\":{},\"weight_map\":{}}",
        "{\"weight_map\":{},\"metadata\":{},\"metadata\":{}}",
        "{\"weight_map\":{},\"metadata\":{\"total_size\":1,\"total_size\":1}}",
        "{\"weight_map\":{},\"metadata\":{\"total_size\":-1}}",
        "{\"weight_map\":{},\"metadata\":{\"total_size\":1.0}}",
        "{\"weight_map\":{},\"metadata\":{\"x\":[[[[[[[[[1]]]]]]]]]}}",
        "{\"weight_map\":{},\"metadata\":1}",
        "{\"weight_map\":{},\"more\":1}",
        "{\"weight_map\":{\"\\ud800\":\"f\"}}",
        "\ufeff{\"weight_map\":{}}"
      })
  void refusesWhatIsNoIndex(String json) {
    assertThatThrownBy(() -> parse(json)).isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ".",
        "..",
        "../f",
        "d/f",
        "/f",
        "\\\\host\\f",
        "d\\\\f",
        "C:f",
        "s3://b/f",
        "http://169.254.169.254/f",
        "a\\u0000",
        "a\\nb",
        "\\ud800"
      })
  void refusesFilesElsewhere(String file) {
    assertThatThrownBy(() -> parse("{\"weight_map\":{\"a\":\"" + file + "\"}}"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void readsWhatOthersWrite() throws Exception {
    SafetensorsIndex index =
        parse(
            """
            {
              "metadata": {"total_parameters": 3, "total_size": 12, "notes": {"a": [1, null]}},
              "weight_map": {"w": "model-00001-of-00001.safetensors"}
            }
            """);
    assertThat(index)
        .isEqualTo(new SafetensorsIndex(Map.of("w", "model-00001-of-00001.safetensors"), 12));
    assertThat(parse("{\"weight_map\":{}}").totalSize()).isEqualTo(-1);
  }

  @Test
  void aTensorIsInOneFile() {
    assertThatThrownBy(
            () -> SafetensorsIndex.of(Map.of("x.safetensors", file("a", 1), "y", file("a", 1))))
        .hasMessageContaining("two files have a tensor 'a'");
  }
}
