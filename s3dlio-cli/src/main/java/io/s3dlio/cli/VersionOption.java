package io.s3dlio.cli;

import io.s3dlio.GetOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectSource;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectUri;
import java.io.IOException;
import picocli.CommandLine.Option;

/** Which version of an object is read. */
final class VersionOption {

  @Option(
      names = "--version-id",
      paramLabel = "ID",
      description = "This version of the object, as stat told it, and not the latest.")
  private String id;

  boolean isGiven() {
    return id != null;
  }

  ObjectMeta head(ObjectStore store, ObjectUri uri) throws IOException {
    return id == null ? store.head(uri) : store.head(uri, id);
  }

  ObjectSource source(ObjectStore store, ObjectUri uri) throws IOException {
    return id == null ? store.source(uri) : store.source(uri, id);
  }

  GetOptions with(GetOptions options) {
    return id == null ? options : options.withVersion(id);
  }
}
