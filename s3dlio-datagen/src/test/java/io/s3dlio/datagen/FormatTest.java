package io.s3dlio.datagen;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Format version 1 as it is now. It may change until it is published as a specification; from then
 * on a change here is a new version.
 */
class FormatTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "0, \"\", 0, 16, 296fb9a1e2c3a775e022c2a420de477709a6f1c3de9227d36177da445dfc5bce",
        "0, \"\", 0, 1048576, ec80e5770be28758ce94cd27c3fbbbea66e7ea367c08914ca4463d7605579bf5",
        "42, object_0_of_1.dat, 0, 32768, 3fb1ab7988885adb0a7df09c0723faa319f9094bfa64e313e5fa0725df5ac577",
        "42, object_0_of_1.dat, 32768, 32768, 00714c6e35fc82b7f224a0ac38194e70714a8a6bfeb9c47965c08bdebf6d571b",
        "42, object_0_of_1.dat, 4611686018427387901, 100000, 52a800bb208d6c42c903a0ead47fb3f1c27653a44c8f7c1daa7aaad355c0e345",
        "-1, \u4e2d/\uD83D\uDE00, 9223372036854775000, 807, 261ae2a22159505ca1eca63458dd529e97e12e9fe99e3da88de73ddd8e4f0505",
      })
  void ranges_have_these_digests(long seed, String key, long offset, int length, String sha256)
      throws Exception {
    GeneratedObject object = GeneratorSpec.of(seed).object(key, Long.MAX_VALUE);
    byte[] digest =
        MessageDigest.getInstance("SHA-256")
            .digest(GeneratedObjectProperties.read(object, offset, length));
    assertThat(HexFormat.of().formatHex(digest)).isEqualTo(sha256);
  }
}
