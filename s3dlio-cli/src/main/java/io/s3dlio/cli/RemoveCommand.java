package io.s3dlio.cli;

import io.s3dlio.BulkDeleteException;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code rm}. */
@Command(
    name = "rm",
    description = {"Deletes objects. It does not ask.", ""},
    customSynopsis = {"s3dlio rm [-r] [-n] URI", "       s3dlio rm --unfinished [-n] URI"},
    footer = {
      "",
      "Without -r, the object that URI names; that there is none is a failure. With -r, that object, if",
      "there is one, and all below URI/: s3://bucket/run1 does not mean s3://bucket/run10. A URI without",
      "a key, such as s3://bucket, means all objects of the bucket; file:/// is refused. That there are",
      "none is no failure with -r. On file:// directories stay; `s3dlio rb` removes empty ones.",
      "",
      "With --unfinished, no object, but what writes that have not ended have left below URI/: parts of",
      "large objects, temporary files on file://. They are in no listing, and cost money until they go.",
      "A write that somebody is still at fails then: for places where nobody writes. MinIO tells only of",
      "what was begun since it was started; az:// has no way but to make the object, empty, and delete it.",
      "",
      "With --json: {\"operation\":\"rm\",\"objects\",\"failed\"}; with -n, the objects as ls has them; with",
      "--unfinished -n, {\"uri\",\"key\"}.",
      "",
      "Examples:",
      "  s3dlio rm s3://bucket/data/part-7",
      "  s3dlio rm -r -n s3://bucket/data/     what would be deleted",
      "  s3dlio rm -r s3://bucket/data/",
      "  s3dlio rm --unfinished s3://bucket/run-7/"
    })
final class RemoveCommand implements Callable<Integer> {

  /** What S3 deletes with one request. */
  private static final int BATCH = 1000;

  @ParentCommand private Root root;

  @Option(names = "-r", description = "All objects below URI too.")
  private boolean recursive;

  @Option(names = "-n", description = "Dry run: only list what would be deleted.")
  private boolean dryRun;

  @Option(
      names = "--unfinished",
      description = "What writes that have not ended have left below URI, instead of objects.")
  private boolean unfinished;

  @Parameters(paramLabel = "URI", description = "The object, or what it lies below.")
  private ObjectUri uri;

  private long deleted;
  private long failed;

  @Override
  public Integer call() throws IOException {
    if (unfinished && recursive) {
      throw CommandException.usage("--unfinished is about all below URI already; leave out -r");
    }
    if (!recursive && !unfinished) {
      Arguments.requireObject(uri);
    }
    Arguments.requireBucket(uri);
    if (uri.bucket().isEmpty() && uri.key().isEmpty()) {
      throw CommandException.usage(uri + " is all files of this machine; name a directory");
    }
    try (ObjectStore store = root.open(uri, 1)) {
      if (unfinished) {
        return unfinished(store);
      }
      if (dryRun) {
        return list(store);
      }
      if (recursive) {
        removeTree(store);
      } else {
        store.head(uri);
        remove(store, List.of(uri));
      }
    }
    report();
    return failed == 0 ? ExitStatus.DONE : ExitStatus.FAILED;
  }

  private int unfinished(ObjectStore store) throws IOException {
    ObjectUri root = Tree.root(uri);
    if (!dryRun) {
      deleted = store.abortUnfinished(root);
      report();
      return ExitStatus.DONE;
    }
    for (ObjectUri left : store.unfinished(root)) {
      Output output = this.root.output();
      if (output.isJson()) {
        output.json(
            json -> {
              json.writeStringField("uri", left.toString());
              json.writeStringField("key", left.key());
            });
      } else {
        output.line(left.toString());
      }
    }
    return ExitStatus.DONE;
  }

  private int list(ObjectStore store) throws IOException {
    Entries entries = new Entries(root.output(), false);
    if (!recursive) {
      entries.write(store.head(uri));
      return ExitStatus.DONE;
    }
    try (Stream<ObjectMeta> objects = Tree.list(store, uri)) {
      for (Iterator<ObjectMeta> i = objects.iterator(); i.hasNext(); ) {
        entries.write(i.next());
      }
    }
    return ExitStatus.DONE;
  }

  /** Some stores list {@code a/b} only when there is no {@code a} any more: looks again. */
  private void removeTree(ObjectStore store) throws IOException {
    long before;
    do {
      before = deleted;
      try (Stream<ObjectMeta> objects = Tree.list(store, uri)) {
        List<ObjectUri> batch = new ArrayList<>(BATCH);
        for (Iterator<ObjectMeta> i = objects.iterator(); i.hasNext(); ) {
          batch.add(i.next().uri());
          if (batch.size() == BATCH || !i.hasNext()) {
            remove(store, batch);
            batch.clear();
          }
        }
      }
    } while (deleted > before && failed == 0);
  }

  private void remove(ObjectStore store, List<ObjectUri> batch) throws IOException {
    int lost = 0;
    try {
      store.deleteAll(batch);
    } catch (BulkDeleteException e) {
      lost = e.failures().size();
      for (ObjectStoreException failure : e.failures().values()) {
        root.output().failure(failure);
      }
    }
    failed += lost;
    deleted += batch.size() - lost;
  }

  private void report() throws IOException {
    if (root.output().isJson()) {
      root.output()
          .json(
              json -> {
                json.writeStringField("operation", "rm");
                json.writeNumberField("objects", deleted);
                json.writeNumberField("failed", failed);
              });
    } else {
      String missed = failed > 0 ? "; " + failed + " failed" : "";
      String what = unfinished ? "unfinished write" : "object";
      root.output().line("deleted " + Units.count(deleted, what) + missed);
    }
  }
}
