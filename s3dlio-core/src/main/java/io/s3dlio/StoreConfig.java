package io.s3dlio;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Settings, immutable. Each is known by a {@link ConfigKey}; one that nobody knows is an error when
 * a store is opened. The keys of the engine are here, those of a backend are with its provider.
 */
public final class StoreConfig {

  /** Requests of a store under way at a time. */
  public static final ConfigKey<Integer> MAX_CONCURRENCY =
      ConfigKey.number(
          "max-concurrency",
          32,
          1,
          4096,
          "Requests of one store under way at a time; sizes connections and threads together.");

  /** Size of a part. */
  public static final ConfigKey<Long> PART_SIZE =
      ConfigKey.bytes(
          "part-size",
          "8MiB",
          64 << 10,
          1L << 30,
          "Bytes of one part of a large transfer; grows by itself where a store limits the number"
              + " of parts.");

  /** From which size on a transfer is made in parts. */
  public static final ConfigKey<Long> MULTIPART_THRESHOLD =
      ConfigKey.bytes(
          "multipart-threshold",
          "16MiB",
          1,
          1L << 30,
          "An object larger than this is written and read in parts.");

  /** How long a request may take in all. */
  public static final ConfigKey<Duration> REQUEST_TIMEOUT =
      ConfigKey.duration(
          "request-timeout", "5m", "Longest time for one request, its repetitions included.");

  /** Memory of a store of its own. */
  public static final ConfigKey<Long> MEMORY_LIMIT =
      ConfigKey.bytes(
          "memory-limit",
          "",
          8 << 10,
          1L << 50,
          "Bytes of direct memory that this store may use; not set, it shares a pool of half of the"
              + " JVM's direct memory with others.");

  /** How long to wait for memory. */
  public static final ConfigKey<Duration> MEMORY_TIMEOUT =
      ConfigKey.duration(
          "memory-timeout", "1m", "Longest time to wait for memory within the budget.");

  /** Attempts of a request. */
  public static final ConfigKey<Integer> RETRY_MAX_ATTEMPTS =
      ConfigKey.number(
          "retry.max-attempts", 4, 1, 100, "Tries of one request, the first included.");

  /** First pause between attempts. */
  public static final ConfigKey<Duration> RETRY_BASE_DELAY =
      ConfigKey.duration(
          "retry.base-delay",
          "100ms",
          "Upper bound of the first pause between tries; doubles with each, full jitter.");

  /** Longest pause between attempts. */
  public static final ConfigKey<Duration> RETRY_MAX_DELAY =
      ConfigKey.duration("retry.max-delay", "20s", "Upper bound of any pause between tries.");

  private static final StoreConfig DEFAULTS = new StoreConfig(Map.of());

  private final TreeMap<String, String> values;

  private StoreConfig(Map<String, String> values) {
    this.values = new TreeMap<>(values);
  }

  /**
   * No setting set.
   *
   * @return the defaults
   */
  public static StoreConfig defaults() {
    return DEFAULTS;
  }

  /**
   * The keys that every store knows.
   *
   * @return them, in the order of the documentation
   */
  public static Collection<ConfigKey<?>> engineKeys() {
    return List.of(
        MAX_CONCURRENCY,
        PART_SIZE,
        MULTIPART_THRESHOLD,
        REQUEST_TIMEOUT,
        MEMORY_LIMIT,
        MEMORY_TIMEOUT,
        RETRY_MAX_ATTEMPTS,
        RETRY_BASE_DELAY,
        RETRY_MAX_DELAY);
  }

  /**
   * With one setting, as text.
   *
   * @param name the key's name
   * @param value the text; read when a store is opened
   * @return a copy
   */
  public StoreConfig with(String name, String value) {
    Map<String, String> copy = new TreeMap<>(values);
    copy.put(name, value);
    return new StoreConfig(copy);
  }

  /**
   * With one setting.
   *
   * @param key the key
   * @param value the text
   * @return a copy
   */
  public StoreConfig with(ConfigKey<?> key, String value) {
    return with(key.name(), value);
  }

  /**
   * With the settings that the environment holds in variables named {@code S3DLIO_…}, where this
   * configuration does not set them.
   *
   * @param environment such as {@link System#getenv()}
   * @param known all keys there are
   * @return a copy
   * @throws IllegalArgumentException if a variable of that prefix is not one of them; the message
   *     names the nearest
   */
  public StoreConfig withEnvironment(
      Map<String, String> environment, Collection<ConfigKey<?>> known) {
    Map<String, String> copy = new TreeMap<>();
    for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
      if (!variable.getKey().startsWith("S3DLIO_") || FOREIGN.contains(variable.getKey())) {
        continue;
      }
      ConfigKey<?> key =
          known.stream()
              .filter(k -> k.variable().equals(variable.getKey()))
              .findFirst()
              .orElseThrow(
                  () ->
                      unknown(
                          "environment variable",
                          variable.getKey(),
                          known.stream().map(ConfigKey::variable).toList()));
      copy.put(key.name(), variable.getValue());
    }
    copy.putAll(values);
    return new StoreConfig(copy);
  }

  /** Variables of the launcher, which are not settings of a store. */
  private static final Set<String> FOREIGN = Set.of("S3DLIO_JAVA_OPTS");

  /**
   * Checks that every setting is known and can be read.
   *
   * @param known all keys there are
   * @throws IllegalArgumentException if one is not; the message names it, and the nearest known one
   *     or the form that its value has
   */
  public void check(Collection<ConfigKey<?>> known) {
    for (String name : values.keySet()) {
      ConfigKey<?> key =
          known.stream()
              .filter(k -> k.name().equals(name))
              .findFirst()
              .orElseThrow(
                  () -> unknown("setting", name, known.stream().map(ConfigKey::name).toList()));
      find(key);
    }
  }

  /**
   * The value of a setting that has a default.
   *
   * @param <T> what the setting is
   * @param key the key
   * @return its value, or the default
   * @throws IllegalArgumentException if the text cannot be read
   */
  public <T> T get(ConfigKey<T> key) {
    return find(key)
        .orElseThrow(() -> new IllegalArgumentException("setting " + key.name() + " is not set"));
  }

  /**
   * The value of a setting, if it has one.
   *
   * @param <T> what the setting is
   * @param key the key
   * @return its value, or the default, or nothing
   * @throws IllegalArgumentException if the text cannot be read
   */
  public <T> Optional<T> find(ConfigKey<T> key) {
    String text = values.getOrDefault(key.name(), key.defaultText().orElse(null));
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(key.parser().apply(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "setting " + key.name() + (key.secret() ? "" : "=" + text) + " is not " + key.form(),
          key.secret() ? null : e);
    }
  }

  private static IllegalArgumentException unknown(
      String what, String name, Collection<String> known) {
    String nearest =
        known.stream().min(Comparator.comparingInt(k -> distance(k, name))).orElseThrow();
    return new IllegalArgumentException(
        "unknown " + what + " '" + name + "'; the nearest known one is '" + nearest + "'");
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int next =
            Math.min(
                Math.min(row[j], row[j - 1]) + 1,
                diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1));
        diagonal = row[j];
        row[j] = next;
      }
    }
    return row[b.length()];
  }

  /** The names of what is set, without the values. */
  @Override
  public String toString() {
    return "StoreConfig" + values.keySet();
  }
}
