package io.s3dlio.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * Records as the log holds them: a line of JSON, and a line with its SHA-256, by which a record
 * that was not written to its end is known. The fields have one order, so that the same record is
 * always the same bytes.
 */
final class RecordText {

  /** What is longer is not written, nor read; a record of ten thousand checkpoints has 3 MB. */
  static final int LIMIT = 16 << 20;

  private static final int VERSION = 1;
  private static final int HASH = 64;

  private RecordText() {}

  static byte[] encode(LogRecord record) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JsonFields.SHORT_TEXTS.createGenerator(out)) {
      json.writeStartObject();
      json.writeNumberField("version", VERSION);
      json.writeNumberField("slot", record.slot());
      json.writeStringField("type", type(record.change()));
      json.writeStringField("attempt", record.change().attempt().toString());
      if (record.change() instanceof Change.Commit commit) {
        content(json, commit);
      }
      json.writeStringField("previous", record.previous());
      json.writeArrayFieldStart("live");
      for (Ledger.Live live : record.ledger().live()) {
        json.writeStartObject();
        json.writeNumberField("slot", live.slot());
        json.writeStringField("attempt", live.commit().attempt().toString());
        content(json, live.commit());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("memory takes all bytes", e);
    }
    out.write('\n');
    byte[] line = out.toByteArray();
    out.writeBytes((Sha256.of(line) + "\n").getBytes(UTF_8));
    return out.toByteArray();
  }

  private static String type(Change change) {
    return change.getClass().getSimpleName().toUpperCase(Locale.ROOT);
  }

  private static void content(JsonGenerator json, Change.Commit commit) throws IOException {
    json.writeNumberField("step", commit.step());
    json.writeStringField("manifest", commit.manifestSha256());
    json.writeArrayFieldStart("bases");
    for (UUID base : commit.bases()) {
      json.writeString(base.toString());
    }
    json.writeEndArray();
    json.writeStringField("committed", commit.summary().committed().toString());
    json.writeNumberField("worldSize", commit.summary().worldSize());
    json.writeNumberField("tensors", commit.summary().tensors());
    json.writeNumberField("bytes", commit.summary().bytes());
  }

  /** The SHA-256 of a record, as the next one names it. */
  static String hash(LogRecord record) {
    return hash(encode(record));
  }

  private static String hash(byte[] text) {
    return new String(text, text.length - HASH - 1, HASH, UTF_8);
  }

  /**
   * Reads a record.
   *
   * @throws IOException if it is not whole, or not one of ours
   */
  static LogRecord decode(byte[] text) throws IOException {
    int line = text.length - HASH - 1;
    if (line < 1 || text.length > LIMIT || text[text.length - 1] != '\n') {
      throw new IOException("it is no record, or a part of one");
    }
    if (!Sha256.of(text, line).equals(hash(text))) {
      throw new IOException("its SHA-256 is another one");
    }
    LogRecord record;
    try (JsonFields json = new JsonFields(JsonFields.SHORT_TEXTS, text, line)) {
      record = record(json);
      json.end();
    }
    if (!Arrays.equals(encode(record), text)) {
      throw new IOException("it is not written as records are");
    }
    return record;
  }

  private static LogRecord record(JsonFields json) throws IOException {
    json.object();
    if (json.number("version") != VERSION) {
      throw new IOException("it is of a later version of s3dlio");
    }
    long slot = json.number("slot");
    String type = json.text("type");
    UUID attempt = json.uuid("attempt");
    Change change =
        switch (type) {
          case "COMMIT" -> commit(json, attempt);
          case "ABORT" -> new Change.Abort(attempt);
          case "RETIRE" -> new Change.Retire(attempt);
          case "ROLLBACK" -> new Change.Rollback(attempt);
          default -> throw new IOException("it is of an unknown type");
        };
    String previous = json.text("previous");
    if (!previous.isEmpty() && !Sha256.isOne(previous)) {
      throw new IOException("'previous' is no SHA-256");
    }
    List<Ledger.Live> live = new ArrayList<>();
    json.array("live");
    while (json.anotherObject()) {
      long at = json.number("slot");
      live.add(new Ledger.Live(commit(json, json.uuid("attempt")), at));
      json.endObject();
    }
    json.endObject();
    return new LogRecord(slot, change, previous, new Ledger(live));
  }

  private static Change.Commit commit(JsonFields json, UUID attempt) throws IOException {
    long step = json.number("step");
    String manifest = json.sha256("manifest");
    List<UUID> bases = new ArrayList<>();
    json.array("bases");
    while (json.anotherText()) {
      bases.add(JsonFields.uuidOf(json.text()));
    }
    Instant committed = instant(json.text("committed"));
    Summary summary =
        new Summary(
            committed, json.integer("worldSize"), json.integer("tensors"), json.number("bytes"));
    return new Change.Commit(attempt, step, manifest, bases, summary);
  }

  private static Instant instant(String text) throws IOException {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new IOException("'" + text + "' is no time", e);
    }
  }
}
