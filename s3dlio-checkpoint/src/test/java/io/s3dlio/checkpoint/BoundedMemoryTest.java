package io.s3dlio.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import io.s3dlio.datagen.GeneratedObject;
import io.s3dlio.datagen.GeneratorSpec;
import io.s3dlio.safetensors.DType;
import io.s3dlio.testkit.process.JavaCommand;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However large a tensor is: what is saved, compared and loaded passes through the budget. */
class BoundedMemoryTest {

  private static final long SIZE = 512 << 20;

  @ParameterizedTest
  @ValueSource(strings = {"file", "direct"})
  void aTensorOfTenTimesTheMemory(String scheme, @TempDir Path dir) throws Exception {
    String said =
        JavaCommand.of(Run.class, scheme, dir.toString())
            .options("-Xmx32m", "-XX:MaxDirectMemorySize=128m")
            .run();
    assertThat(said).contains("read " + SIZE);
  }

  /** In a JVM of its own. */
  static final class Run {

    public static void main(String[] args) throws Exception {
      Path dir = Path.of(args[1]);
      ObjectUri base = ObjectUri.parse(args[0] + "://" + dir + "/checkpoints/");
      StoreConfig config = StoreConfig.defaults().with(StoreConfig.MEMORY_LIMIT, "48MiB");
      GeneratedObject bytes = GeneratorSpec.of(1).object("large", SIZE);
      try (ObjectStore store = ObjectStores.open(base.toString(), config);
          CheckpointStore checkpoints =
              CheckpointStore.over(store, base, CheckpointOptions.DEFAULT)) {
        // Too large for a copy, so that this waits until it is saved.
        checkpoints
            .writer(1, 0, 1)
            .put("large", DType.F32, List.of(SIZE / 4), bytes)
            .commitAsync()
            .await();
        Checkpoint checkpoint = checkpoints.reader().latest().orElseThrow();
        checkpoint.verify();
        read(checkpoint, dir.resolve("tensor"), bytes);
      }
    }

    /** Into mapped memory, which is none of the JVM's. */
    private static void read(Checkpoint checkpoint, Path file, GeneratedObject expected)
        throws Exception {
      try (FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE);
        TensorSlice whole = TensorSlice.whole(List.of(SIZE / 4));
        checkpoint.read(List.of(new TensorRead("large", whole, List.of(mapped))));
        if (expected.check(0, mapped).isPresent()) {
          throw new AssertionError("other bytes");
        }
        System.out.println("read " + mapped.capacity());
      }
    }
  }
}
