package io.s3dlio.formats;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the elements of an array are.
 *
 * @param descriptor as NumPy writes it in files, such as {@code <f4}
 * @param bytes of one element
 */
record NpyType(String descriptor, int bytes) {

  private static final Map<String, NpyType> KNOWN = new HashMap<>();

  static {
    add("bool", 'b', 1);
    for (int bytes : List.of(1, 2, 4, 8)) {
      add("int" + bytes * Byte.SIZE, 'i', bytes);
      add("uint" + bytes * Byte.SIZE, 'u', bytes);
    }
    for (int bytes : List.of(2, 4, 8)) {
      add("float" + bytes * Byte.SIZE, 'f', bytes);
    }
    for (int bytes : List.of(8, 16)) {
      add("complex" + bytes * Byte.SIZE, 'c', bytes);
    }
  }

  private static void add(String name, char kind, int bytes) {
    String code = kind + String.valueOf(bytes);
    NpyType little = new NpyType((bytes == 1 ? "|" : "<") + code, bytes);
    KNOWN.put(name, little);
    KNOWN.put(code, little);
    KNOWN.put("<" + code, little);
    KNOWN.put("=" + code, little);
    KNOWN.put("|" + code, little);
    KNOWN.put(">" + code, bytes == 1 ? little : new NpyType(">" + code, bytes));
  }

  /** By NumPy's code: {@code i} and {@code u} for integers, {@code f} for floats, and others. */
  char kind() {
    return descriptor.charAt(1);
  }

  boolean isBigEndian() {
    return descriptor.charAt(0) == '>';
  }

  /** By NumPy's name or code. */
  static NpyType parse(String text) {
    NpyType type = KNOWN.get(text);
    if (type == null) {
      throw new IllegalArgumentException(
          "'%s' is no type of elements: must be one of NumPy's numbers, such as <f4 or float32"
              .formatted(text));
    }
    return type;
  }
}
