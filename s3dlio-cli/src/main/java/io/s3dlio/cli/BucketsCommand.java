package io.s3dlio.cli;

import io.s3dlio.BucketInfo;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectUri;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code buckets}. */
@Command(
    name = "buckets",
    description = {"Lists buckets; on file:// the directories in a directory.", ""},
    customSynopsis = "s3dlio buckets URI",
    footer = {
      "",
      "With --json: {\"uri\",\"created\"}; created is null where the store does not say.",
      "",
      "Examples:",
      "  s3dlio buckets s3://",
      "  s3dlio buckets file:///data/"
    })
final class BucketsCommand implements Callable<Integer> {

  @ParentCommand private Root root;

  @Parameters(paramLabel = "URI", description = "The store, such as s3://.")
  private ObjectUri uri;

  @Override
  public Integer call() throws IOException {
    try (ObjectStore store = root.open(uri, 1)) {
      for (BucketInfo bucket : store.listBuckets(uri)) {
        write(bucket);
      }
    }
    return ExitStatus.DONE;
  }

  private void write(BucketInfo bucket) throws IOException {
    String created = bucket.created().map(Instant::toString).orElse(null);
    if (root.output().isJson()) {
      root.output()
          .json(
              json -> {
                json.writeStringField("uri", bucket.uri().toString());
                json.writeStringField("created", created);
              });
    } else {
      root.output().line(bucket.uri().toString());
    }
  }

  /** Says what became of a bucket. */
  static void report(Output output, String operation, String done, ObjectUri uri)
      throws IOException {
    if (output.isJson()) {
      output.json(
          json -> {
            json.writeStringField("operation", operation);
            json.writeStringField("uri", uri.toString());
          });
    } else {
      output.line(done + " " + uri);
    }
  }
}
