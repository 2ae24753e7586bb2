package io.s3dlio.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ShardDescriptionTest {

  private static ShardDescription of(int... crcs) {
    UUID id = new UUID(0, 1);
    Extent all = new Extent(id, 0, 0, 10, crcs, "0".repeat(64));
    SaveAttempt attempt = new SaveAttempt(id, 5, 1, -1);
    return new ShardDescription(attempt, 0, ShardFormat.OPAQUE, all, List.of(), Map.of());
  }

  /** Else the second one would be that of bytes behind the shard. */
  @Test
  void thereIsOneChecksumForEachChunk() throws IOException {
    assertThat(ShardDescription.parse(of(7).toJson())).isEqualTo(of(7));
    String twice = of(7, 7).toJson();
    assertThatThrownBy(() -> ShardDescription.parse(twice))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("2 checksums of 10 bytes");
  }

  @Test
  void whatIsWrongIsToldInShort() {
    String text = of(7).toJson();
    String name = "x".repeat(1 << 20);
    for (String wrong :
        List.of(
            text.replace("\"OPAQUE\"", '"' + name + '"'),
            text.replace("\"format\"", '"' + name + '"'),
            text.replace(of(7).head().attempt().toString(), name))) {
      assertThat(wrong).isNotEqualTo(text);
      assertThatThrownBy(() -> ShardDescription.parse(wrong))
          .isInstanceOf(IOException.class)
          .satisfies(e -> assertThat(e.getMessage()).hasSizeBetween(1, 500));
    }
  }
}
