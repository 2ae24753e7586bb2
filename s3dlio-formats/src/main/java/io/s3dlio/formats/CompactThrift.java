package io.s3dlio.formats;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes structures as Thrift's compact protocol has them: those types that Parquet's metadata
 * needs.
 *
 * <p>Source: Apache Thrift, "Thrift Compact protocol encoding".
 */
final class CompactThrift {

  private static final int I32 = 5;
  private static final int I64 = 6;
  private static final int BINARY = 8;
  private static final int LIST = 9;
  private static final int STRUCT = 12;
  private static final int STOP = 0;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Deque<Integer> outer = new ArrayDeque<>();
  private int last;

  /** A structure by itself. */
  static byte[] write(Consumer<CompactThrift> fields) {
    CompactThrift thrift = new CompactThrift();
    thrift.fields(fields);
    return thrift.out.toByteArray();
  }

  CompactThrift i32(int id, int value) {
    begin(id, I32);
    zigzag(value);
    return this;
  }

  CompactThrift i64(int id, long value) {
    begin(id, I64);
    zigzag(value);
    return this;
  }

  CompactThrift text(int id, String value) {
    begin(id, BINARY);
    text(value);
    return this;
  }

  CompactThrift struct(int id, Consumer<CompactThrift> fields) {
    begin(id, STRUCT);
    fields(fields);
    return this;
  }

  CompactThrift i32s(int id, List<Integer> values) {
    list(id, I32, values.size());
    values.forEach(this::zigzag);
    return this;
  }

  CompactThrift texts(int id, List<String> values) {
    list(id, BINARY, values.size());
    values.forEach(this::text);
    return this;
  }

  CompactThrift structs(int id, List<? extends Consumer<CompactThrift>> values) {
    list(id, STRUCT, values.size());
    values.forEach(this::fields);
    return this;
  }

  /** An unsigned number, 7 bits a byte, the lowest ones first. */
  static void varint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  private void fields(Consumer<CompactThrift> fields) {
    outer.push(last);
    last = 0;
    fields.accept(this);
    out.write(STOP);
    last = outer.pop();
  }

  /** Fields come in the order of their numbers, fewer than 16 apart. */
  private void begin(int id, int type) {
    out.write((id - last) << 4 | type);
    last = id;
  }

  private void list(int id, int type, int size) {
    begin(id, LIST);
    out.write(Math.min(size, 15) << 4 | type);
    if (size >= 15) {
      varint(out, size);
    }
  }

  private void text(String value) {
    byte[] bytes = value.getBytes(UTF_8);
    varint(out, bytes.length);
    out.writeBytes(bytes);
  }

  private void zigzag(long value) {
    varint(out, value << 1 ^ value >> 63);
  }
}
