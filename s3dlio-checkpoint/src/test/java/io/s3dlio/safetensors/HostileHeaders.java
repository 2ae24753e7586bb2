package io.s3dlio.safetensors;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.IntFunction;

/**
 * Headers of 100,000,000 bytes, each made to cost what it can, read in a JVM of its own with little
 * heap. Prints a line each: its name, milliseconds, and what became of it.
 */
final class HostileHeaders {

  private static final int SIZE = SafetensorsHeader.LONGEST_READ;
  private static final String EMPTY = "{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}";
  private static final String SIXTEEN = "{\"dtype\":\"U8\",\"shape\":[16],\"data_offsets\":[0,16]}";

  private final ByteBuffer json = ByteBuffer.allocateDirect(SIZE);

  private HostileHeaders() {}

  public static void main(String[] arguments) {
    HostileHeaders headers = new HostileHeaders();
    headers.read("as many empty tensors as fit", "{", i -> entry(name(i), EMPTY), "\"a\":1}");
    headers.read("all tensors on one range", "{", i -> entry(name(i), SIXTEEN), "\"a\":1}");
    headers.read("names of one hash", "{", i -> entry(ofOneHash(i), EMPTY), "\"a\":1}");
    headers.read("large dimensions", "{", HostileHeaders::manyDimensions, "\"a\":1}");
    headers.read("a shape without end", "{\"a\":{\"shape\":[", i -> "1,", "1]}}");
    headers.read("a shape of arrays", "{\"a\":{\"shape\":", i -> "[", "}");
    headers.read("objects in objects", "{\"__metadata__\":", i -> "{\"a\":", "}");
    headers.read("blanks within", "{", i -> " ".repeat(1000), "\"a\":1}");
    headers.read("blanks behind", "{}", i -> " ".repeat(1000), " ");
    headers.read("one name", "{\"", i -> "x".repeat(1000), "\":1}");
    headers.read("one text", "{\"__metadata__\":{\"a\":\"", i -> "x".repeat(1000), "\"}}");
    headers.read("one text of escapes", "{\"__metadata__\":{\"a\":\"", i -> "\\u20ac", "\"}}");
    headers.read("one wide text", "{\"__metadata__\":{\"a\":\"", i -> "\u20ac".repeat(99), "\"}}");
    headers.read(
        "large texts", "{\"__metadata__\":{", i -> entry(name(i), text(15 << 20)), "\"a\":1}}");
    headers.read("much metadata", "{\"__metadata__\":{", i -> entry(name(i), "\"\""), "\"a\":1}}");
    headers.read("one number", "{\"a\":{\"shape\":[", i -> "9".repeat(1000), "]}}");
  }

  private static String entry(String name, String value) {
    return "\"" + name + "\":" + value + ",";
  }

  private static String name(int i) {
    return Integer.toString(i, Character.MAX_RADIX);
  }

  private static String text(int size) {
    return "\"" + "\u20ac".repeat(size / 3) + "\"";
  }

  /** "Aa" and "BB" have the same hash. */
  private static String ofOneHash(int i) {
    StringBuilder name = new StringBuilder();
    for (int bit = 0; bit < 21; bit++) {
      name.append((i >> bit & 1) == 0 ? "Aa" : "BB");
    }
    return name.toString();
  }

  private static String manyDimensions(int i) {
    return entry(
        name(i),
        "{\"dtype\":\"U8\",\"shape\":["
            + "200,".repeat(7)
            + "0,".repeat(56)
            + "0],\"data_offsets\":[0,0]}");
  }

  private void read(String what, String begin, IntFunction<String> middle, String end) {
    json.clear();
    json.put(begin.getBytes(UTF_8));
    byte[] last = end.getBytes(UTF_8);
    for (int i = 0; ; i++) {
      byte[] more = middle.apply(i).getBytes(UTF_8);
      if (more.length > json.remaining() - last.length) {
        break;
      }
      json.put(more);
    }
    json.put(last).flip();
    String verdict;
    long from = System.nanoTime();
    try {
      SafetensorsHeader.parse(json, 8L + json.limit());
      verdict = "accepted";
    } catch (IOException e) {
      verdict = "refused: " + e.getMessage().lines().findFirst().orElse("");
    }
    System.out.printf("%s;%d;%s%n", what, (System.nanoTime() - from) / 1_000_000, verdict);
  }
}
