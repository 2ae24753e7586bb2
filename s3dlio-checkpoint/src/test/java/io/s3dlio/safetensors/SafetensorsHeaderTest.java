package io.s3dlio.safetensors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsHeaderTest {

  private static SafetensorsHeader parse(String json, long dataSize) throws IOException {
    return parse(json.getBytes(UTF_8), dataSize);
  }

  private static SafetensorsHeader parse(byte[] json, long dataSize) throws IOException {
    return SafetensorsHeader.parse(ByteBuffer.wrap(json), 8 + json.length + dataSize);
  }

  /** Each has eight bytes of data; quotes are written as backquotes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "~~ | no JSON",
        "~ {}~ | no JSON",
        "[] | no JSON",
        "{ | no JSON",
        "{}x | no JSON",
        "{}{} | behind its JSON",
        "{} {} | behind its JSON",
        "{`a`:1} | than an object",
        "{`a`:null} | than an object",
        "{`a`:{}} | lacks",
        "{`a`:{`dtype`:`U8`,`shape`:[8]}} | lacks",
        "{`a`:{`dtype`:`U8`,`data_offsets`:[0,8]}} | lacks",
        "{`a`:{`shape`:[8],`data_offsets`:[0,8]}} | lacks",
        "{`a`:{`dtype`:`F32`,`shape`:[2],`data_offsets`:[0,8]},`a`:{`dtype`:`F32`,`shape`:[0],`data_offsets`:[8,8]}} | two tensors 'a'",
        "{`a`:{`dtype`:`F32`,`shape`:[2],`data_offsets`:[0,8]},`\\u0061`:{`dtype`:`F32`,`shape`:[0],`data_offsets`:[8,8]}} | two tensors 'a'",
        "{`a`:{`dtype`:`F32`,`dtype`:`F32`,`shape`:[2],`data_offsets`:[0,8]}} | 'dtype' comes twice",
        "{`a`:{`dtype`:`F32`,`shape`:[2],`shape`:[2],`data_offsets`:[0,8]}} | 'shape' comes twice",
        "{`a`:{`dtype`:`F32`,`shape`:[2],`data_offsets`:[0,8],`data_offsets`:[0,8]}} | 'data_offsets' comes twice",
        "{`__metadata__`:{},`__metadata__`:{}} | '__metadata__' comes twice",
        "{`__metadata__`:{`k`:`1`,`k`:`1`}} | 'k' comes twice",
        "{`__metadata__`:{`k`:1}} | than a text",
        "{`__metadata__`:{`k`:null}} | than a text",
        "{`__metadata__`:null} | than an object",
        "{`__metadata__`:{`k`:`v`}} | end at byte",
        "{`a`:{`dtype`:`F31`,`shape`:[2],`data_offsets`:[0,8]}} | 'F31'",
        "{`a`:{`dtype`:`f32`,`shape`:[2],`data_offsets`:[0,8]}} | 'f32'",
        "{`a`:{`dtype`:`F32`,`shape`:[1],`data_offsets`:[0,8]}} | has 4 bytes",
        "{`a`:{`dtype`:`F32`,`shape`:[1],`data_offsets`:[0,4]}} | end at byte",
        "{`a`:{`dtype`:`F32`,`shape`:[1],`data_offsets`:[4,8]}} | 'a' begins at",
        "{`a`:{`dtype`:`F32`,`shape`:[2],`data_offsets`:[8,0]}} | data_offsets [8, 0]",
        "{`a`:{`dtype`:`F32`,`shape`:[2],`data_offsets`:[0,8,8]}} | more than 2",
        "{`a`:{`dtype`:`F32`,`shape`:[2],`data_offsets`:[0]}} | lacks",
        "{`a`:{`dtype`:`F32`,`shape`:[-2],`data_offsets`:[0,8]}} | below 0",
        "{`a`:{`dtype`:`U8`,`shape`:[8],`data_offsets`:[-0,8]}} | below 0",
        "{`a`:{`dtype`:`F32`,`shape`:[2.0],`data_offsets`:[0,8]}} | whole number",
        "{`a`:{`dtype`:`F32`,`shape`:[2e0],`data_offsets`:[0,8]}} | whole number",
        "{`a`:{`dtype`:`F32`,`shape`:[`2`],`data_offsets`:[0,8]}} | whole number",
        "{`a`:{`dtype`:`F32`,`shape`:[NaN],`data_offsets`:[0,8]}} | NaN",
        "{`a`:{`dtype`:`F32`,`shape`:[02],`data_offsets`:[0,8]}} | zeroes",
        "{`a`:{`dtype`:`F32`,`shape`:2,`data_offsets`:[0,8]}} | an array",
        "{`a`:{`dtype`:`U8`,`shape`:[4611686018427387904,4],`data_offsets`:[0,8]}} | too large",
        "{`a`:{`dtype`:`U8`,`shape`:[4611686018427387904,4,0],`data_offsets`:[0,0]}} | too large",
        "{`a`:{`dtype`:`U8`,`shape`:[9223372036854775807],`data_offsets`:[0,8]}} | too large",
        "{`a`:{`dtype`:`F32`,`shape`:[9223372036854775809],`data_offsets`:[0,8]}} | range of long",
        "{`a`:{`dtype`:`U8`,`shape`:[0],`data_offsets`:[9223372036854775807,9223372036854775807]}} | data_offsets",
        "{`a`:{`dtype`:`F32`,`shape`:[2],`data_offsets`:[0,8],`more`:1}} | 'more'",
        "{`a`:{`dtype`:`F4`,`shape`:[3],`data_offsets`:[0,2]}} | within a byte",
        "{`a`:{`dtype`:`U8`,`shape`:[5],`data_offsets`:[0,5]},`b`:{`dtype`:`U8`,`shape`:[4],`data_offsets`:[4,8]}} | 'b' begins at",
        "{`a`:{`dtype`:`U8`,`shape`:[3],`data_offsets`:[0,3]},`b`:{`dtype`:`U8`,`shape`:[4],`data_offsets`:[4,8]}} | 'b' begins at",
        "{`a`:{`dtype`:`U8`,`shape`:[8],`data_offsets`:[0,8]},`b`:{`dtype`:`U8`,`shape`:[8],`data_offsets`:[0,8]}} | begins at",
        "{`a`:{`dtype`:`U8`,`shape`:[0],`data_offsets`:[4,4]},`b`:{`dtype`:`U8`,`shape`:[8],`data_offsets`:[0,8]}} | 'a' begins at",
        "{`a`:{`dtype`:`U8`,`shape`:[[8]],`data_offsets`:[0,8]}} | whole number",
        "{`\\ud800`:{`dtype`:`U8`,`shape`:[8],`data_offsets`:[0,8]}} | surrogate",
        "{`\\udc00\\ud800`:{`dtype`:`U8`,`shape`:[8],`data_offsets`:[0,8]}} | surrogate",
        "{`__metadata__`:{`k`:`\\udfff`},`a`:{`dtype`:`U8`,`shape`:[8],`data_offsets`:[0,8]}} | surrogate",
        "{`a`:{`dtype`:`U8`,`shape`:[8],`data_offsets`:[0,8]},} | double-quote",
        "{/**/`a`:{`dtype`:`U8`,`shape`:[8],`data_offsets`:[0,8]}} | '/'",
        "{'a':{`dtype`:`U8`,`shape`:[8],`data_offsets`:[0,8]}} | '''",
      })
  void refusesWhatTheFormatForbids(String json, String why) {
    assertThatThrownBy(() -> parse(json == null ? "" : json.replace('`', '"'), 8))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(why);
  }

  @Test
  void takesNothingButBlanksBehindTheJson() throws Exception {
    assertThat(parse("{}   ", 0).tensors()).isEmpty();
    for (String behind : List.of("\n", "\0", "\t", " \n", "\n ", " x")) {
      assertThatThrownBy(() -> parse("{}" + behind, 0)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void refusesWhatIsNoUtf8() {
    String json = "{\"??\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]}}";
    for (int[] bytes : new int[][] {{'a', 0xff}, {0xc0, 0xaf}, {'a', 0x80}, {0xc3, '"'}}) {
      byte[] text = json.getBytes(UTF_8);
      text[2] = (byte) bytes[0];
      text[3] = (byte) bytes[1];
      assertThatThrownBy(() -> parse(text, 8)).hasMessageContaining("UTF-8");
    }
    byte[] surrogate = json.replace("??", "???").getBytes(UTF_8);
    System.arraycopy(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}, 0, surrogate, 2, 3);
    assertThatThrownBy(() -> parse(surrogate, 8)).hasMessageContaining("UTF-8");
    assertThatThrownBy(() -> parse("\ufeff" + json, 8)).hasMessageContaining("no JSON");
    assertThatThrownBy(() -> parse(json.getBytes(java.nio.charset.StandardCharsets.UTF_16LE), 8))
        .isInstanceOf(IOException.class);
  }

  @Test
  void takes64DimensionsAndNoMore() throws Exception {
    String shape = "1,".repeat(63) + "1";
    String json = "{\"a\":{\"dtype\":\"U8\",\"shape\":[%s],\"data_offsets\":[0,1]}}";
    assertThat(parse(json.formatted(shape), 1).tensors().get(0).shape()).hasSize(64);
    assertThatThrownBy(() -> parse(json.formatted(shape + ",1"), 1))
        .hasMessageContaining("more than 64");
  }

  @Test
  void refusesALengthThatNoFileHas() throws Exception {
    for (long length : new long[] {0, 1, 17, 100_000_001, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
      assertThatThrownBy(() -> SafetensorsHeader.length(prefix(length), 24))
          .hasMessageContaining(Long.toUnsignedString(length) + " bytes in a file of 24");
    }
    assertThatThrownBy(() -> SafetensorsHeader.length(prefix(100_000_001), 1L << 40))
        .isInstanceOf(IOException.class);
    assertThat(SafetensorsHeader.length(prefix(16), 24)).isEqualTo(16);
    assertThat(SafetensorsHeader.length(prefix(100_000_000), 1L << 40)).isEqualTo(100_000_000);
    assertThatThrownBy(() -> SafetensorsHeader.length(ByteBuffer.allocate(7), 7))
        .hasMessageContaining("7 bytes");
  }

  private static ByteBuffer prefix(long length) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
  }

  @Test
  void readsWhatItWrites() throws Exception {
    List<TensorInfo> tensors =
        SafetensorsHeader.lay(
            List.of(
                new TensorInfo("one", DType.BF16, List.of(), 0, 2),
                new TensorInfo("w\u00e4 \"q\" \ud83d\ude00\n", DType.F32, List.of(2L, 3L), 0, 24),
                new TensorInfo("none", DType.F64, List.of(0L, 3L), 0, 0)));
    assertThat(tensors.stream().map(TensorInfo::name))
        .containsExactly("none", "w\u00e4 \"q\" \ud83d\ude00\n", "one");
    byte[] encoded = SafetensorsHeader.encode(tensors, Map.of("format", "pt"));
    assertThat(encoded.length % 4096).isZero();
    int length = SafetensorsHeader.length(ByteBuffer.wrap(encoded), encoded.length + 26L);
    assertThat(length).isEqualTo(encoded.length - 8);
    SafetensorsHeader read = parse(Arrays.copyOfRange(encoded, 8, encoded.length), 26);
    assertThat(read.metadata()).containsExactly(Map.entry("format", "pt"));
    assertThat(read.tensors())
        .isEqualTo(tensors.stream().map(t -> t.at(t.offset() + encoded.length)).toList());
  }

  @Test
  void readsWhatIsAllowedThoughWeDoNotWriteIt() throws Exception {
    assertThat(parse("{}", 0).tensors()).isEmpty();
    assertThat(parse("{\"__metadata__\":{}}   ", 0).metadata()).isEmpty();
    SafetensorsHeader header =
        parse(
            """
            { "b" : {"data_offsets":[1,3], "shape":[], "dtype":"F16"},
              "empty" : {"dtype":"F32", "shape":[7,0,3], "data_offsets":[1,1]},
              "" : {"dtype":"U8", "shape":[1,1], "data_offsets":[0,1]} }""",
            3);
    assertThat(header.tensors().stream().map(TensorInfo::name)).containsExactly("", "empty", "b");
  }
}
