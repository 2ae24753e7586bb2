package io.s3dlio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreConfigTest {

  private static final ConfigKey<String> SECRET = ConfigKey.secret("t.secret-key", "A secret.");
  private static final ConfigKey<String> TEXT = ConfigKey.text("t.text", "A text.");
  private static final ConfigKey<Boolean> FLAG = ConfigKey.flag("t.flag", true, "A flag.");
  private static final ConfigKey<Integer> NUMBER =
      ConfigKey.number("t.number", 5, 1, 10, "A number.");
  private static final ConfigKey<Long> BYTES =
      ConfigKey.bytes("t.bytes", "8MiB", 1024, 1 << 30, "A size.");
  private static final ConfigKey<Duration> TIME = ConfigKey.duration("t.time", "30s", "A time.");
  private static final ConfigKey<TimeUnit> CHOICE =
      ConfigKey.choice("t.choice", TimeUnit.SECONDS, "A word.");

  private static List<ConfigKey<?>> known() {
    List<ConfigKey<?>> known = new ArrayList<>(StoreConfig.engineKeys());
    known.addAll(List.of(SECRET, TEXT, FLAG, NUMBER, BYTES, TIME, CHOICE));
    return known;
  }

  private static StoreConfig with(ConfigKey<?> key, String value) {
    return StoreConfig.defaults().with(key, value);
  }

  @Test
  void defaultsApplyWhereNothingIsSet() {
    StoreConfig defaults = StoreConfig.defaults();
    assertThat(defaults.get(FLAG)).isTrue();
    assertThat(defaults.get(NUMBER)).isEqualTo(5);
    assertThat(defaults.get(BYTES)).isEqualTo(8L << 20);
    assertThat(defaults.get(TIME)).isEqualTo(Duration.ofSeconds(30));
    assertThat(defaults.get(CHOICE)).isEqualTo(TimeUnit.SECONDS);
    assertThat(defaults.find(TEXT)).isEmpty();
    assertThatThrownBy(() -> defaults.get(TEXT)).hasMessageContaining("t.text is not set");
  }

  @Test
  void everyDefaultCanBeRead() {
    for (ConfigKey<?> key : ObjectStores.knownKeys()) {
      StoreConfig.defaults().find(key);
      assertThat(key.description()).as(key.name()).endsWith(".");
      key.defaultText().ifPresent(text -> with(key, text).check(List.of(key)));
    }
    assertThat(ObjectStores.knownKeys()).extracting(ConfigKey::name).doesNotHaveDuplicates();
    assertThat(ObjectStores.knownKeys()).extracting(ConfigKey::variable).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({
    "t.flag, false",
    "t.number, 1",
    "t.number, 10",
    "t.bytes, 1KiB",
    "t.bytes, 1GiB",
    "t.time, 1ms",
    "t.time, 2m",
    "t.time, 8760h",
    "t.choice, nanoseconds",
    "t.text, anything",
  })
  void formsThatAreRead(String name, String value) {
    StoreConfig.defaults().with(name, value).check(known());
  }

  @ParameterizedTest
  @CsvSource({
    "t.flag, yes, true or false",
    "t.flag, TRUE, true or false",
    "t.number, 0, a number from 1 to 10",
    "t.number, 11, a number from 1 to 10",
    "t.number, 4294967297, a number from 1 to 10",
    "t.number, many, a number from 1 to 10",
    "t.bytes, 1023, a size from 1KiB to 1GiB",
    "t.bytes, 2GiB, a size from 1KiB to 1GiB",
    "t.bytes, big, a size from 1KiB to 1GiB",
    "t.time, 0s, a time above zero with its unit",
    "t.time, 30, a time above zero with its unit",
    "t.time, s, a time above zero with its unit",
    "t.time, -1s, a time above zero with its unit",
    "t.time, 9999999h, a time above zero with its unit",
    "t.time, 9223372036854775807h, a time above zero with its unit",
    "t.choice, SECONDS, one of",
    "t.choice, weeks, one of",
  })
  void formsThatAreRefused(String name, String value, String form) {
    assertThatThrownBy(() -> StoreConfig.defaults().with(name, value).check(known()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("setting " + name + "=" + value + " is not " + form);
  }

  @ParameterizedTest
  @ValueSource(strings = {"part_size", "partsize", "part-sise", "Part-Size"})
  void anUnknownSettingNamesTheNearest(String name) {
    assertThatThrownBy(() -> StoreConfig.defaults().with(name, "1").check(known()))
        .hasMessage("unknown setting '" + name + "'; the nearest known one is 'part-size'");
  }

  @Test
  void theEnvironmentIsReadStrictly() {
    StoreConfig config =
        StoreConfig.defaults()
            .with(NUMBER, "7")
            .withEnvironment(
                Map.of(
                    "S3DLIO_T_NUMBER", "8",
                    "S3DLIO_T_TEXT", "from outside",
                    "S3DLIO_JAVA_OPTS", "-Xmx1g",
                    "PATH", "/bin"),
                known());
    assertThat(config.get(NUMBER)).as("what is set in the program counts more").isEqualTo(7);
    assertThat(config.get(TEXT)).isEqualTo("from outside");
    assertThatThrownBy(
            () -> StoreConfig.defaults().withEnvironment(Map.of("S3DLIO_PARTSIZE", "1"), known()))
        .hasMessage(
            "unknown environment variable 'S3DLIO_PARTSIZE'; the nearest known one is"
                + " 'S3DLIO_PART_SIZE'");
    assertThat(SECRET.variable()).isEqualTo("S3DLIO_T_SECRET_KEY");
  }

  @Test
  void secretsAreNotShown() {
    ConfigKey<Integer> secretNumber =
        new ConfigKey<>(
            "t.pin", java.util.Optional.empty(), "A pin.", "a number", Integer::valueOf, true);
    StoreConfig config = with(secretNumber, "hunter2").with(SECRET, "hunter3");
    assertThat(config.get(SECRET)).isEqualTo("hunter3");
    assertThat(config).asString().contains("t.pin", "t.secret-key").doesNotContain("hunter");
    assertThatThrownBy(() -> config.get(secretNumber))
        .hasMessage("setting t.pin is not a number")
        .hasNoCause();
  }

  @Test
  void configurationsDoNotChange() {
    StoreConfig one = with(NUMBER, "1");
    StoreConfig two = one.with(NUMBER, "2");
    assertThat(one.get(NUMBER)).isEqualTo(1);
    assertThat(two.get(NUMBER)).isEqualTo(2);
    assertThat(StoreConfig.defaults().get(NUMBER)).isEqualTo(5);
  }
}
