package io.s3dlio.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/**
 * What any bytes at all do to the parsers of what lies in a store. Whatever they are, they are
 * refused with the exception that is documented and a short message, or read; and what is read can
 * be written, and reads the same. In a build the texts that lie beside it are tried, by {@code
 * dev/fuzz} what Jazzer makes of them.
 */
class TextFuzzTest {

  /** Characters: what is wrong is named, and not repeated at any length. */
  private static final int LONGEST_MESSAGE = 6000;

  /** A line of JSON: what makes a record of it is added, else all would be refused by its hash. */
  @FuzzTest
  void record(byte[] json) {
    assertRecord(json);
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    text.writeBytes(json);
    text.write('\n');
    text.writeBytes((Sha256.of(text.toByteArray()) + "\n").getBytes(UTF_8));
    assertRecord(text.toByteArray());
  }

  /** A record has one text only, and names others by their SHA-256. */
  private static void assertRecord(byte[] text) {
    LogRecord record;
    try {
      record = RecordText.decode(text);
    } catch (IOException refused) {
      assertShort(refused);
      return;
    }
    assertThat(RecordText.encode(record)).isEqualTo(text);
    assertThat(record.previous()).matches("|[0-9a-f]{64}");
    assertThat(record.ledger().live())
        .allMatch(live -> live.commit().manifestSha256().matches("[0-9a-f]{64}"));
  }

  @FuzzTest
  void manifest(byte[] json) throws IOException {
    Manifest manifest;
    try {
      manifest = ManifestText.decode(json);
    } catch (IOException refused) {
      assertShort(refused);
      return;
    }
    assertThat(manifest.shards()).hasSize(manifest.attempt().worldSize());
    assertThat(ManifestText.decode(ManifestText.encode(manifest))).isEqualTo(manifest);
  }

  @FuzzTest
  void description(byte[] json) throws IOException {
    ShardDescription shard;
    try {
      shard = DescriptionText.decode(json);
    } catch (IOException refused) {
      assertShort(refused);
      return;
    }
    assertThat(shard.rank()).isBetween(0, shard.attempt().worldSize() - 1);
    long at = 0;
    for (Extent extent : shard.extents()) {
      assertThat(extent.offset()).isEqualTo(at);
      at += extent.length();
    }
    assertThat(shard.bytes()).isEqualTo(at).isNotNegative();
    ShardDescription again = ShardDescription.parse(shard.toJson());
    assertThat(again).isEqualTo(shard);
    assertThat(again.parts()).isEqualTo(shard.parts());
    assertThat(again.metadata()).isEqualTo(shard.metadata());
  }

  /** An attempt has one text only. */
  @FuzzTest
  void attempt(byte[] bytes) {
    String text = new String(bytes, UTF_8);
    SaveAttempt attempt;
    try {
      attempt = SaveAttempt.parse(text);
    } catch (IllegalArgumentException refused) {
      assertShort(refused);
      return;
    }
    assertThat(attempt.toString()).isEqualTo(text);
  }

  /** Whatever the hint is, the last record is found. */
  @FuzzTest
  void hint(byte[] text) throws Exception {
    ObjectUri bucket = ObjectUri.parse("memory://" + UUID.randomUUID() + "/");
    try (ObjectStore store = ObjectStores.open(bucket.toString(), StoreConfig.defaults())) {
      store.createBucket(bucket);
      Places places = Places.under(bucket.resolve("run/"));
      CommitLog log = new CommitLog(store, places, new Exclusive(store, places, false));
      LogRecord last = null;
      for (int i = 0; i < 3; i++) {
        last = log.append(new Change.Abort(new UUID(0, i)), Optional.ofNullable(last));
      }
      store.put(places.hint(), ByteBuffer.wrap(text));
      assertThat(log.last()).contains(last);
    }
  }

  private static void assertShort(Exception refused) {
    assertThat(refused.getMessage()).isNotBlank().hasSizeLessThan(LONGEST_MESSAGE);
  }
}
