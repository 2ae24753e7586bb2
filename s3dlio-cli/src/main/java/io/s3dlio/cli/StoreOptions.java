package io.s3dlio.cli;

import io.s3dlio.ConfigKey;
import io.s3dlio.ObjectStores;
import io.s3dlio.StoreConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that say how stores are reached. */
final class StoreOptions {

  @Option(
      names = "--endpoint-url",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      description = "Where the S3 store is, such as http://127.0.0.1:9000.")
  private String endpointUrl;

  @Option(
      names = "--region",
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      description = "Region that requests to S3 are signed for.")
  private String region;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      description = "Profile of the AWS configuration whose credentials are used.")
  private String profile;

  @Option(
      names = "--no-sign-request",
      scope = ScopeType.INHERIT,
      description = "Send requests without credentials, for public data.")
  private boolean noSignRequest;

  @Option(
      names = "--ca-bundle",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "PEM file of certificates to trust beside Java's.")
  private String caBundle;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      scope = ScopeType.INHERIT,
      description = "A setting of the store, such as part-size=32MiB; repeatable.")
  private Map<String, String> settings = new LinkedHashMap<>();

  /**
   * The settings of these options, then of the environment.
   *
   * @param jobs objects that will be in flight at a time; more requests than usual are allowed at a
   *     time if that takes it, unless it is set how many
   * @throws CommandException a usage error, where a setting is not known or cannot be read
   */
  StoreConfig config(int jobs) throws CommandException {
    StoreConfig config = StoreConfig.defaults();
    Map<String, String> named = named();
    for (Map.Entry<String, String> setting : named.entrySet()) {
      config = config.with(setting.getKey(), setting.getValue());
    }
    try {
      config = config.withEnvironment(System.getenv(), ObjectStores.knownKeys());
      config.check(ObjectStores.knownKeys());
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e.getMessage());
    }
    boolean chosen =
        named.containsKey(StoreConfig.MAX_CONCURRENCY.name())
            || System.getenv(StoreConfig.MAX_CONCURRENCY.variable()) != null;
    return chosen || jobs <= config.get(StoreConfig.MAX_CONCURRENCY)
        ? config
        : config.with(StoreConfig.MAX_CONCURRENCY, String.valueOf(jobs));
  }

  /** The options as they were given, for another command. */
  List<String> asArguments() {
    List<String> arguments = new ArrayList<>();
    if (endpointUrl != null) {
      arguments.add("--endpoint-url=" + endpointUrl);
    }
    if (region != null) {
      arguments.add("--region=" + region);
    }
    if (profile != null) {
      arguments.add("--profile=" + profile);
    }
    if (noSignRequest) {
      arguments.add("--no-sign-request");
    }
    if (caBundle != null) {
      arguments.add("--ca-bundle=" + caBundle);
    }
    settings.forEach((name, value) -> arguments.add("--set=" + name + "=" + value));
    return arguments;
  }

  private Map<String, String> named() throws CommandException {
    Map<String, String> named = new LinkedHashMap<>();
    if (endpointUrl != null) {
      putAll(named, ".endpoint", endpointUrl);
    }
    if (region != null) {
      named.put("s3.region", region);
    }
    if (profile != null) {
      named.put("s3.profile", profile);
    }
    if (noSignRequest) {
      putAll(named, ".anonymous", "true");
    }
    if (caBundle != null) {
      putAll(named, ".ca-bundle", caBundle);
    }
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      refuseSecret(setting.getKey());
      named.put(setting.getKey(), setting.getValue());
    }
    return named;
  }

  /** For every store that has such a setting. */
  private static void putAll(Map<String, String> named, String ending, String value) {
    ObjectStores.knownKeys().stream()
        .map(ConfigKey::name)
        .filter(name -> name.endsWith(ending))
        .forEach(name -> named.put(name, value));
  }

  /** A command line is there for every user of the machine to see. */
  private static void refuseSecret(String name) throws CommandException {
    for (ConfigKey<?> key : ObjectStores.knownKeys()) {
      if (key.name().equals(name) && key.secret()) {
        throw CommandException.usage(
            name + " is a secret, and others see the command line; set " + key.variable());
      }
    }
  }
}
