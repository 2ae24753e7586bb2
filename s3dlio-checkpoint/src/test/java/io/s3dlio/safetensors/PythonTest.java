package io.s3dlio.safetensors;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import io.s3dlio.BytesView;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.testkit.process.Python;
import io.s3dlio.testkit.server.TestServers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files are exchanged with Hugging Face's own package for Python. */
class PythonTest {

  private static final List<Long> SHAPE = List.of(2L, 3L, 4L);
  private static final String QUOTE = "\"\u00e4\ud83d\ude00\n";

  @TempDir private Path dir;
  private Python python;

  @BeforeEach
  void find() {
    python = new Python(TestServers.pythonWithSafetensors(), dir, getClass());
  }

  private static byte[] content(DType type) {
    int seed = 0;
    for (byte b : type.name().getBytes(UTF_8)) {
      seed += b;
    }
    byte[] content = new byte[24 * type.bits() / 8];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) ((i * 7 + seed) % (type == DType.BOOL ? 2 : 251));
    }
    return content;
  }

  private static ByteSource source(byte[] bytes) {
    return ByteSources.of(ByteBuffer.wrap(bytes));
  }

  @Test
  void pythonReadsWhatWeWrite() throws Exception {
    SafetensorsSource.Builder builder =
        SafetensorsSource.builder().metadata(Map.of("format", "pt", "quote", QUOTE));
    for (DType type : DType.values()) {
      builder.tensor(type.name(), type, SHAPE, source(content(type)));
    }
    Path file = dir.resolve("model.safetensors");
    try (ObjectStore store = ObjectStores.open("file:///")) {
      store.put(ObjectUri.parse("file://" + file), builder.build(), PutOptions.DEFAULT);
    }
    assertThat(python.run("interop.py", "check", file).split(" "))
        .containsExactlyInAnyOrder(
            Arrays.stream(DType.values()).map(DType::name).toArray(String[]::new));
  }

  @Test
  void weReadWhatPythonWrites() throws Exception {
    Path arrays = dir.resolve("arrays.safetensors");
    Path raw = dir.resolve("raw.safetensors");
    python.run("interop.py", "write", arrays, raw);
    assertThat(read(arrays)).isEqualTo(13);
    assertThat(read(raw)).isEqualTo(DType.values().length - 2); // it does not write F6
  }

  private static int read(Path path) throws Exception {
    try (ObjectStore store = ObjectStores.open("file:///")) {
      SafetensorsFile file = SafetensorsFile.open(store, ObjectUri.parse("file://" + path));
      assertThat(file.metadata())
          .containsExactlyInAnyOrderEntriesOf(Map.of("format", "np", "quote", QUOTE));
      for (String name : file.names()) {
        StoredTensor tensor = file.tensor(name);
        assertThat(tensor.dtype().name()).isEqualTo(name);
        assertThat(tensor.shape()).as(name).isEqualTo(SHAPE);
        try (BytesView bytes = tensor.get()) {
          assertThat(bytes.toByteArray()).as(name).isEqualTo(content(tensor.dtype()));
        }
      }
      return file.names().size();
    }
  }

  /** Headers with random damage: ours may be stricter than the reference, and never laxer. */
  @Test
  void weTakeNothingThatPythonRefuses() throws Exception {
    byte[] header =
        SafetensorsHeader.encode(
            SafetensorsHeader.lay(
                List.of(
                    new TensorInfo("a", DType.F16, List.of(1L, 2L), 0, 4),
                    new TensorInfo("b\u00e4", DType.F4, List.of(8L), 0, 4),
                    new TensorInfo("c", DType.I64, List.of(0L, 9L), 0, 0))),
            Map.of("k", "v"));
    String json = new String(header, 8, header.length - 8, UTF_8);
    Random random = new Random(8);
    ByteArrayOutputStream files = new ByteArrayOutputStream();
    List<byte[]> ours = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = i == 0 ? json.getBytes(UTF_8) : damaged(json.getBytes(UTF_8), random);
      byte[] file =
          ByteBuffer.allocate(8 + damaged.length + 8)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(damaged.length)
              .put(damaged)
              .array();
      files.write(
          ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(file.length).array());
      files.write(file);
      ours.add(damaged);
    }
    Path path = Files.write(dir.resolve("files"), files.toByteArray());
    String verdicts = python.run("interop.py", "judge", path);
    assertThat(verdicts).hasSize(ours.size()).startsWith("1");
    int accepted = 0;
    for (int i = 0; i < ours.size(); i++) {
      byte[] damaged = ours.get(i);
      try {
        SafetensorsHeader.parse(ByteBuffer.wrap(damaged), 16 + damaged.length);
        accepted++;
        assertThat(verdicts.charAt(i)).as(new String(damaged, ISO_8859_1)).isEqualTo('1');
      } catch (IOException refused) {
        // we may
      }
    }
    assertThat(accepted).as("of the damaged").isBetween(1000, ours.size() - 1000);
  }

  private static byte[] damaged(byte[] json, Random random) {
    byte[] damaged = json;
    for (int n = 1 + random.nextInt(2); n > 0; n--) {
      int at = random.nextInt(damaged.length);
      if (random.nextInt(3) == 0) {
        damaged[at] = (byte) random.nextInt(256);
      } else if (random.nextBoolean()) {
        damaged[at] = (byte) "{}[]\",:0123456789-+.eE \\u".charAt(random.nextInt(25));
      } else { // a part of it once more
        int end = Math.min(damaged.length, at + 1 + random.nextInt(60));
        byte[] longer = Arrays.copyOf(damaged, damaged.length + end - at);
        System.arraycopy(damaged, at, longer, end, damaged.length - at);
        damaged = longer;
      }
    }
    return damaged;
  }
}
