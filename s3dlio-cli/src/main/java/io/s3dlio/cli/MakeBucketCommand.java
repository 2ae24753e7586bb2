package io.s3dlio.cli;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectUri;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code mb}. */
@Command(
    name = "mb",
    description = {"Makes a bucket; on file:// a directory.", ""},
    customSynopsis = "s3dlio mb URI",
    footer = {
      "",
      "With --json: {\"operation\":\"mb\",\"uri\"}.",
      "",
      "Example:",
      "  s3dlio mb s3://bucket"
    })
final class MakeBucketCommand implements Callable<Integer> {

  @ParentCommand private Root root;

  @Parameters(paramLabel = "URI", description = "The bucket or directory.")
  private ObjectUri uri;

  @Override
  public Integer call() throws IOException {
    Arguments.requireBucketAlone(uri);
    try (ObjectStore store = root.open(uri, 1)) {
      store.createBucket(uri);
    }
    BucketsCommand.report(root.output(), "mb", "made", uri);
    return ExitStatus.DONE;
  }
}
