package io.s3dlio.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/**
 * Records as the log holds them: a line of JSON, and a line with its SHA-256, by which a record
 * that was not written to its end is known. The fields have one order, so that the same record is
 * always the same bytes.
 */
final class RecordText {

  /** More than any record has; one of ten thousand checkpoints has 2 MB. */
  static final int LIMIT = 16 << 20;

  private static final int VERSION = 1;
  private static final int HASH = 64;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(8)
                  .maxStringLength(256)
                  .maxNameLength(64)
                  .maxNumberLength(20)
                  .maxDocumentLength(LIMIT)
                  .build())
          .build();

  private RecordText() {}

  static byte[] encode(LogRecord record) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
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
    out.writeBytes((sha256(line, line.length) + "\n").getBytes(UTF_8));
    return out.toByteArray();
  }

  private static String type(Change change) {
    return change.getClass().getSimpleName().toUpperCase(java.util.Locale.ROOT);
  }

  private static void content(JsonGenerator json, Change.Commit commit) throws IOException {
    json.writeNumberField("step", commit.step());
    json.writeStringField("manifest", commit.manifestSha256());
    json.writeArrayFieldStart("bases");
    for (UUID base : commit.bases()) {
      json.writeString(base.toString());
    }
    json.writeEndArray();
  }

  /** The hash by which the next record names this one. */
  static String hash(LogRecord record) {
    return hash(encode(record));
  }

  private static String hash(byte[] text) {
    return new String(text, text.length - HASH - 1, HASH, UTF_8);
  }

  /**
   * Reads a record.
   *
   * @throws IOException if it is none, or was not written to its end
   */
  static LogRecord decode(byte[] text) throws IOException {
    int line = text.length - HASH - 1;
    if (line < 1 || text.length > LIMIT || text[text.length - 1] != '\n') {
      throw new IOException("it is no record, or a part of one");
    }
    if (!sha256(text, line).equals(hash(text))) {
      throw new IOException("its SHA-256 is another one");
    }
    LogRecord record;
    try (JsonParser json = JSON.createParser(text, 0, line)) {
      record = record(json);
      if (json.nextToken() != null) {
        throw new IOException("there is something behind it");
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
    if (!Arrays.equals(encode(record), text)) {
      throw new IOException("it is not written as records are");
    }
    return record;
  }

  private static LogRecord record(JsonParser json) throws IOException {
    expect(json, JsonToken.START_OBJECT);
    if (number(json, "version") != VERSION) {
      throw new IOException("it is of a later version of s3dlio");
    }
    long slot = number(json, "slot");
    String type = text(json, "type");
    UUID attempt = UUID.fromString(text(json, "attempt"));
    Change change =
        switch (type) {
          case "COMMIT" -> commit(json, attempt);
          case "ABORT" -> new Change.Abort(attempt);
          case "RETIRE" -> new Change.Retire(attempt);
          case "ROLLBACK" -> new Change.Rollback(attempt);
          default -> throw new IOException("it is of an unknown type");
        };
    String previous = text(json, "previous");
    List<Ledger.Live> live = new ArrayList<>();
    array(json, "live");
    while (json.nextToken() == JsonToken.START_OBJECT) {
      long at = number(json, "slot");
      live.add(new Ledger.Live(commit(json, UUID.fromString(text(json, "attempt"))), at));
      expect(json, JsonToken.END_OBJECT);
    }
    expect(json, JsonToken.END_OBJECT);
    return new LogRecord(slot, change, previous, new Ledger(live));
  }

  private static Change.Commit commit(JsonParser json, UUID attempt) throws IOException {
    long step = number(json, "step");
    String manifest = text(json, "manifest");
    List<UUID> bases = new ArrayList<>();
    array(json, "bases");
    while (json.nextToken() == JsonToken.VALUE_STRING) {
      bases.add(UUID.fromString(json.getText()));
    }
    return new Change.Commit(attempt, step, manifest, bases);
  }

  private static void expect(JsonParser json, JsonToken token) throws IOException {
    if (json.nextToken() != token) {
      throw new IOException("it does not have the fields of a record");
    }
  }

  private static void field(JsonParser json, String name) throws IOException {
    expect(json, JsonToken.FIELD_NAME);
    if (!json.currentName().equals(name)) {
      throw new IOException("it does not have the fields of a record");
    }
  }

  private static void array(JsonParser json, String name) throws IOException {
    field(json, name);
    expect(json, JsonToken.START_ARRAY);
  }

  private static String text(JsonParser json, String name) throws IOException {
    field(json, name);
    expect(json, JsonToken.VALUE_STRING);
    return json.getText();
  }

  private static long number(JsonParser json, String name) throws IOException {
    field(json, name);
    expect(json, JsonToken.VALUE_NUMBER_INT);
    return json.getLongValue();
  }

  private static String sha256(byte[] bytes, int length) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes, 0, length);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
