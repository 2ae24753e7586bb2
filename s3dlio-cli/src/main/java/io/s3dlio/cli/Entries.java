package io.s3dlio.cli;

import io.s3dlio.ListEntry;
import io.s3dlio.ObjectMeta;
import java.io.IOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Entries of a listing, line by line. */
final class Entries {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

  private final Output output;
  private final boolean detailed;

  Entries(Output output, boolean detailed) {
    this.output = output;
    this.detailed = detailed;
  }

  /**
   * {@code {"uri","key","size","lastModified","etag"}}; of a prefix {@code {"uri","key","prefix"}}.
   */
  void write(ListEntry entry) throws IOException {
    if (output.isJson()) {
      output.json(
          json -> {
            json.writeStringField("uri", entry.uri().toString());
            json.writeStringField("key", entry.uri().key());
            if (entry instanceof ObjectMeta object) {
              json.writeNumberField("size", object.size());
              json.writeStringField("lastModified", object.lastModified().toString());
              json.writeStringField("etag", object.etag().orElse(null));
            } else {
              json.writeBooleanField("prefix", true);
            }
          });
    } else if (!detailed) {
      output.line(entry.uri().toString());
    } else if (entry instanceof ObjectMeta object) {
      String time = TIME.format(object.lastModified());
      output.line(String.format("%15d  %s  %s", object.size(), time, entry.uri()));
    } else {
      output.line(String.format("%15s  %20s  %s", "-", "-", entry.uri()));
    }
  }
}
