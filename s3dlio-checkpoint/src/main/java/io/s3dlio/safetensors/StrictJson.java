package io.s3dlio.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.s3dlio.checkpoint.internal.Utf8Reader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * JSON from a stranger: objects of texts, numbers and arrays of numbers, as headers and indexes
 * are. Refuses what is not UTF-8, halves of surrogate pairs, and any other type than the one asked
 * for; duplicate names are the caller's to refuse, who keeps them. What is kept of a document is
 * counted, so that a small one cannot fill the memory.
 */
final class StrictJson implements AutoCloseable {

  /** What may be kept of one document, in bytes of heap: 64 MiB. */
  static final long MOST_HEAP = 64L << 20;

  /** As long a name as any tensor of the field has many times over, in characters. */
  static final int LONGEST_NAME = 64 << 10;

  /** Characters of a text: what tells the slices of 100,000 tensors has about 10 million. */
  static final int LONGEST_TEXT = 16 << 20;

  private static final int SHOWN = 80;

  /** Names are neither interned nor kept in a table: there may be many, and none comes again. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(8)
                  .maxStringLength(LONGEST_TEXT)
                  .maxNameLength(LONGEST_NAME)
                  .maxNumberLength(20)
                  .build())
          .build();

  private final JsonParser parser;
  private long kept;

  private StrictJson(JsonParser parser) {
    this.parser = parser;
  }

  /** The document has to fill the bytes, but for white space. */
  static StrictJson of(ByteBuffer utf8) throws IOException {
    return new StrictJson(JSON.createParser(new Utf8Reader(utf8)));
  }

  static StrictJson of(String text) throws IOException {
    return new StrictJson(JSON.createParser(text));
  }

  /** The next value is an object. */
  void object() throws IOException {
    expect(parser.nextToken(), JsonToken.START_OBJECT, "an object");
  }

  /** The next name of the object; null at its end. */
  String name() throws IOException {
    JsonToken token = parser.nextToken();
    if (token == JsonToken.END_OBJECT) {
      return null;
    }
    expect(token, JsonToken.FIELD_NAME, "a name");
    return unicode(parser.currentName());
  }

  /** The next value is a text. */
  String text() throws IOException {
    expect(parser.nextToken(), JsonToken.VALUE_STRING, "a text");
    return unicode(parser.getText());
  }

  /** The next value is a whole number of 0 to 2^63 - 1. */
  long number() throws IOException {
    expect(parser.nextToken(), JsonToken.VALUE_NUMBER_INT, "a whole number");
    return nonNegative();
  }

  /** The next value is an array of at most so many of them. */
  List<Long> numbers(int most) throws IOException {
    expect(parser.nextToken(), JsonToken.START_ARRAY, "an array");
    List<Long> numbers = new ArrayList<>();
    JsonToken token;
    while ((token = parser.nextToken()) != JsonToken.END_ARRAY) {
      expect(token, JsonToken.VALUE_NUMBER_INT, "a whole number");
      if (numbers.size() == most) {
        throw new IOException("an array has more than " + most + " numbers");
      }
      long number = nonNegative();
      keep(number < 128 ? 4 : 24); // small ones are shared by all
      numbers.add(number);
    }
    return List.copyOf(numbers);
  }

  private long nonNegative() throws IOException {
    if (parser.getTextCharacters()[parser.getTextOffset()] == '-') {
      throw new IOException("a number is below 0");
    }
    return parser.getLongValue(); // which refuses more than 2^63 - 1
  }

  /** Passes over the next value, whatever it is. */
  void skip() throws IOException {
    if (parser.nextToken() == null) {
      throw new IOException("it ends within its JSON");
    }
    parser.skipChildren();
  }

  /** There is nothing more. */
  void end() throws IOException {
    if (parser.nextToken() != null) {
      throw new IOException("there is something behind its JSON");
    }
  }

  /** Counts what is kept: a name with what it names. */
  void keep(String text, long more) throws IOException {
    keep(2L * text.length() + more);
  }

  private void keep(long bytes) throws IOException {
    kept += bytes;
    if (kept > MOST_HEAP) {
      throw new IOException("what it describes does not fit into " + MOST_HEAP + " bytes");
    }
  }

  private static void expect(JsonToken there, JsonToken wanted, String what) throws IOException {
    if (there != wanted) {
      throw new IOException(
          there == null ? "it ends within its JSON" : "there is another thing than " + what);
    }
  }

  private static String unicode(String text) throws IOException {
    if (!isUnicode(text)) {
      throw new IOException("there is half of a surrogate pair in its JSON");
    }
    return text;
  }

  /** Whether a text has a UTF-8 form: no half of a surrogate pair. */
  static boolean isUnicode(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (Character.charCount(text.codePointAt(i)) == 1) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /** For messages: short, and without what a terminal would take for a command. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("'");
    text.codePoints()
        .limit(SHOWN)
        .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
        .forEach(quoted::appendCodePoint);
    return quoted.append(text.length() > SHOWN ? "…'" : "'").toString();
  }

  /** Writes to a generator. */
  interface Content {
    void write(JsonGenerator json) throws IOException;
  }

  static byte[] write(Content content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      content.write(json);
    } catch (IOException e) {
      throw new IllegalStateException("memory takes all bytes", e);
    }
    return out.toByteArray();
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
