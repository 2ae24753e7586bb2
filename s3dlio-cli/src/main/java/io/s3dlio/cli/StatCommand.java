package io.s3dlio.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectUri;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code stat}. */
@Command(
    name = "stat",
    description = {"Shows what a store keeps about an object.", ""},
    customSynopsis = "s3dlio stat URI [--version-id ID] [--tags]",
    footer = {
      "",
      "With --json: {\"uri\",\"key\",\"size\",\"lastModified\",\"etag\",\"contentType\",\"crc32c\",",
      "\"version\",\"storageClass\",\"userMetadata\"}, with --tags also \"tags\"; null for what the store",
      "does not keep, or for the usual storage class.",
      "",
      "Example:",
      "  s3dlio stat s3://bucket/data/object_000_of_100.dat"
    })
final class StatCommand implements Callable<Integer> {

  @ParentCommand private Root root;

  @Mixin private VersionOption version;

  @Option(names = "--tags", description = "Show its tags, too, which takes a request more.")
  private boolean withTags;

  @Parameters(paramLabel = "URI", description = "The object.")
  private ObjectUri uri;

  @Override
  public Integer call() throws IOException {
    Arguments.requireObject(uri);
    if (withTags && version.isGiven()) {
      throw CommandException.usage("--tags shows those of the latest version; leave one out");
    }
    try (ObjectStore store = root.open(uri, 1)) {
      ObjectMeta meta = version.head(store, uri);
      Map<String, String> user = new TreeMap<>(meta.userMetadata());
      Map<String, String> tags = withTags ? new TreeMap<>(store.tags(uri)) : Map.of();
      if (root.output().isJson()) {
        writeJson(meta, user, tags);
      } else {
        writeLines(meta, user, tags);
      }
    }
    return ExitStatus.DONE;
  }

  private void writeJson(ObjectMeta meta, Map<String, String> user, Map<String, String> tags)
      throws IOException {
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
              json.writeStringField("version", meta.version().orElse(null));
              json.writeStringField("storageClass", meta.storageClass().orElse(null));
              writeObject(json, "userMetadata", user);
              if (withTags) {
                writeObject(json, "tags", tags);
              }
            });
  }

  private static void writeObject(JsonGenerator json, String name, Map<String, String> entries)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, String> entry : entries.entrySet()) {
      json.writeStringField(entry.getKey(), entry.getValue());
    }
    json.writeEndObject();
  }

  private void writeLines(ObjectMeta meta, Map<String, String> user, Map<String, String> tags)
      throws IOException {
    line("uri", meta.uri());
    line("size", meta.size() + " (" + Units.bytes(meta.size()) + ")");
    line("last modified", meta.lastModified());
    line("etag", meta.etag().orElse("-"));
    line("content type", meta.contentType().orElse("-"));
    line("crc32c", meta.crc32c().map(StatCommand::hex).orElse("-"));
    if (meta.version().isPresent()) {
      line("version", meta.version().get());
    }
    if (meta.storageClass().isPresent()) {
      line("storage class", meta.storageClass().get());
    }
    for (Map.Entry<String, String> entry : user.entrySet()) {
      line("metadata " + entry.getKey(), entry.getValue());
    }
    for (Map.Entry<String, String> entry : tags.entrySet()) {
      line("tag " + entry.getKey(), entry.getValue());
    }
  }

  private void line(String name, Object value) throws IOException {
    root.output().line(String.format("%-15s %s", name + ":", value));
  }

  private static String hex(int crc) {
    return String.format("%08x", crc);
  }
}
