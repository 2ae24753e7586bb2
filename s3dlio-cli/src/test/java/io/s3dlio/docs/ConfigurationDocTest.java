package io.s3dlio.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ConfigKey;
import io.s3dlio.ObjectStores;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/configuration.md has every setting, with its default, and no other. */
class ConfigurationDocTest {

  @Test
  void everySettingIsDocumented() throws IOException {
    List<String> rows =
        Files.readAllLines(Docs.root().resolve("docs/configuration.md")).stream()
            .filter(line -> line.matches("\\| `[a-z].*`S3DLIO_.*"))
            .toList();
    assertThat(rows)
        .containsExactlyInAnyOrderElementsOf(
            ObjectStores.knownKeys().stream().map(ConfigurationDocTest::row).toList());
  }

  private static String row(ConfigKey<?> key) {
    return "| `"
        + key.name()
        + "` | `"
        + key.variable()
        + "` | "
        + key.defaultText().map(d -> "`" + d + "`").orElse("")
        + " | "
        + key.form()
        + " | "
        + key.description()
        + " |";
  }
}
