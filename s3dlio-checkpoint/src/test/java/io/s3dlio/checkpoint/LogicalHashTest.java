package io.s3dlio.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import io.s3dlio.BytesView;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.safetensors.DType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is compared when all bytes are. */
class LogicalHashTest {

  private static final byte[] CONTENT = {1, 2, 3, 4};

  private final ObjectUri bucket = ObjectUri.parse("memory://" + UUID.randomUUID() + "/");
  private ObjectStore store;
  private CheckpointStore checkpoints;

  @BeforeEach
  void open() throws Exception {
    store = ObjectStores.open(bucket.toString());
    store.createBucket(bucket);
    checkpoints = CheckpointStore.over(store, bucket, CheckpointOptions.DEFAULT);
  }

  @AfterEach
  void close() throws Exception {
    checkpoints.close();
    store.close();
  }

  private static ByteSource source(byte... bytes) {
    return ByteSources.of(ByteBuffer.wrap(bytes));
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
