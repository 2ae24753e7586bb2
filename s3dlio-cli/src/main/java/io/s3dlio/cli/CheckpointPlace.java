package io.s3dlio.cli;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectUri;
import io.s3dlio.checkpoint.Checkpoint;
import io.s3dlio.checkpoint.CheckpointOptions;
import io.s3dlio.checkpoint.CheckpointReader;
import io.s3dlio.checkpoint.CheckpointStore;
import java.io.IOException;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The argument and the option that all commands for checkpoints have: where, and by whom. */
final class CheckpointPlace {

  @Parameters(index = "0", paramLabel = "BASE", description = "What the checkpoints lie below.")
  private ObjectUri base;

  @Option(
      names = "--single-writer",
      description =
          "Nobody else writes below BASE meanwhile: takes a store, too, that cannot create an object"
              + " only where there is none.")
  private boolean singleWriter;

  /** An open history, and the store that it lies in. */
  record Opened(ObjectStore store, ObjectUri base, CheckpointStore history)
      implements AutoCloseable {

    /**
     * The checkpoint of a step, or the newest.
     *
     * @param step null for the newest
     */
    Checkpoint checkpoint(Long step) throws IOException {
      CheckpointReader reader = history.reader();
      if (step != null) {
        return reader.at(step);
      }
      return reader
          .latest()
          .orElseThrow(
              () ->
                  CommandException.failed(
                      "there is no checkpoint below "
                          + base
                          + "; `s3dlio ckpt save` makes one, if this is the right place"));
    }

    @Override
    public void close() throws IOException {
      try (store) {
        history.close();
      }
    }
  }

  ObjectUri base() {
    return base;
  }

  /**
   * Opens it.
   *
   * @param jobs shards that will be in flight at a time
   */
  Opened open(Root root, int jobs) throws IOException {
    return open(root, base, jobs);
  }

  /** Opens another place in the same way. */
  Opened open(Root root, ObjectUri base, int jobs) throws IOException {
    Arguments.requireBucket(base);
    ObjectStore store = root.open(base, jobs);
    CheckpointOptions options = CheckpointOptions.DEFAULT;
    return new Opened(
        store,
        base,
        CheckpointStore.over(store, base, singleWriter ? options.withSingleWriter() : options));
  }
}
