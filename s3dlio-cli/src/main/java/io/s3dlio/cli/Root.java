package io.s3dlio.cli;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
      "direct:///absolute/path is file:// past the page cache (O_DIRECT);",
      "s3://host:port/bucket/key names the endpoint too. Settings can also be given in the",
      "environment: S3DLIO_PART_SIZE=32MiB is --set part-size=32MiB.",
      "",
      "Sizes: 8K is 8,000 bytes, 8KiB is 8,192.",
      "Exit status: 0 done, 1 something failed, 2 bad usage or configuration,",
      "3 data read is not the data written.",
      "",
      "Examples:",
      "  s3dlio demo",
      "  s3dlio put s3://bucket/data/ -n 1000 -s 8MiB",
      "  s3dlio get -r --verify s3://bucket/data/",
      "  s3dlio COMMAND --help"
    },
    versionProvider = Version.class)
final class Root implements Runnable {

  @Mixin private StoreOptions stores;

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
  @SuppressWarnings("UnusedVariable") // its option is what counts
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  @SuppressWarnings("UnusedVariable")
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
    Logging.configure(verbose.length, output);
  }

  Output output() {
    return output;
  }

  /** The options that another command needs to do its work in the same way. */
  List<String> optionsForOthers() {
    List<String> options = new ArrayList<>(stores.asArguments());
    options.addAll(Collections.nCopies(verbose.length, "-v"));
    if (json) {
      options.add("--json");
    }
    return options;
  }

  StoreOptions stores() {
    return stores;
  }

  boolean isVerbose() {
    return verbose.length > 0;
  }

  boolean showsProgress() {
    return output.isTerminal() && !noProgress;
  }

  /**
   * Opens the store of a URI.
   *
   * @param jobs objects that will be in flight at a time
   * @return the store, which the caller closes
   * @throws IOException if it cannot be opened; a usage error where arguments or settings are wrong
   */
  ObjectStore open(ObjectUri uri, int jobs) throws IOException {
    return open(uri, jobs, RequestListener.NONE);
  }

  ObjectStore open(ObjectUri uri, int jobs, RequestListener listener) throws IOException {
    try {
      return ObjectStores.open(uri, stores.config(jobs), listener);
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
}
