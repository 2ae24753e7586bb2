package io.s3dlio.cli;

import io.s3dlio.ConfigKey;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command and the options that all its subcommands have. */
@Command(
    name = "s3dlio",
    description = {
      "Objects on S3, in files and in memory: moves, makes, checks and measures them.",
      ""
    },
    customSynopsis = "s3dlio COMMAND [OPTION]... [ARGUMENT]...",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "A URI is taken literally: s3://bucket/key, file:///absolute/path, memory://name/key;",
      "s3://host:port/bucket/key names the endpoint too. Settings can also be given in the",
      "environment: S3DLIO_PART_SIZE=32MiB is --set part-size=32MiB.",
      "",
      "Sizes: 8K is 8,000 bytes, 8KiB is 8,192.",
      "Exit status: 0 done, 1 something failed, 2 bad usage or configuration,",
      "3 data read is not the data written.",
      "",
      "Examples:",
      "  s3dlio put s3://bucket/data/ -n 1000 -s 8MiB",
      "  s3dlio get -r --verify s3://bucket/data/",
      "  s3dlio COMMAND --help"
    },
    versionProvider = Version.class,
    subcommands = {
      ListCommand.class,
      StatCommand.class,
      CatCommand.class,
      PutCommand.class,
      GetCommand.class,
      UploadCommand.class,
      DownloadCommand.class,
      CopyCommand.class,
      RemoveCommand.class,
      MakeBucketCommand.class,
      RemoveBucketCommand.class,
      BucketsCommand.class
    })
final class Root implements Runnable {

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
      description = "Send requests to S3 without a signature, for public data.")
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

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Results as JSON, one object a line, and nothing else on standard output.")
  private boolean json;

  @Option(
      names = "-v",
      scope = ScopeType.INHERIT,
      description = "Log what is done; -vv logs more, and shows where errors come from.")
  private boolean[] verbose = {};

  @Option(
      names = "--no-progress",
      scope = ScopeType.INHERIT,
      description = "No progress bar on a terminal.")
  private boolean noProgress;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  private boolean version;

  @Spec private CommandSpec spec;

  private final Output output;

  Root(Output output) {
    this.output = output;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command named");
  }

  /** Puts the options that concern what is said into force; called before any command runs. */
  void prepare() {
    output.json(json);
    output.traces(verbose.length > 1);
    Logging.configure(verbose.length);
  }

  Output output() {
    return output;
  }

  boolean showsProgress() {
    return output.isTerminal() && !noProgress;
  }

  /**
   * Opens the store of a URI.
   *
   * @param jobs objects that will be in flight at a time; more requests than usual are allowed at a
   *     time if that takes it
   * @return the store, which the caller closes
   * @throws IOException if it cannot be opened; a usage error where arguments or settings are wrong
   */
  ObjectStore open(ObjectUri uri, int jobs) throws IOException {
    return open(uri, jobs, RequestListener.NONE);
  }

  ObjectStore open(ObjectUri uri, int jobs, RequestListener listener) throws IOException {
    try {
      return ObjectStores.open(uri, config(jobs), listener);
    } catch (ObjectStoreException e) {
      switch (e.kind()) {
        case INVALID:
        case UNSUPPORTED:
          throw CommandException.usage(e);
        default:
          throw e;
      }
    }
  }

  /** The settings of options, then of the environment. */
  StoreConfig config(int jobs) throws IOException {
    Map<String, String> named = named();
    StoreConfig config = StoreConfig.defaults();
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

  private Map<String, String> named() throws IOException {
    Map<String, String> named = new LinkedHashMap<>();
    if (endpointUrl != null) {
      named.put("s3.endpoint", endpointUrl);
    }
    if (region != null) {
      named.put("s3.region", region);
    }
    if (profile != null) {
      named.put("s3.profile", profile);
    }
    if (noSignRequest) {
      named.put("s3.anonymous", "true");
    }
    if (caBundle != null) {
      named.put("s3.ca-bundle", caBundle);
    }
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      refuseSecret(setting.getKey());
      named.put(setting.getKey(), setting.getValue());
    }
    return named;
  }

  /** A command line is there for every user of the machine to see. */
  private static void refuseSecret(String name) throws IOException {
    for (ConfigKey<?> key : ObjectStores.knownKeys()) {
      if (key.name().equals(name) && key.secret()) {
        throw CommandException.usage(
            name + " is a secret, and others see the command line; set " + key.variable());
      }
    }
  }
}
