package io.s3dlio.cli;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectUri;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code rb}. */
@Command(
    name = "rb",
    description = {"Removes a bucket that is empty; on file:// a directory.", ""},
    customSynopsis = "s3dlio rb URI",
    footer = {
      "",
      "With --json: {\"operation\":\"rb\",\"uri\"}.",
      "",
      "Example:",
      "  s3dlio rm -r s3://bucket/ && s3dlio rb s3://bucket"
    })
final class RemoveBucketCommand implements Callable<Integer> {

  @ParentCommand private Root root;

  @Parameters(paramLabel = "URI", description = "The bucket or directory.")
  private ObjectUri uri;

  @Override
  public Integer call() throws IOException {
    Arguments.requireBucketAlone(uri);
    try (ObjectStore store = root.open(uri, 1)) {
      store.deleteBucket(uri);
    }
    BucketsCommand.report(root.output(), "rb", "removed", uri);
    return ExitStatus.DONE;
  }
}
