package io.s3dlio.safetensors;

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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Shards of two ranks are exchanged with PyTorch's {@code HuggingFaceStorageReader} and {@code
 * HuggingFaceStorageWriter}. PyTorch has 5 GB, so this is no part of a build: {@code
 * dev/check-torch} runs it.
 */
class TorchInterop {

  @TempDir private Path dir;
  private Python python;

  @BeforeEach
  void find() {
    python = new Python(TestServers.pythonWithTorch(), dir, getClass());
  }

  private static ByteBuffer memory(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Rows of a matrix of 4 columns, each element its place. */
  private static ByteSource rows(int from, int to) {
    ByteBuffer bytes = memory((to - from) * 16);
    for (int i = from * 4; i < to * 4; i++) {
      bytes.putFloat(i);
    }
    return ByteSources.of(bytes.flip());
  }

  /** Columns of a matrix of 3 rows and 10 columns. */
  private static ByteSource columns(int from, int to) {
    ByteBuffer bytes = memory((to - from) * 24);
    for (int row = 0; row < 3; row++) {
      for (int column = from; column < to; column++) {
        bytes.putLong(row * 10 + column);
      }
    }
    return ByteSources.of(bytes.flip());
  }

  private static SafetensorsSource.Builder shard(Map<String, List<Long>> offsets) {
    return SafetensorsSource.builder().metadata(new DcpShard(offsets).metadata());
  }

  @Test
  void itsReaderPutsOurShardsTogether() throws Exception {
    ByteBuffer half = memory(10);
    for (int i = 0; i < 5; i++) {
      half.putShort((short) (Float.floatToIntBits(i) >>> 16));
    }
    SafetensorsSource first =
        shard(Map.of("rows", List.of(0L, 0L), "columns", List.of(0L, 0L), "one", List.<Long>of()))
            .tensor("rows", DType.F32, List.of(2L, 4L), rows(0, 2))
            .tensor("columns", DType.I64, List.of(3L, 7L), columns(0, 7))
            .tensor("one", DType.F64, List.of(), ByteSources.of(memory(8).putDouble(7.5).flip()))
            .build();
    SafetensorsSource second =
        shard(Map.of("rows", List.of(2L, 0L), "columns", List.of(0L, 7L), "half", List.of(0L)))
            .tensor("rows", DType.F32, List.of(4L, 4L), rows(2, 6))
            .tensor("columns", DType.I64, List.of(3L, 3L), columns(7, 10))
            .tensor("half", DType.BF16, List.of(5L), ByteSources.of(half.flip()))
            .build();
    Path files = Files.createDirectory(dir.resolve("files"));
    try (ObjectStore store = ObjectStores.open("file:///")) {
      int rank = 1;
      for (SafetensorsSource source : List.of(first, second)) {
        Path file = files.resolve(DcpShard.fileName(rank++, 1, 1));
        store.put(ObjectUri.parse("file://" + file), source, PutOptions.DEFAULT);
      }
    }
    assertThat(python.run("dcp.py", "check", files)).isEqualTo("rows columns half one");
  }

  @Test
  void weReadTheShardsOfItsWriter() throws Exception {
    Path files = Files.createDirectory(dir.resolve("files"));
    python.run("dcp.py", "write", files, dir.resolve("rendezvous"));
    try (ObjectStore store = ObjectStores.open("file:///")) {
      for (int rank = 0; rank < 2; rank++) {
        Path path = files.resolve(DcpShard.fileName(rank + 1, 1, 1));
        SafetensorsFile file = SafetensorsFile.open(store, ObjectUri.parse("file://" + path));
        DcpShard shard =
            new DcpShard(Map.of("rows", List.of(3L * rank, 0L), "columns", List.of(0L, 5L * rank)));
        assertThat(DcpShard.of(file.metadata())).contains(shard);
        assertThat(file.metadata().keySet())
            .containsExactlyInAnyOrderElementsOf(shard.metadata().keySet());
        assertThat(file.metadata().get("DCP_VERSION"))
            .isEqualTo(shard.metadata().get("DCP_VERSION"));
        try (BytesView bytes = file.tensor("rows").get()) {
          assertThat(bytes.asByteBuffer())
              .isEqualTo(rows(3 * rank, 3 * rank + 3).view(0, (int) bytes.size()));
        }
        try (BytesView bytes = file.tensor("columns").get()) {
          assertThat(bytes.asByteBuffer())
              .isEqualTo(columns(5 * rank, 5 * rank + 5).view(0, (int) bytes.size()));
        }
      }
    }
  }
}
