package io.s3dlio.cli;

import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectUri;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code stat}. */
@Command(
    name = "stat",
    description = {"Shows what a store keeps about an object.", ""},
    customSynopsis = "s3dlio stat URI",
    footer = {
      "",
      "With --json: {\"uri\",\"key\",\"size\",\"lastModified\",\"etag\",\"contentType\",\"crc32c\",",
      "\"userMetadata\"}; null for what the store does not keep.",
      "",
      "Example:",
      "  s3dlio stat s3://bucket/data/object_000_of_100.dat"
    })
final class StatCommand implements Callable<Integer> {

  @ParentCommand private Root root;

  @Parameters(paramLabel = "URI", description = "The object.")
  private ObjectUri uri;

  @Override
  public Integer call() throws IOException {
    Arguments.requireObject(uri);
    try (ObjectStore store = root.open(uri, 1)) {
      ObjectMeta meta = store.head(uri);
      Map<String, String> user = new TreeMap<>(meta.userMetadata());
      if (root.output().isJson()) {
        writeJson(meta, user);
      } else {
        writeLines(meta, user);
      }
    }
    return ExitStatus.DONE;
  }

  private void writeJson(ObjectMeta meta, Map<String, String> user) throws IOException {
    root.output()
        .json(
            json -> {
              json.writeStringField("uri", meta.uri().toString());
              json.writeStringField("key", meta.uri().key());
              json.writeNumberField("size", meta.size());
              json.writeStringField("lastModified", meta.lastModified().toString());
              json.writeStringField("etag", meta.etag().orElse(null));
              json.writeStringField("contentType", meta.contentType().orElse(null));
              json.writeStringField("crc32c", meta.crc32c().map(StatCommand::hex).orElse(null));
              json.writeObjectFieldStart("userMetadata");
              for (Map.Entry<String, String> entry : user.entrySet()) {
                json.writeStringField(entry.getKey(), entry.getValue());
              }
              json.writeEndObject();
            });
  }

  private void writeLines(ObjectMeta meta, Map<String, String> user) throws IOException {
    line("uri", meta.uri());
    line("size", meta.size() + " (" + Units.bytes(meta.size()) + ")");
    line("last modified", meta.lastModified());
    line("etag", meta.etag().orElse("-"));
    line("content type", meta.contentType().orElse("-"));
    line("crc32c", meta.crc32c().map(StatCommand::hex).orElse("-"));
    for (Map.Entry<String, String> entry : user.entrySet()) {
      line("metadata " + entry.getKey(), entry.getValue());
    }
  }

  private void line(String name, Object value) throws IOException {
    root.output().line(String.format("%-15s %s", name + ":", value));
  }

  private static String hex(int crc) {
    return String.format("%08x", crc);
  }
}
