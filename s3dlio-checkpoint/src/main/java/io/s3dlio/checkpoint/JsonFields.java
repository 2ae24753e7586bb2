package io.s3dlio.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.s3dlio.checkpoint.internal.Utf8Reader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Reads JSON whose fields come in one order, as ours do. Whatever is not as it was written is
 * refused: there is one text for one content, and no room for anything else.
 */
final class JsonFields implements AutoCloseable {

  private static final int MOST_NAME = 1 << 16;

  /** For texts of at most 256 characters, and for writing. */
  static final JsonFactory SHORT_TEXTS = factory(256);

  /** For texts as long as a description may have them. */
  static final JsonFactory LONG_TEXTS = factory(DescriptionText.LIMIT);

  private final JsonParser json;

  /** Over a text. */
  JsonFields(JsonFactory factory, byte[] bytes, int length) throws IOException {
    json = factory.createParser(new Utf8Reader(ByteBuffer.wrap(bytes, 0, length)));
  }

  /** Names are neither interned nor kept in a table: a description may have many of its own. */
  private static JsonFactory factory(int longest) {
    return JsonFactory.builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(8)
                .maxStringLength(longest)
                .maxNameLength(MOST_NAME)
                .maxNumberLength(20)
                .build())
        .build();
  }

  /** The next is an object. */
  void object() throws IOException {
    expect(JsonToken.START_OBJECT);
  }

  void object(String name) throws IOException {
    field(name);
    expect(JsonToken.START_OBJECT);
  }

  void endObject() throws IOException {
    expect(JsonToken.END_OBJECT);
  }

  void array(String name) throws IOException {
    field(name);
    expect(JsonToken.START_ARRAY);
  }

  /** Whether another object of an array begins; if not, the array has ended. */
  boolean anotherObject() throws IOException {
    return another(JsonToken.START_OBJECT, JsonToken.END_ARRAY);
  }

  /** Whether another text of an array is there; if not, the array has ended. */
  boolean anotherText() throws IOException {
    return another(JsonToken.VALUE_STRING, JsonToken.END_ARRAY);
  }

  /** Whether another number of an array is there; if not, the array has ended. */
  boolean anotherNumber() throws IOException {
    return another(JsonToken.VALUE_NUMBER_INT, JsonToken.END_ARRAY);
  }

  /** Whether another field of an object is there; if not, the object has ended. */
  boolean anotherField() throws IOException {
    return another(JsonToken.FIELD_NAME, JsonToken.END_OBJECT);
  }

  private boolean another(JsonToken one, JsonToken end) throws IOException {
    JsonToken token = json.nextToken();
    if (token != one && token != end) {
      throw unexpected();
    }
    return token == one;
  }

  /** The text that is there. */
  String text() throws IOException {
    return json.getText();
  }

  /** The number that is there. */
  long number() throws IOException {
    return json.getLongValue(); // which refuses more than 2^63 - 1
  }

  /** The text behind the name that is there. */
  String value() throws IOException {
    expect(JsonToken.VALUE_STRING);
    return json.getText();
  }

  String text(String name) throws IOException {
    field(name);
    return value();
  }

  String sha256(String name) throws IOException {
    String text = text(name);
    if (!Sha256.isOne(text)) {
      throw new IOException("'" + name + "' is no SHA-256");
    }
    return text;
  }

  UUID uuid(String name) throws IOException {
    return uuidOf(text(name));
  }

  /** {@link UUID#fromString} by itself takes other writings of the same. */
  static UUID uuidOf(String text) throws IOException {
    try {
      UUID uuid = UUID.fromString(text);
      if (uuid.toString().equals(text)) {
        return uuid;
      }
    } catch (IllegalArgumentException e) {
      throw new IOException("'" + text + "' is no UUID", e);
    }
    throw new IOException("'" + text + "' is not how a UUID is written");
  }

  /** A number of 0 or more. */
  long number(String name) throws IOException {
    field(name);
    expect(JsonToken.VALUE_NUMBER_INT);
    long number = json.getLongValue();
    if (number < 0) {
      throw new IOException("'" + name + "' is below 0");
    }
    return number;
  }

  /** A number from 0 to 2^31 - 1. */
  int integer(String name) throws IOException {
    long number = number(name);
    if (number > Integer.MAX_VALUE) {
      throw new IOException("'" + name + "' is " + number);
    }
    return (int) number;
  }

  /** There is no more. */
  void end() throws IOException {
    if (json.nextToken() != null) {
      throw new IOException("there is something behind it");
    }
  }

  private void field(String name) throws IOException {
    expect(JsonToken.FIELD_NAME);
    if (!json.currentName().equals(name)) {
      throw new IOException("'" + name + "' is missing");
    }
  }

  private void expect(JsonToken token) throws IOException {
    if (json.nextToken() != token) {
      throw unexpected();
    }
  }

  private static IOException unexpected() {
    return new IOException("it does not have the fields that it must have");
  }

  @Override
  public void close() throws IOException {
    json.close();
  }
}
