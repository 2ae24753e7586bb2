package io.s3dlio.safetensors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.safetensors.SafetensorsHeader.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsHeaderTest {

  /** Each has eight bytes of data. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " {}",
        "[]",
        "{",
        "{}x",
        "{\"a\":1}",
        "{\"a\":{}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[8,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F31\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,4],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775809],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"more\":1}}",
        "{\"a\":{\"dtype\":\"F4\",\"shape\":[3],\"data_offsets\":[0,2]}}",
        "{\"__metadata__\":{\"a\":1}}",
        "{\"__metadata__\":{\"a\":\"b\"}}",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[5],\"data_offsets\":[0,5]},\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,8]}}",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[[[[[[8]]]]]],\"data_offsets\":[0,8]}}"
      })
  void refusesWhatTheFormatForbids(String json) {
    assertThatThrownBy(() -> SafetensorsHeader.parse(json.getBytes(UTF_8), 8))
        .isInstanceOf(IOException.class);
  }

  @Test
  void refusesWhatIsNoUtf8() {
    byte[] json = "{\"?\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]}}".getBytes(UTF_8);
    json[2] = (byte) 0xff;
    assertThatThrownBy(() -> SafetensorsHeader.parse(json, 8)).hasMessageContaining("UTF-8");
  }

  @Test
  void refusesALengthThatNoFileHas() {
    for (long length : new long[] {0, 1, 17, 25_000_001, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
      byte[] prefix =
          java.nio.ByteBuffer.allocate(8)
              .order(java.nio.ByteOrder.LITTLE_ENDIAN)
              .putLong(length)
              .array();
      assertThatThrownBy(() -> SafetensorsHeader.length(prefix, 24))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void readsWhatItWrites() throws Exception {
    SafetensorsHeader header =
        new SafetensorsHeader(
            List.of(
                new Tensor("none", DType.F64, List.of(0L, 3L), 0, 0),
                new Tensor("w\u00e4 \"q\"", DType.F32, List.of(2L, 3L), 0, 24),
                new Tensor("one", DType.BF16, List.of(), 24, 26)),
            Map.of("format", "pt"));
    byte[] encoded = header.encode();
    assertThat(encoded.length % 64).isZero();
    int length = SafetensorsHeader.length(encoded, encoded.length + 26L);
    assertThat(length).isEqualTo(encoded.length - 8);
    assertThat(SafetensorsHeader.parse(Arrays.copyOfRange(encoded, 8, encoded.length), 26))
        .isEqualTo(header);
  }
}
