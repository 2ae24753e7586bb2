package io.s3dlio.gcs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PartNamesTest {

  @Test
  void tellTheKeyAgain() {
    for (String key : List.of("o", "a/", "a/b c", "é/😀", ".s3dlio-parts/x", "a\n/b")) {
      PartNames names = PartNames.of(key);
      assertThat(PartNames.parse(names.prefix() + "00001")).contains(names);
      assertThat(PartNames.parse(names.prefix() + "2-00032")).contains(names);
      assertThat(names.key()).isEqualTo(key);
    }
    assertThat(PartNames.parse(".s3dlio-parts/o/00001")).isEmpty();
    assertThat(PartNames.parse("o")).isEmpty();
  }

  @Test
  void fitOfTheLongestKeyToo() {
    for (String key : List.of("k".repeat(1024), "é".repeat(512), "😀".repeat(256))) {
      PartNames names = PartNames.of(key);
      assertThat((names.prefix() + "3-10000").getBytes(UTF_8)).hasSizeLessThanOrEqualTo(1024);
      assertThat(key).startsWith(names.key());
      assertThat(names.key().getBytes(UTF_8)).hasSizeGreaterThan(PartNames.MAX_KEY_BYTES - 4);
      assertThat(PartNames.parse(names.prefix() + "00001")).contains(names);
    }
  }
}
