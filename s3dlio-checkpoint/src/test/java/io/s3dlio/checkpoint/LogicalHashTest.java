package io.s3dlio.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import io.s3dlio.BytesView;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import io.s3dlio.safetensors.DType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the hash of all tensors is of, and what is compared when all bytes are. */
class LogicalHashTest extends InMemory {

  private static final byte[] CONTENT = {1, 2, 3, 4};

  private static ByteSource source(byte... bytes) {
    return ByteSources.of(ByteBuffer.wrap(bytes));
  }

  private Checkpoint saved(long step, String... tensors) throws ObjectStoreException {
    CheckpointWriter writer = checkpoints.writer(step, 0, 1);
    for (String name : tensors) {
      writer.put(name, DType.F32, List.of(1L), source(CONTENT));
    }
    writer.commit();
    return checkpoints.reader().at(step);
  }

  /** As docs/checkpoints.md says. */
  @Test
  void isOfOneLineForEachTensorAndEachOpaqueShard() throws Exception {
    SaveAttempt attempt = checkpoints.begin(1, 3);
    List<ShardDescription> shards = new ArrayList<>();
    shards.add(checkpoints.writer(attempt, 0).opaque(source((byte) 9)).finish());
    for (int rank = 1; rank < 3; rank++) {
      TensorSlice half = TensorSlice.ofRank(List.of(2L, 2L), 0, rank - 1, 2);
      byte[] content = rank == 1 ? new byte[] {1, 2} : new byte[] {3, 4};
      CheckpointWriter writer =
          checkpoints
              .writer(attempt, rank)
              .put("rows", DType.U8, List.of(2L, 2L), half, source(content));
      if (rank == 2) {
        writer.put("é", DType.F32, List.of(), source(CONTENT));
        writer.put("a b\nc", DType.F32, List.of(1L), source(CONTENT));
      }
      shards.add(writer.finish());
    }
    checkpoints.commit(attempt, shards);
    String sha256 = Sha256.of(CONTENT);
    String lines =
        "tensor 5 a b\nc F32 [1] "
            + sha256
            + "\ntensor 4 rows U8 [2, 2] "
            + sha256
            + "\ntensor 2 é F32 [] "
            + sha256
            + "\nopaque 6 rank 0 1 "
            + Sha256.of(new byte[] {9})
            + "\n";
    assertThat(checkpoints.reader().at(1).logicalHash())
        .isEqualTo(Sha256.of(lines.getBytes(UTF_8)));
  }

  @Test
  void aNameThatLooksLikeMoreIsOneTensor() throws Exception {
    String sha256 = Sha256.of(CONTENT);
    Checkpoint two = saved(1, "x", "y");
    List<String> tricks =
        List.of("x\nF32 [1] " + sha256 + "\ny", "x F32 [1] " + sha256 + "\ntensor 1 y", "x\ny");
    for (String trick : tricks) {
      Checkpoint one = saved(2 + tricks.indexOf(trick), trick);
      assertThat(one.logicalHash()).as(trick).isNotEqualTo(two.logicalHash());
      assertThat(one.differences(two)).containsExactlyInAnyOrder("x", "y", trick);
    }
  }

  @Test
  void aTensorMayBeCalledAsAShard() throws Exception {
    List<String> hashes = new ArrayList<>();
    for (int step = 1; step <= 2; step++) {
      SaveAttempt attempt = checkpoints.begin(step, 2);
      List<ShardDescription> shards =
          List.of(
              checkpoints.writer(attempt, 0).opaque(source((byte) 7)).finish(),
              checkpoints
                  .writer(attempt, 1)
                  .put("rank 0", DType.U8, List.of(1L), source((byte) step))
                  .finish());
      checkpoints.commit(attempt, shards);
      hashes.add(checkpoints.reader().at(step).logicalHash());
    }
    assertThat(hashes).doesNotHaveDuplicates();
    assertThat(checkpoints.reader().at(1).differences(checkpoints.reader().at(2)))
        .containsExactly("rank 0");
  }

  /** Rank 0 has the same bytes of its own, so that nobody who reads the tensor needs the others. */
  @Test
  void whatIsReferredToIsVerifiedThoughAnotherRankHasTheSame() throws Exception {
    SaveAttempt first = checkpoints.begin(1, 2);
    ShardDescription base =
        checkpoints.writer(first, 1).put("t", DType.F32, List.of(1L), source(CONTENT)).finish();
    checkpoints.commit(
        first, List.of(checkpoints.writer(first, 0).opaque(source((byte) 1)).finish(), base));
    SaveAttempt second = checkpoints.begin(2, 2);
    List<ShardDescription> shards = new ArrayList<>();
    for (int rank = 0; rank < 2; rank++) {
      CheckpointWriter writer =
          checkpoints.writer(second, rank).put("t", DType.F32, List.of(1L), source(CONTENT));
      shards.add((rank == 0 ? writer : writer.unchangedFrom(checkpoints.reader().at(1))).finish());
    }
    assertThat(shards.get(1).bases()).containsExactly(first.id());
    checkpoints.commit(second, shards);
    Checkpoint latest = checkpoints.reader().at(2);
    latest.verify();

    ObjectUri shard = bucket.resolve("data/" + first.id() + "/rank-00001.safetensors");
    byte[] bytes;
    try (BytesView there = store.get(shard)) {
      bytes = there.toByteArray();
    }
    bytes[bytes.length - 1] ^= 1;
    store.put(shard, ByteBuffer.wrap(bytes));
    assertThatThrownBy(latest::verify)
        .isInstanceOf(CorruptCheckpointException.class)
        .hasMessageContaining("tensor 't'");
    CheckpointOptions trusting = CheckpointOptions.DEFAULT.withoutVerification();
    try (CheckpointStore same = CheckpointStore.over(store, bucket, trusting)) {
      assertThatThrownBy(same.reader().at(2)::verify)
          .isInstanceOf(CorruptCheckpointException.class)
          .hasMessageContaining("tensor 't'");
    }
  }
}
