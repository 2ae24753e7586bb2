package io.s3dlio.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.BytesView;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.checkpoint.SavedTensor.Shards;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** However tensors were saved, any slice of them is what it was. */
class ReshardProperties {

  private static Path directory;
  private static ObjectStore memory;
  private static ObjectStore files;

  @BeforeContainer
  static void open() throws IOException {
    directory = Files.createTempDirectory("reshard");
    memory = ObjectStores.open("memory://reshard");
    files = ObjectStores.open("file://" + directory);
    memory.createBucket(ObjectUri.parse("memory://reshard"));
  }

  @AfterContainer
  static void close() throws IOException {
    files.deletePrefix(ObjectUri.parse("file://" + directory + "/"));
    Files.deleteIfExists(directory);
    files.close();
    memory.close();
  }

  static Fetching anyFetching(Random random) {
    return new Fetching(
        random.nextBoolean(),
        SavedTensor.CHUNK,
        random.nextInt(3) == 0 ? 0 : random.nextInt(60),
        SavedTensor.CHUNK + random.nextInt(random.nextBoolean() ? 50 : 3000));
  }

  @Property(tries = 1500)
  void inMemory(@ForAll Random random) throws ObjectStoreException {
    check(memory, ObjectUri.parse("memory://reshard/"), random);
  }

  @Property(tries = 200)
  void inFiles(@ForAll Random random) throws ObjectStoreException {
    check(files, ObjectUri.parse("file://" + directory + "/"), random);
  }

  private static void check(ObjectStore store, ObjectUri base, Random random)
      throws ObjectStoreException {
    Shards shards = new Shards(base);
    SavedTensor tensor = SavedTensor.random("a", shards, random);
    shards.save(store);
    SliceReader reader =
        new SliceReader(store, "step 1", shards::place, anyFetching(random), 1 + random.nextInt(3));
    for (int i = 0; i < 3; i++) {
      TensorSlice wanted = tensor.anySlice(random);
      SlicePlan plan = SlicePlan.of(tensor.parts, wanted);
      assertThat(read(reader, plan, random)).as("%s", wanted).isEqualTo(tensor.slice(wanted));
    }
  }

  private static byte[] read(SliceReader reader, SlicePlan plan, Random random)
      throws ObjectStoreException {
    int size = (int) plan.size();
    switch (random.nextInt(4)) {
      case 0 -> {
        try (BytesView bytes = reader.read(plan)) {
          return bytes.toByteArray();
        }
      }
      case 1 -> {
        ByteBuffer heap = ByteBuffer.allocate(size + 7).position(3);
        reader.read(plan, heap);
        assertThat(heap.position()).isEqualTo(3 + size);
        return bytes(List.of(heap.flip().position(3)));
      }
      case 2 -> {
        ByteBuffer direct = ByteBuffer.allocateDirect(size);
        reader.read(plan, direct);
        return bytes(List.of(direct.flip()));
      }
      default -> {
        List<ByteBuffer> pieces = new ArrayList<>();
        for (int left = size; left > 0; left -= pieces.get(pieces.size() - 1).remaining()) {
          pieces.add(ByteBuffer.allocateDirect(Math.min(left, random.nextInt(20))));
        }
        reader.read(List.of(plan), List.of(pieces));
        return bytes(pieces);
      }
    }
  }

  private static byte[] bytes(List<ByteBuffer> pieces) {
    byte[] bytes = new byte[pieces.stream().mapToInt(ByteBuffer::remaining).sum()];
    int at = 0;
    for (ByteBuffer piece : pieces) {
      int n = piece.remaining();
      piece.get(bytes, at, n);
      at += n;
    }
    return bytes;
  }

  /** Many tensors in one call, which share requests. */
  @Property(tries = 300)
  void manyAtOnce(@ForAll Random random) throws ObjectStoreException {
    Shards shards = new Shards(ObjectUri.parse("memory://reshard/"));
    List<SavedTensor> tensors = new ArrayList<>();
    List<TensorSlice> wanted = new ArrayList<>();
    List<SlicePlan> plans = new ArrayList<>();
    List<List<ByteBuffer>> destinations = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      SavedTensor tensor = SavedTensor.random("t" + i, shards, random);
      tensors.add(tensor);
      wanted.add(tensor.anySlice(random));
      plans.add(SlicePlan.of(tensor.parts, wanted.get(i)));
      destinations.add(List.of(ByteBuffer.allocate((int) plans.get(i).size())));
    }
    shards.save(memory);
    new SliceReader(memory, "step 1", shards::place, anyFetching(random), 2)
        .read(plans, destinations);
    for (int i = 0; i < tensors.size(); i++) {
      assertThat(bytes(destinations.get(i))).isEqualTo(tensors.get(i).slice(wanted.get(i)));
    }
  }

  /** As embeddings that are tied to the last layer: two names, the same bytes. */
  @Property(tries = 50)
  void twoTensorsOfTheSameBytes(@ForAll Random random) throws ObjectStoreException {
    Shards shards = new Shards(ObjectUri.parse("memory://reshard/"));
    SavedTensor tensor = SavedTensor.random("a", shards, random);
    shards.save(memory);
    TensorSlice wanted = tensor.anySlice(random);
    SlicePlan plan = SlicePlan.of(tensor.parts, wanted);
    ByteBuffer one = ByteBuffer.allocate((int) plan.size());
    ByteBuffer other = ByteBuffer.allocate((int) plan.size());
    new SliceReader(memory, "step 1", shards::place, anyFetching(random), 2)
        .read(List.of(plan, plan), List.of(List.of(one), List.of(other)));
    assertThat(one.array()).isEqualTo(other.array()).isEqualTo(tensor.slice(wanted));
  }
}
