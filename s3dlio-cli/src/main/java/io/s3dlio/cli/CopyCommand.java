package io.s3dlio.cli;

import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectSource;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectUri;
import io.s3dlio.ProgressListener;
import io.s3dlio.PutOptions;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code cp}. */
@Command(
    name = "cp",
    description = {"Copies an object, within a store or from one to another.", ""},
    customSynopsis = "s3dlio cp SRC DST",
    footer = {
      "",
      "Overwrites DST. If DST ends with / or is a bucket, the copy keeps the name of SRC. Content type",
      "and user metadata are copied where the store keeps them. Within one store the store itself copies;",
      "from one to another the bytes go through this machine in parts and are never kept as a whole. A",
      "local file is file:///absolute/path.",
      "",
      "Examples:",
      "  s3dlio cp s3://bucket/a s3://other/b",
      "  s3dlio cp file:///etc/hosts s3://bucket/etc/"
    })
final class CopyCommand implements Callable<Integer> {

  @ParentCommand private Root root;

  @Parameters(index = "0", paramLabel = "SRC", description = "The object.")
  private ObjectUri from;

  @Parameters(index = "1", paramLabel = "DST", description = "Where to.")
  private ObjectUri destination;

  @Override
  public Integer call() throws IOException {
    Arguments.requireObject(from);
    Arguments.requireBucket(destination);
    boolean below = destination.key().isEmpty() || destination.key().endsWith("/");
    ObjectUri to = below ? destination.resolve(from.name()) : destination;
    Arguments.requireObject(to);
    if (from.equals(to)) {
      throw CommandException.usage("SRC and DST are one object: " + from);
    }
    try (ObjectStore source = root.open(from, 1);
        ObjectStore target = isSameStore(from, to) ? null : root.open(to, 1);
        Transfer transfer = new Transfer(root, "cp", 1, OptionalLong.empty())) {
      transfer.<ObjectUri>run(
          List.of(to).iterator(),
          (uri, progress) ->
              target == null ? copyWithin(source, uri) : copy(source, target, uri, progress));
      return transfer.finish();
    }
  }

  private long copyWithin(ObjectStore store, ObjectUri to) throws IOException {
    long size = store.head(from).size();
    store.copy(from, to);
    return size;
  }

  private long copy(ObjectStore source, ObjectStore target, ObjectUri to, ProgressListener progress)
      throws IOException {
    ObjectSource object = source.source(from);
    ObjectMeta meta = object.meta();
    PutOptions options = PutOptions.DEFAULT.withProgress(progress);
    if (target.capabilities().userMetadata()) {
      options = options.withUserMetadata(meta.userMetadata());
      options = meta.contentType().map(options::withContentType).orElse(options);
    }
    target.put(to, object, options);
    return object.size();
  }

  private static boolean isSameStore(ObjectUri a, ObjectUri b) {
    return a.scheme().equals(b.scheme()) && endpoint(a).equals(endpoint(b));
  }

  /** The part of a URI that names the endpoint; empty if none does. */
  private static String endpoint(ObjectUri uri) {
    int slash = uri.bucket().indexOf('/');
    return slash < 0 ? "" : uri.bucket().substring(0, slash);
  }
}
