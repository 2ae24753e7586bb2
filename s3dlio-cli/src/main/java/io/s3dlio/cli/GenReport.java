package io.s3dlio.cli;

import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectUri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code gen --report}: what the data in a file or an object is like. */
final class GenReport {

  private GenReport() {}

  /**
   * Reads all of it and says.
   *
   * @param what a path of this machine, or the URI of an object
   * @param block a size of blocks to count beside the usual ones, in bytes
   */
  static void show(Root root, String what, int block) throws IOException {
    if (what.contains("://")) {
      ObjectUri uri = uri(what);
      Arguments.requireObject(uri);
      try (ObjectStore store = root.open(uri, 1)) {
        show(root.output(), uri.toString(), store.source(uri), block);
      }
    } else {
      Path path = Arguments.path(what);
      // Of a device or a pipe the system does not tell the size.
      if (Files.exists(path) && !Files.isRegularFile(path)) {
        throw CommandException.failed(what + " is not a regular file; only those are read");
      }
      try (ByteSources.FileSource file = ByteSources.file(path)) {
        show(root.output(), what, file, block);
      }
    }
  }

  private static void show(Output output, String name, ByteSource data, int block)
      throws IOException {
    DataReport report = DataScan.of(data, block);
    if (output.isJson()) {
      output.json(json -> report.write(json, name));
      return;
    }
    for (String line : report.lines(name)) {
      output.line(line);
    }
  }

  private static ObjectUri uri(String text) throws CommandException {
    try {
      return ObjectUri.parse(text);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
  }
}
