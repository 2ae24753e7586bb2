package io.s3dlio.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DcpShardTest {

  @Test
  void saysWhatPyTorchsWriterSays() {
    assertThat(new DcpShard(Map.of("layers.0.w", List.of(4L, 0L))).metadata())
        .isEqualTo(
            Map.of(
                "DCP_SHARDING_INFO", "{\"layers.0.w\":{\"saved_offsets\":[4,0]}}",
                "DCP_VERSION", "1.0",
                "format", "pt"));
    assertThat(DcpShard.fileName(12, 1, 3))
        .isEqualTo("shard-00012-model-00001-of-00003.safetensors");
  }

  @Test
  void readsWhatItSays() throws Exception {
    DcpShard shard =
        new DcpShard(Map.of("a", List.of(), "\u00e4\"", List.of(1L << 40, 0L), "c", List.of(0L)));
    assertThat(DcpShard.of(shard.metadata())).contains(shard);
    assertThat(DcpShard.of(Map.of("format", "pt"))).isEmpty();
    assertThat(
            DcpShard.of(
                Map.of(
                    "DCP_SHARDING_INFO",
                    "{\"w\": {\"saved_offsets\": [4, 0], \"logical_fqn\": \"v\"}}")))
        .contains(new DcpShard(Map.of("w", List.of(4L, 0L))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"a\":[0]}",
        "{\"a\":{}}",
        "{\"a\":{\"saved_offsets\":[-1]}}",
        "{\"a\":{\"saved_offsets\":[0],\"saved_offsets\":[0]}}",
        "{\"a\":{\"saved_offsets\":[0]},\"a\":{\"saved_offsets\":[0]}}",
        "{\"a\":{\"saved_offsets\":[9223372036854775808]}}",
        "{} x"
      })
  void refusesWhatIsMalformed(String info) {
    assertThatThrownBy(() -> DcpShard.of(Map.of("DCP_SHARDING_INFO", info)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> new DcpShard(Map.of("a", List.of(-1L))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DcpShard.fileName(0, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DcpShard.fileName(1, 2, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
