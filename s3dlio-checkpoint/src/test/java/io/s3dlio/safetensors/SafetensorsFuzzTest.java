package io.s3dlio.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/**
 * What any bytes at all do to the parsers. In a build the texts that lie beside it are tried, by
 * {@code dev/fuzz} what Jazzer makes of them.
 */
class SafetensorsFuzzTest {

  /** Of the file that a header is tried with. */
  private static final int DATA = 8;

  /** Refused, or whole: then what it says can be written, and reads the same. */
  @FuzzTest
  void header(byte[] json) throws IOException {
    SafetensorsHeader header;
    try {
      header =
          SafetensorsHeader.parse(
              ByteBuffer.wrap(json), (long) SafetensorsHeader.PREFIX + json.length + DATA);
    } catch (IOException refused) {
      return;
    }
    long at = (long) SafetensorsHeader.PREFIX + json.length;
    Set<String> names = new HashSet<>();
    for (TensorInfo tensor : header.tensors()) {
      assertThat(tensor.offset()).isEqualTo(at);
      assertThat(names.add(tensor.name())).isTrue();
      at += tensor.size();
    }
    assertThat(at).isEqualTo((long) SafetensorsHeader.PREFIX + json.length + DATA);
    byte[] written =
        SafetensorsHeader.encode(SafetensorsHeader.lay(header.tensors()), header.metadata());
    SafetensorsHeader again =
        SafetensorsHeader.parse(
            ByteBuffer.wrap(written, 8, written.length - 8), written.length + DATA);
    assertThat(again.metadata()).isEqualTo(header.metadata());
    assertThat(again.tensors().stream().map(tensor -> tensor.at(0)))
        .containsExactlyInAnyOrderElementsOf(
            header.tensors().stream().map(tensor -> tensor.at(0)).toList());
  }

  /** Refused, or of plain names: then it can be written, and reads the same. */
  @FuzzTest
  void index(byte[] json) throws IOException {
    SafetensorsIndex index;
    try {
      index = SafetensorsIndex.parse(ByteBuffer.wrap(json));
    } catch (IOException refused) {
      return;
    }
    for (String file : index.weightMap().values()) {
      assertThat(file).isNotBlank().isNotIn(".", "..").doesNotContain("/", "\\", ":", "\0");
    }
    assertThat(SafetensorsIndex.parse(index.encode())).isEqualTo(index);
  }
}
