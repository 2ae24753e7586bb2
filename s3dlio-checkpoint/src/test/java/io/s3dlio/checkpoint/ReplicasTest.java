package io.s3dlio.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteSources;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.safetensors.DType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What several ranks save of a tensor is the same, or there is no checkpoint. */
class ReplicasTest extends InMemory {

  private static final List<Long> SHAPE = List.of(4L);
  private static final TensorSlice WHOLE = TensorSlice.whole(SHAPE);
  private static final TensorSlice FIRST_HALF = TensorSlice.ofRank(SHAPE, 0, 0, 2);
  private static final TensorSlice SECOND_HALF = TensorSlice.ofRank(SHAPE, 0, 1, 2);
  private static final TensorSlice NOTHING = TensorSlice.ofRank(SHAPE, 0, 4, 5);

  /** What a rank has of "t". */
  private record Part(TensorSlice slice, int... bytes) {
    ByteBuffer content() {
      ByteBuffer content = ByteBuffer.allocate(bytes.length);
      Arrays.stream(bytes).forEach(one -> content.put((byte) one));
      return content.flip();
    }
  }

  private List<ShardDescription> saved(SaveAttempt attempt, Part... parts)
      throws ObjectStoreException {
    List<ShardDescription> shards = new ArrayList<>();
    for (int rank = 0; rank < parts.length; rank++) {
      shards.add(
          checkpoints
              .writer(attempt, rank)
              .put("t", DType.U8, SHAPE, parts[rank].slice, ByteSources.of(parts[rank].content()))
              .finish());
    }
    return shards;
  }

  private void assertRefused(String why, Part... parts) throws ObjectStoreException {
    SaveAttempt attempt = checkpoints.begin(1, parts.length);
    List<ShardDescription> shards = saved(attempt, parts);
    assertThatThrownBy(() -> checkpoints.commit(attempt, shards))
        .hasMessageContaining(why)
        .extracting("kind")
        .isEqualTo(Kind.INVALID);
    assertThat(checkpoints.reader().latest()).isEmpty();
    assertThat(Inventory.of(shards).tensors()).as("what was committed is read").containsKey("t");
  }

  @Test
  void otherBytesOfTheWholeAreRefused() throws Exception {
    assertRefused(
        "'t' [0:4] has other bytes on rank 2 than on rank 0",
        new Part(WHOLE, 1, 2, 3, 4),
        new Part(WHOLE, 1, 2, 3, 4),
        new Part(WHOLE, 1, 2, 3, 5));
  }

  @Test
  void otherBytesOfAPartAreRefused() throws Exception {
    assertRefused(
        "'t' [2:4] has other bytes on rank 3 than on rank 1",
        new Part(FIRST_HALF, 1, 2),
        new Part(SECOND_HALF, 3, 4),
        new Part(FIRST_HALF, 1, 2),
        new Part(SECOND_HALF, 3, 5));
  }

  /** Their bytes may be the same, which no hash tells. */
  @Test
  void aPartOfWhatAnotherRankHasAsAWholeIsRefused() throws Exception {
    assertRefused(
        "'t' is whole on rank 0, and rank 1 has [0:2]",
        new Part(WHOLE, 1, 2, 3, 4),
        new Part(FIRST_HALF, 1, 2));
    assertRefused(
        "'t' is whole on rank 2, and rank 0 has [0:2]",
        new Part(FIRST_HALF, 1, 2),
        new Part(SECOND_HALF, 3, 4),
        new Part(WHOLE, 1, 2, 3, 4));
  }

  @Test
  void equalPartsAreCommitted() throws Exception {
    SaveAttempt first = checkpoints.begin(1, 3);
    checkpoints.commit(
        first,
        saved(first, new Part(WHOLE, 1, 2, 3, 4), new Part(NOTHING), new Part(WHOLE, 1, 2, 3, 4)));
    SaveAttempt second = checkpoints.begin(2, 4);
    checkpoints.commit(
        second,
        saved(
            second,
            new Part(FIRST_HALF, 1, 2),
            new Part(SECOND_HALF, 3, 4),
            new Part(FIRST_HALF, 1, 2),
            new Part(SECOND_HALF, 3, 4)));
    CheckpointReader reader = checkpoints.reader();
    assertThat(reader.at(1).differences(reader.at(2))).isEmpty();
  }
}
