package io.s3dlio.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which of several files each tensor of a model lies in: what {@code model.safetensors.index.json}
 * says. No tensor is split over files, and all files lie beside the index.
 *
 * @param weightMap the file's name by the tensor's
 * @param totalSize bytes of all tensors as the index tells it, which some writers tell wrongly; -1
 *     if it does not
 */
public record SafetensorsIndex(Map<String, String> weightMap, long totalSize) {

  /** What the field calls the object. */
  public static final String NAME = "model.safetensors.index.json";

  /** More than any index of the field; one of 100,000 tensors has about 10,000,000. */
  static final int LONGEST = 64_000_000;

  private static final int LONGEST_FILE_NAME = 255;

  /** Heap that an entry takes beside its name, in bytes; somewhat too much. */
  private static final int ENTRY = 128;

  /**
   * Copies the map, keeping its order.
   *
   * @throws IllegalArgumentException if a file has another name than a plain one in the directory
   *     of the index, or the size is below -1
   */
  public SafetensorsIndex {
    weightMap = Collections.unmodifiableMap(new LinkedHashMap<>(weightMap));
    if (totalSize < -1) {
      throw new IllegalArgumentException("a total size below 0: " + totalSize);
    }
    for (Map.Entry<String, String> entry : weightMap.entrySet()) {
      if (!isPlain(entry.getValue()) || !StrictJson.isUnicode(entry.getKey())) {
        throw new IllegalArgumentException(
            StrictJson.quoted(entry.getKey())
                + " is said to lie in "
                + StrictJson.quoted(entry.getValue())
                + ", which is no plain name of a file beside the index");
      }
    }
  }

  /**
   * The index of files that are to be written.
   *
   * @param files by their names
   * @return tensors in the order of their names, and the bytes of all
   * @throws IllegalArgumentException if two files have a tensor of one name, or a name is not plain
   */
  public static SafetensorsIndex of(Map<String, SafetensorsSource> files) {
    Map<String, String> weightMap = new TreeMap<>();
    long total = 0;
    for (Map.Entry<String, SafetensorsSource> file : files.entrySet()) {
      for (TensorInfo tensor : file.getValue().tensors()) {
        if (weightMap.put(tensor.name(), file.getKey()) != null) {
          throw new IllegalArgumentException(
              "two files have a tensor " + StrictJson.quoted(tensor.name()));
        }
        total = Math.addExact(total, tensor.size());
      }
    }
    return new SafetensorsIndex(weightMap, total);
  }

  /** Whether it names an object in the same directory, on any system, and nothing else. */
  private static boolean isPlain(String file) {
    return !file.isBlank()
        && file.length() <= LONGEST_FILE_NAME
        && !file.equals(".")
        && !file.equals("..")
        && StrictJson.isUnicode(file)
        && file.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c < ' ' || c == 0x7f);
  }

  /**
   * Reads an index. Beside {@code weight_map} and {@code metadata} nothing is expected; in {@code
   * metadata}, all but {@code total_size} is passed over.
   *
   * @param json from position to limit, which stay as they are
   * @return what it says
   * @throws IOException if it breaks a rule: it is not UTF-8, has a name twice, a file that is not
   *     in the same directory, or is too large
   */
  public static SafetensorsIndex parse(ByteBuffer json) throws IOException {
    if (json.remaining() > LONGEST) {
      throw new IOException("an index of " + json.remaining() + " bytes; at most " + LONGEST);
    }
    try (StrictJson parser = StrictJson.of(json.slice())) {
      SafetensorsIndex index = read(parser);
      parser.end();
      return index;
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static SafetensorsIndex read(StrictJson json) throws IOException {
    Map<String, String> weightMap = null;
    long totalSize = -1;
    boolean metadata = false;
    json.object();
    String field;
    while ((field = json.name()) != null) {
      if (field.equals("weight_map") && weightMap == null) {
        weightMap = weightMap(json);
      } else if (field.equals("metadata") && !metadata) {
        metadata = true;
        totalSize = totalSize(json);
      } else {
        throw new IOException("there is a second or unknown " + StrictJson.quoted(field));
      }
    }
    if (weightMap == null) {
      throw new IOException("there is no weight_map");
    }
    return new SafetensorsIndex(weightMap, totalSize);
  }

  private static Map<String, String> weightMap(StrictJson json) throws IOException {
    Map<String, String> weightMap = new LinkedHashMap<>();
    Map<String, String> files = new LinkedHashMap<>();
    json.object();
    String tensor;
    while ((tensor = json.name()) != null) {
      json.keep(tensor, ENTRY);
      String text = json.text();
      String file = files.putIfAbsent(text, text); // one copy of a name that comes often
      if (file == null) {
        json.keep(text, ENTRY);
      }
      if (weightMap.put(tensor, file == null ? text : file) != null) {
        throw new IOException("there are two tensors " + StrictJson.quoted(tensor));
      }
    }
    return weightMap;
  }

  private static long totalSize(StrictJson json) throws IOException {
    long totalSize = -1;
    json.object();
    String field;
    while ((field = json.name()) != null) {
      if (!field.equals("total_size")) {
        json.skip();
      } else if (totalSize < 0) {
        totalSize = json.number();
      } else {
        throw new IOException("there are two total_size");
      }
    }
    return totalSize;
  }

  /**
   * The index as it is stored.
   *
   * @return JSON in UTF-8; read-only
   */
  public ByteBuffer encode() {
    byte[] text =
        StrictJson.write(
            json -> {
              json.useDefaultPrettyPrinter();
              json.writeStartObject();
              json.writeObjectFieldStart("metadata");
              if (totalSize >= 0) {
                json.writeNumberField("total_size", totalSize);
              }
              json.writeEndObject();
              json.writeObjectFieldStart("weight_map");
              for (Map.Entry<String, String> entry : weightMap.entrySet()) {
                json.writeStringField(entry.getKey(), entry.getValue());
              }
              json.writeEndObject();
              json.writeEndObject();
            });
    return ByteBuffer.wrap(text).asReadOnlyBuffer();
  }
}
