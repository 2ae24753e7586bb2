package io.s3dlio.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a <a href="https://github.com/huggingface/safetensors#format">safetensors</a> file has in
 * front of its data: eight bytes with a length, and that much JSON. Read strictly: duplicate names,
 * holes, overlaps, unknown fields and whatever else the format forbids are refused, though some
 * readers let them pass.
 *
 * @param tensors in the order of their data
 * @param metadata of the file
 */
record SafetensorsHeader(List<Tensor> tensors, Map<String, String> metadata) {

  /** The bytes that tell how long the JSON is. */
  static final int PREFIX = 8;

  /** The longest that other readers take: {@code @huggingface/hub} refuses more. */
  static final int LIMIT = 25_000_000;

  /** Where data begins is a multiple of this, for readers that map files. */
  private static final int ALIGNMENT = 64;

  private static final int MOST_DIMENSIONS = 64;

  private static final String METADATA = "__metadata__";

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(4)
                  .maxStringLength(LIMIT)
                  .maxNameLength(64 << 10)
                  .maxNumberLength(20)
                  .maxDocumentLength(LIMIT)
                  .build())
          .build();

  /**
   * A tensor of a file.
   *
   * @param begin of its bytes, from where the data begins
   * @param end after its last byte
   */
  record Tensor(String name, DType dtype, List<Long> shape, long begin, long end) {
    public Tensor {
      shape = List.copyOf(shape);
    }
  }

  /**
   * How long the JSON is.
   *
   * @param prefix the first eight bytes of a file
   * @throws IOException if no file of that size can have it
   */
  static int length(byte[] prefix, long fileSize) throws IOException {
    if (prefix.length < PREFIX) {
      throw new IOException("it has " + fileSize + " bytes, which is no safetensors file");
    }
    long length = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 2 || length > LIMIT || length > fileSize - PREFIX) {
      throw new IOException(
          "its header has "
              + Long.toUnsignedString(length)
              + " bytes, of "
              + fileSize
              + " in all and at most "
              + LIMIT);
    }
    return (int) length;
  }

  /**
   * Reads the JSON.
   *
   * @param dataSize bytes behind it
   * @throws IOException if it is not as the format demands
   */
  static SafetensorsHeader parse(byte[] json, long dataSize) throws IOException {
    if (json.length == 0 || json[0] != '{') {
      throw new IOException("its header does not begin with {");
    }
    int end = json.length;
    while (json[end - 1] == ' ') {
      end--;
    }
    SafetensorsHeader header;
    try (JsonParser parser = JSON.createParser(utf8(json, end))) {
      header = read(parser);
      if (parser.nextToken() != null) {
        throw new IOException("there is something behind the JSON of its header");
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
    long at = 0;
    for (Tensor tensor : header.tensors) {
      if (tensor.begin != at) {
        throw new IOException(
            "the data of '" + tensor.name + "' begins at " + tensor.begin + " in place of " + at);
      }
      at = tensor.end;
    }
    if (at != dataSize) {
      throw new IOException("its tensors have " + at + " bytes, and its data " + dataSize);
    }
    return header;
  }

  /** The parser by itself takes what is no UTF-8. */
  private static String utf8(byte[] json, int end) throws IOException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json, 0, end)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException("its header is not in UTF-8", e);
    }
  }

  private static SafetensorsHeader read(JsonParser json) throws IOException {
    List<Tensor> tensors = new ArrayList<>();
    Map<String, String> metadata = Map.of();
    expect(json.nextToken(), JsonToken.START_OBJECT);
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      expect(json.nextToken(), JsonToken.START_OBJECT);
      if (name.equals(METADATA)) {
        metadata = texts(json);
      } else {
        tensors.add(tensor(name, json));
      }
    }
    expect(json.currentToken(), JsonToken.END_OBJECT);
    tensors.sort(Comparator.comparingLong(Tensor::begin).thenComparingLong(Tensor::end));
    return new SafetensorsHeader(List.copyOf(tensors), metadata);
  }

  private static Map<String, String> texts(JsonParser json) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      expect(json.nextToken(), JsonToken.VALUE_STRING);
      texts.put(name, json.getText());
    }
    expect(json.currentToken(), JsonToken.END_OBJECT);
    return texts;
  }

  private static Tensor tensor(String name, JsonParser json) throws IOException {
    DType dtype = null;
    long[] shape = null;
    long[] offsets = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      switch (field) {
        case "dtype" -> {
          expect(json.nextToken(), JsonToken.VALUE_STRING);
          String type = json.getText();
          dtype =
              DType.named(type)
                  .orElseThrow(() -> new IOException("'" + name + "' is of no known type"));
        }
        case "shape" -> shape = numbers(json, MOST_DIMENSIONS);
        case "data_offsets" -> offsets = numbers(json, 2);
        default -> throw new IOException("'" + name + "' has a field that tensors do not have");
      }
    }
    expect(json.currentToken(), JsonToken.END_OBJECT);
    if (dtype == null || shape == null || offsets == null || offsets.length != 2) {
      throw new IOException("'" + name + "' is not described in full");
    }
    if (offsets[1] < offsets[0] || offsets[1] - offsets[0] != dtype.bytes(shape)) {
      throw new IOException(
          "'" + name + "' has " + dtype.bytes(shape) + " bytes, and other data_offsets");
    }
    return new Tensor(name, dtype, Arrays.stream(shape).boxed().toList(), offsets[0], offsets[1]);
  }

  private static long[] numbers(JsonParser json, int most) throws IOException {
    List<Long> numbers = new ArrayList<>();
    expect(json.nextToken(), JsonToken.START_ARRAY);
    while (json.nextToken() == JsonToken.VALUE_NUMBER_INT) {
      long number = json.getLongValue(); // which refuses more than 2^63 - 1
      if (number < 0 || numbers.size() == most) {
        throw new IOException("a size or an offset is out of range");
      }
      numbers.add(number);
    }
    expect(json.currentToken(), JsonToken.END_ARRAY);
    return numbers.stream().mapToLong(Long::longValue).toArray();
  }

  private static void expect(JsonToken there, JsonToken wanted) throws IOException {
    if (there != wanted) {
      throw new IOException("its header is not that of a safetensors file");
    }
  }

  /**
   * The bytes in front of the data: the length, the JSON, and blanks up to a multiple of 64.
   *
   * @throws IllegalArgumentException if there is too much of it
   */
  byte[] encode() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart(METADATA);
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
          json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
      }
      for (Tensor tensor : tensors) {
        json.writeObjectFieldStart(tensor.name);
        json.writeStringField("dtype", tensor.dtype.name());
        json.writeFieldName("shape");
        write(json, tensor.shape.stream().mapToLong(Long::longValue).toArray());
        json.writeFieldName("data_offsets");
        write(json, tensor.begin, tensor.end);
        json.writeEndObject();
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("memory takes all bytes", e);
    }
    int length = out.size();
    int padded = (PREFIX + length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (padded - PREFIX > LIMIT) {
      throw new IllegalArgumentException(
          "the description of " + tensors.size() + " tensors has more than " + LIMIT + " bytes");
    }
    ByteBuffer all = ByteBuffer.allocate(padded).order(ByteOrder.LITTLE_ENDIAN);
    all.putLong(padded - PREFIX).put(out.toByteArray());
    while (all.hasRemaining()) {
      all.put((byte) ' ');
    }
    return all.array();
  }

  private static void write(JsonGenerator json, long... numbers) throws IOException {
    json.writeArray(numbers, 0, numbers.length);
  }
}
