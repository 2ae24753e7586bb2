package io.s3dlio.cli;

import io.s3dlio.CommonPrefix;
import io.s3dlio.ListEntry;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectUri;
import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ls}. */
@Command(
    name = "ls",
    description = {"Lists objects.", ""},
    customSynopsis = "s3dlio ls [-r] [-l] [--start-after KEY] [--limit N] URI",
    footer = {
      "",
      "Lists one level, as a directory would be: what lies deeper is shown as a prefix with a / at its",
      "end. URI is a prefix taken as text: s3://b/log finds s3://b/log/ and s3://b/log-1. If all that",
      "it finds is one level with a / behind URI, that level is listed; a URI with a / at its end is",
      "always meant so. Keys come in the order of their bytes in UTF-8.",
      "",
      "With --json: {\"uri\",\"key\",\"size\",\"lastModified\",\"etag\"}; for a prefix",
      "{\"uri\",\"key\",\"prefix\":true}. Without it, characters that steer a terminal are shown as \\x1b.",
      "",
      "Examples:",
      "  s3dlio ls -l file:///data/",
      "  s3dlio ls -r --json --start-after train/0042 s3://bucket/train/"
    })
final class ListCommand implements Callable<Integer> {

  @ParentCommand private Root root;

  @Option(names = "-r", description = "All levels below.")
  private boolean recursive;

  @Option(names = "-l", description = "Size in bytes and time of the last change, too.")
  private boolean detailed;

  @Option(
      names = "--start-after",
      paramLabel = "KEY",
      description = "Only keys after this one; a whole key, not one relative to URI.")
  private String startAfter;

  @Option(names = "--limit", paramLabel = "N", description = "At most so many entries.")
  private Long limit;

  @Parameters(paramLabel = "URI", description = "The prefix.")
  private ObjectUri uri;

  @Override
  public Integer call() throws IOException {
    Arguments.requireBucket(uri);
    if (limit != null && limit < 1) {
      throw CommandException.usage("--limit is 1 or more: " + limit);
    }
    try (ObjectStore store = root.open(uri, 1)) {
      if (!isLevel(store)) {
        write(store, uri);
      } else {
        write(store, uri.withKey(uri.key() + "/"));
      }
    }
    return ExitStatus.DONE;
  }

  /** Whether URI is what one level is called, without its {@code /}, and nothing else. */
  private boolean isLevel(ObjectStore store) {
    if (recursive || uri.key().isEmpty() || uri.key().endsWith("/")) {
      return false;
    }
    try (Stream<ListEntry> found = store.list(uri, ListOptions.ONE_LEVEL.withLimit(2))) {
      Iterator<ListEntry> entries = found.iterator();
      return entries.hasNext()
          && entries.next() instanceof CommonPrefix level
          && level.uri().key().equals(uri.key() + "/")
          && !entries.hasNext();
    }
  }

  private void write(ObjectStore store, ObjectUri prefix) throws IOException {
    ListOptions options = recursive ? ListOptions.ALL : ListOptions.ONE_LEVEL;
    if (startAfter != null) {
      options = options.withStartAfter(startAfter);
    }
    if (limit != null) {
      options = options.withLimit(limit);
    }
    Entries entries = new Entries(root.output(), detailed);
    try (Stream<ListEntry> found = store.list(prefix, options)) {
      for (Iterator<ListEntry> i = found.iterator(); i.hasNext(); ) {
        entries.write(i.next());
      }
    }
  }
}
