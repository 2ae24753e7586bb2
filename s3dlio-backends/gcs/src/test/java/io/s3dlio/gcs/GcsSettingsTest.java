package io.s3dlio.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.spi.StoreContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings and environment. */
class GcsSettingsTest {

  private static final StoreConfig NONE = StoreConfig.defaults();
  private static final StoreConfig EMULATOR = NONE.with(GcsKeys.ENDPOINT, "http://127.0.0.1:4443");

  @Test
  void withoutSettingsItIsTheServiceWithCredentials() {
    GcsSettings settings = GcsSettings.of(NONE, Map.of());
    assertThat(settings.endpoint()).hasToString("https://storage.googleapis.com");
    assertThat(settings.anonymous()).isFalse();
    assertThatThrownBy(settings::project).hasMessageContaining("GOOGLE_CLOUD_PROJECT");
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:9023, http://localhost:9023",
    "http://localhost:9023, http://localhost:9023",
    "http://localhost:9023/, http://localhost:9023",
    "http://localhost:9023/storage/v1/, http://localhost:9023",
    "https://gcs.example, https://gcs.example"
  })
  void theVariableOfEmulatorsIsUnderstood(String value, String endpoint) {
    GcsSettings settings = GcsSettings.of(NONE, Map.of("STORAGE_EMULATOR_HOST", value));
    assertThat(settings.endpoint()).hasToString(endpoint);
    assertThat(settings.anonymous()).isEqualTo(endpoint.startsWith("http:"));
  }

  @Test
  void aSettingGoesBeforeTheEnvironment() {
    GcsSettings settings =
        GcsSettings.of(EMULATOR, Map.of("STORAGE_EMULATOR_HOST", "localhost:9023"));
    assertThat(settings.endpoint()).hasToString("http://127.0.0.1:4443");
    assertThat(settings.project()).isEqualTo("s3dlio");
    assertThat(GcsSettings.of(EMULATOR, Map.of("GOOGLE_CLOUD_PROJECT", "mine")).project())
        .isEqualTo("mine");
    assertThat(
            GcsSettings.of(
                    EMULATOR.with(GcsKeys.PROJECT, "set"), Map.of("GOOGLE_CLOUD_PROJECT", "mine"))
                .project())
        .isEqualTo("set");
  }

  @Test
  void theFileOfTheCredentialsNamesAProject(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("key.json"), "{\"project_id\":\"theirs\"}");
    assertThat(
            GcsSettings.of(NONE.with(GcsKeys.CREDENTIALS_FILE, file.toString()), Map.of())
                .project())
        .isEqualTo("theirs");
    assertThat(
            GcsSettings.of(NONE, Map.of("GOOGLE_APPLICATION_CREDENTIALS", file.toString()))
                .project())
        .isEqualTo("theirs");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://host",
        "host",
        "http://",
        "http://host/path",
        "http://host#x",
        "http://host:99999",
        "http:// host"
      })
  void whatIsNoEndpointIsRefused(String text) {
    assertThatThrownBy(() -> GcsSettings.of(NONE.with(GcsKeys.ENDPOINT, text), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("gs.endpoint '" + text + "'");
  }

  @Test
  void aPasswordInAnEndpointIsNotRepeated() {
    assertThatThrownBy(
            () -> GcsSettings.of(NONE.with(GcsKeys.ENDPOINT, "https://me:hush@host"), Map.of()))
        .hasMessageContaining("gs.endpoint")
        .hasMessageNotContaining("hush");
  }

  @Test
  void credentialsNeedTls() {
    StoreContext context =
        new StoreContext(
            EMULATOR.with(GcsKeys.CREDENTIALS_FILE, "/key.json"), RequestListener.NONE);
    assertThatThrownBy(() -> GcsProvider.open(ObjectUri.parse("gs://b/"), context, Map.of()))
        .isInstanceOfSatisfying(
            ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
        .hasMessageContaining("credentials are not sent to http://127.0.0.1:4443");
  }

  @Test
  void credentialsAndNoneContradict() {
    StoreConfig both =
        NONE.with(GcsKeys.CREDENTIALS_FILE, "/key.json").with(GcsKeys.ANONYMOUS, "true");
    assertThatThrownBy(() -> GcsSettings.of(both, Map.of())).hasMessageContaining("contradicts");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a\nb", "a\rb"})
  void someKeysNoObjectCanHave(String key) {
    assertThatThrownBy(() -> Place.ofObject(new ObjectUri("gs", "b", key)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Place.ofObject(new ObjectUri("gs", "b", "a/./b")).bucket()).isEqualTo("b");
  }
}
