package io.s3dlio.safetensors;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a <a href="https://github.com/huggingface/safetensors#format">safetensors</a> file has in
 * front of its data: eight bytes with a length, and that much JSON. Read strictly: duplicate names,
 * holes, overlaps, unknown fields and whatever else the format forbids are refused, though some
 * readers let them pass.
 *
 * @param tensors in the order of their data
 * @param metadata of the file
 */
record SafetensorsHeader(List<TensorInfo> tensors, Map<String, String> metadata) {

  /** The bytes that tell how long the JSON is. */
  static final int PREFIX = 8;

  /** The longest JSON that is read: what the format's own implementation in Rust takes. */
  static final int LONGEST_READ = 100_000_000;

  /** The longest that is written: {@code @huggingface/hub}, for JavaScript, takes no more. */
  static final int LONGEST_WRITTEN = 25_000_000;

  /** As many as a tensor of PyTorch has at most, and of NumPy. */
  static final int MOST_DIMENSIONS = 64;

  /** Where data begins is a multiple of this, for readers that map files or pass the page cache. */
  static final int ALIGNMENT = 4096;

  static final String METADATA = "__metadata__";

  /** Heap that an entry takes beside its name and its numbers, in bytes; somewhat too much. */
  private static final int ENTRY = 192;

  /**
   * How long the JSON is.
   *
   * @param start of the file: eight bytes or more, or all there are
   * @throws IOException if no file of that size can have it
   */
  static int length(ByteBuffer start, long fileSize) throws IOException {
    if (start.remaining() < PREFIX) {
      throw new IOException("it has " + fileSize + " bytes, and a header has 10 at least");
    }
    long length = start.slice().order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 2 || length > LONGEST_READ || length > fileSize - PREFIX) {
      throw new IOException(
          "a header of "
              + Long.toUnsignedString(length)
              + " bytes in a file of "
              + fileSize
              + "; one has 2 to "
              + LONGEST_READ);
    }
    return (int) length;
  }

  /**
   * Reads the JSON.
   *
   * @param json all of it, from position to limit, which stay as they are
   * @param fileSize of the whole file
   * @throws IOException if it is not as the format demands
   */
  static SafetensorsHeader parse(ByteBuffer json, long fileSize) throws IOException {
    ByteBuffer text = json.slice();
    int length = text.limit();
    int end = length;
    while (end > 0 && text.get(end - 1) == ' ') {
      end--;
    }
    if (end < 2 || text.get(0) != '{' || text.get(end - 1) != '}') {
      throw new IOException("its header is no JSON from { to } with nothing but blanks behind it");
    }
    SafetensorsHeader header;
    try (StrictJson parser = StrictJson.of(text.limit(end))) {
      header = read(parser, (long) PREFIX + length);
      parser.end();
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
    long at = (long) PREFIX + length;
    for (TensorInfo tensor : header.tensors) {
      if (tensor.offset() != at) {
        throw new IOException(
            "the data of "
                + StrictJson.quoted(tensor.name())
                + " begins at byte "
                + tensor.offset()
                + ", and what lies before it ends at "
                + at);
      }
      at = tensor.end();
    }
    if (at != fileSize) {
      throw new IOException("its tensors end at byte " + at + ", and the file at " + fileSize);
    }
    return header;
  }

  private static SafetensorsHeader read(StrictJson json, long dataOffset) throws IOException {
    List<TensorInfo> tensors = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Map<String, String> metadata = null;
    json.object();
    String name;
    while ((name = json.name()) != null) {
      if (name.equals(METADATA)) {
        unset(metadata, METADATA);
        metadata = texts(json);
      } else {
        json.keep(name, ENTRY);
        if (!names.add(name)) {
          throw new IOException("there are two tensors " + StrictJson.quoted(name));
        }
        tensors.add(tensor(name, json, dataOffset));
      }
    }
    tensors.sort(Comparator.comparingLong(TensorInfo::offset).thenComparingLong(TensorInfo::size));
    return new SafetensorsHeader(tensors, metadata == null ? Map.of() : metadata);
  }

  private static Map<String, String> texts(StrictJson json) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    json.object();
    String name;
    while ((name = json.name()) != null) {
      json.keep(name, ENTRY);
      String text = json.text();
      json.keep(text, 0);
      unset(texts.put(name, text), name);
    }
    return texts;
  }

  private static TensorInfo tensor(String name, StrictJson json, long dataOffset)
      throws IOException {
    String type = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    json.object();
    String field;
    while ((field = json.name()) != null) {
      switch (field) {
        case "dtype" -> {
          unset(type, field);
          type = json.text();
        }
        case "shape" -> {
          unset(shape, field);
          shape = json.numbers(MOST_DIMENSIONS);
        }
        case "data_offsets" -> {
          unset(offsets, field);
          offsets = json.numbers(2);
        }
        default ->
            throw new IOException(
                StrictJson.quoted(name) + " has a field " + StrictJson.quoted(field));
      }
    }
    if (type == null || shape == null || offsets == null || offsets.size() != 2) {
      throw new IOException(
          StrictJson.quoted(name) + " lacks a dtype, a shape or two data_offsets");
    }
    DType dtype = DType.named(type).orElse(null);
    if (dtype == null) {
      throw new IOException(
          StrictJson.quoted(name) + " is of a type that is not known: " + StrictJson.quoted(type));
    }
    long begin = offsets.get(0);
    long end = offsets.get(1);
    if (end < begin || end > Long.MAX_VALUE - dataOffset || end - begin != dtype.bytes(shape)) {
      throw new IOException(
          StrictJson.quoted(name)
              + " has "
              + dtype.bytes(shape)
              + " bytes by its type and shape, and data_offsets "
              + offsets);
    }
    return new TensorInfo(name, dtype, shape, dataOffset + begin, end - begin);
  }

  /** What reading counts at most for an entry, so that all that is written is read again. */
  static long heap(String name, int dimensions) {
    return 2L * name.length() + ENTRY + 24L * (dimensions + 2);
  }

  private static void unset(Object value, String name) throws IOException {
    if (value != null) {
      throw new IOException("the name " + StrictJson.quoted(name) + " comes twice");
    }
  }

  /**
   * Orders tensors so that each lies at a multiple of the size of its elements without holes: large
   * elements first. Those of one size are ordered by name, so that the same tensors are always the
   * same file.
   *
   * @param tensors with any offsets
   * @return with offsets from where data begins
   * @throws IllegalArgumentException if together they have more than 2^62 bytes
   */
  static List<TensorInfo> lay(List<TensorInfo> tensors) {
    List<TensorInfo> laid = new ArrayList<>(tensors);
    laid.sort(
        Comparator.comparingInt((TensorInfo tensor) -> -tensor.dtype().alignment())
            .thenComparing(TensorInfo::name));
    long at = 0;
    for (int i = 0; i < laid.size(); i++) {
      TensorInfo tensor = laid.get(i).at(at);
      laid.set(i, tensor);
      if (tensor.size() > (1L << 62) - at) {
        throw new IllegalArgumentException(laid.size() + " tensors have more than 2^62 bytes");
      }
      at += tensor.size();
    }
    return laid;
  }

  /**
   * The bytes in front of the data: the length, the JSON, and blanks up to a multiple of 4096.
   *
   * @param laid by {@link #lay}
   * @throws IllegalArgumentException if there is too much of it
   */
  static byte[] encode(List<TensorInfo> laid, Map<String, String> metadata) {
    byte[] text =
        StrictJson.write(
            json -> {
              json.writeStartObject();
              if (!metadata.isEmpty()) {
                json.writeObjectFieldStart(METADATA);
                for (Map.Entry<String, String> entry : metadata.entrySet()) {
                  json.writeStringField(entry.getKey(), entry.getValue());
                }
                json.writeEndObject();
              }
              for (TensorInfo tensor : laid) {
                write(json, tensor);
              }
              json.writeEndObject();
            });
    int size = (PREFIX + text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (size - PREFIX > LONGEST_WRITTEN) {
      throw new IllegalArgumentException(
          laid.size()
              + " tensors and the metadata make a header of more than "
              + LONGEST_WRITTEN
              + " bytes: write several files with an index");
    }
    ByteBuffer all = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    all.putLong(size - PREFIX).put(text);
    while (all.hasRemaining()) {
      all.put((byte) ' ');
    }
    return all.array();
  }

  private static void write(JsonGenerator json, TensorInfo tensor) throws IOException {
    json.writeObjectFieldStart(tensor.name());
    json.writeStringField("dtype", tensor.dtype().name());
    json.writeArrayFieldStart("shape");
    for (long dimension : tensor.shape()) {
      json.writeNumber(dimension);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("data_offsets");
    json.writeNumber(tensor.offset());
    json.writeNumber(tensor.end());
    json.writeEndArray();
    json.writeEndObject();
  }
}
