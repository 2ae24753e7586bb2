package io.s3dlio.checkpoint;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Manifests as JSON. The fields have one order. */
final class ManifestText {

  /** More than any manifest has: 100,000 ranks take 12 MB. */
  static final int LIMIT = 64 << 20;

  private static final int VERSION = 1;

  private ManifestText() {}

  static byte[] encode(Manifest manifest) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JsonFields.SHORT_TEXTS.createGenerator(out)) {
      json.writeStartObject();
      json.writeNumberField("version", VERSION);
      json.writeStringField("attempt", manifest.attempt().toString());
      json.writeArrayFieldStart("shards");
      for (Manifest.Shard shard : manifest.shards()) {
        json.writeStartObject();
        json.writeNumberField("bytes", shard.bytes());
        json.writeNumberField("description", shard.description());
        json.writeStringField("sha256", shard.sha256());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("memory takes all bytes", e);
    }
    return out.toByteArray();
  }

  static Manifest decode(byte[] text) throws IOException {
    try (JsonFields json = new JsonFields(JsonFields.SHORT_TEXTS, text, text.length)) {
      json.object();
      if (json.number("version") != VERSION) {
        throw new IOException("it is of a later version of s3dlio");
      }
      SaveAttempt attempt = SaveAttempt.parse(json.text("attempt"));
      List<Manifest.Shard> shards = new ArrayList<>();
      json.array("shards");
      while (json.anotherObject()) {
        if (shards.size() == attempt.worldSize()) {
          throw new IOException("there are more shards than ranks");
        }
        shards.add(
            new Manifest.Shard(
                json.number("bytes"), json.integer("description"), json.sha256("sha256")));
        json.endObject();
      }
      json.endObject();
      json.end();
      return new Manifest(attempt, shards);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
