package io.s3dlio;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A setting: its name, how its text is read, and what it is when nobody sets it. The name is lower
 * case with dots and hyphens ({@code s3.path-style}); in the environment it is {@code
 * S3DLIO_S3_PATH_STYLE}.
 *
 * @param <T> what the setting is
 * @param name the name
 * @param defaultText what applies when it is not set; empty if it then has no value
 * @param description one sentence for the documentation
 * @param form what may be written, for error messages, such as {@code true or false}
 * @param parser reads the text; throws {@link IllegalArgumentException} if it cannot
 * @param secret whether the value must never be shown
 */
public record ConfigKey<T>(
    String name,
    Optional<String> defaultText,
    String description,
    String form,
    Function<String, T> parser,
    boolean secret) {

  /**
   * A setting that is text.
   *
   * @param name the name
   * @param description one sentence
   * @return a key without a default
   */
  public static ConfigKey<String> text(String name, String description) {
    return new ConfigKey<>(name, Optional.empty(), description, "text", s -> s, false);
  }

  /**
   * A setting that is text and secret.
   *
   * @param name the name
   * @param description one sentence
   * @return a key without a default, whose value is never shown
   */
  public static ConfigKey<String> secret(String name, String description) {
    return new ConfigKey<>(name, Optional.empty(), description, "text", s -> s, true);
  }

  /**
   * A setting that is on or off.
   *
   * @param name the name
   * @param byDefault what applies when it is not set
   * @param description one sentence
   * @return the key
   */
  public static ConfigKey<Boolean> flag(String name, boolean byDefault, String description) {
    return new ConfigKey<>(
        name,
        Optional.of(String.valueOf(byDefault)),
        description,
        "true or false",
        s -> {
          if (!s.equals("true") && !s.equals("false")) {
            throw new IllegalArgumentException(s);
          }
          return s.equals("true");
        },
        false);
  }

  /**
   * A setting that is a whole number.
   *
   * @param name the name
   * @param byDefault what applies when it is not set
   * @param min the least
   * @param max the most
   * @param description one sentence
   * @return the key
   */
  public static ConfigKey<Integer> number(
      String name, int byDefault, int min, int max, String description) {
    return new ConfigKey<>(
        name,
        Optional.of(String.valueOf(byDefault)),
        description,
        "a number from " + min + " to " + max,
        s -> Math.toIntExact(within(Long.parseLong(s), min, max)),
        false);
  }

  /**
   * A setting that is a number of bytes, such as {@code 8MiB}.
   *
   * @param name the name
   * @param byDefault what applies when it is not set; empty for no value
   * @param min the least, in bytes
   * @param max the most, in bytes
   * @param description one sentence
   * @return the key
   */
  public static ConfigKey<Long> bytes(
      String name, String byDefault, long min, long max, String description) {
    return new ConfigKey<>(
        name,
        byDefault.isEmpty() ? Optional.empty() : Optional.of(byDefault),
        description,
        "a size from " + Sizes.format(min) + " to " + Sizes.format(max) + ", such as 8MiB",
        s -> within(Sizes.parse(s), min, max),
        false);
  }

  /**
   * A setting that is a time, such as {@code 500ms}, {@code 30s} or {@code 5m}.
   *
   * @param name the name
   * @param byDefault what applies when it is not set
   * @param description one sentence
   * @return the key
   */
  public static ConfigKey<Duration> duration(String name, String byDefault, String description) {
    return new ConfigKey<>(
        name,
        Optional.of(byDefault),
        description,
        "a time above zero with its unit: 500ms, 30s, 5m or 1h",
        ConfigKey::parseDuration,
        false);
  }

  /**
   * A setting that is one of a few words.
   *
   * @param <E> an enum whose constants, in lower case and with hyphens, are the words
   * @param name the name
   * @param byDefault what applies when it is not set
   * @param description one sentence
   * @return the key
   */
  public static <E extends Enum<E>> ConfigKey<E> choice(
      String name, E byDefault, String description) {
    Class<E> type = byDefault.getDeclaringClass();
    return new ConfigKey<>(
        name,
        Optional.of(word(byDefault)),
        description,
        Arrays.stream(type.getEnumConstants())
            .map(ConfigKey::word)
            .collect(Collectors.joining(", ", "one of ", "")),
        s ->
            Arrays.stream(type.getEnumConstants())
                .filter(e -> word(e).equals(s))
                .findFirst()
                .orElseThrow(IllegalArgumentException::new),
        false);
  }

  /**
   * The name of the environment variable for this setting.
   *
   * @return such as {@code S3DLIO_S3_PATH_STYLE}
   */
  public String variable() {
    return "S3DLIO_" + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static long within(long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(String.valueOf(value));
    }
    return value;
  }

  private static Duration parseDuration(String s) {
    int digits = 0;
    while (digits < s.length() && s.charAt(digits) >= '0' && s.charAt(digits) <= '9') {
      digits++;
    }
    long n = Long.parseLong(s.substring(0, digits));
    ChronoUnit unit =
        switch (s.substring(digits)) {
          case "ms" -> ChronoUnit.MILLIS;
          case "s" -> ChronoUnit.SECONDS;
          case "m" -> ChronoUnit.MINUTES;
          case "h" -> ChronoUnit.HOURS;
          default -> throw new IllegalArgumentException(s);
        };
    return Duration.of(within(n, 1, Duration.ofDays(365).dividedBy(unit.getDuration())), unit);
  }
}
