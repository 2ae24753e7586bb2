package io.s3dlio.formats;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/**
 * What HDF5 has for each group and dataset: an object header of version 1, which is a list of
 * messages. It needs no checksum, and all versions of the library read it.
 */
final class Hdf5Header {

  /** In place of where something is that is not there. */
  static final long NOWHERE = -1;

  /** The most bytes of a dataset's header: with 32 dimensions, of floats. */
  static final int MAX_DATASET_SIZE = 368;

  private static final int DATASPACE = 0x1;
  private static final int LINK_INFO = 0x2;
  private static final int DATATYPE = 0x3;
  private static final int FILL_VALUE = 0x5;
  private static final int LINK = 0x6;
  private static final int LAYOUT = 0x8;
  private static final int GROUP_INFO = 0xA;

  private static final int PREFIX_SIZE = 16;
  private static final int VERSION = 1;
  private static final int ALIGNMENT = 8;

  /** The class and version of a datatype message. */
  private static final byte INTEGER = 1 << 4;

  private static final byte FLOAT = 1 << 4 | 1;

  private final ByteArrayOutputStream messages = new ByteArrayOutputStream();
  private int count;

  private Hdf5Header() {}

  /**
   * Of a group.
   *
   * @param members the address of each one's header by its name, in their order
   */
  static Hdf5Header group(Map<String, Long> members) {
    byte ordered = 1;
    Hdf5Header header =
        new Hdf5Header()
            .message(
                LINK_INFO,
                body(26)
                    .put((byte) 0)
                    .put(ordered)
                    .putLong(members.size())
                    .putLong(NOWHERE) // all links are in here
                    .putLong(NOWHERE))
            .message(GROUP_INFO, body(2));
    int index = 0;
    for (Map.Entry<String, Long> member : members.entrySet()) {
      header.message(LINK, link(member.getKey(), index, member.getValue()));
      index++;
    }
    return header;
  }

  private static ByteBuffer link(String name, int index, long address) {
    byte[] utf8 = name.getBytes(UTF_8);
    int shortLength = 1;
    int hasIndex = 1 << 2;
    int hasCharset = 1 << 4;
    byte charset = 1;
    return body(21 + utf8.length)
        .put((byte) 1)
        .put((byte) (shortLength | hasIndex | hasCharset))
        .putLong(index)
        .put(charset)
        .putShort((short) utf8.length)
        .put(utf8)
        .putLong(address);
  }

  /**
   * Of a dataset.
   *
   * @param array of integers or floats
   * @param address of its elements, which lie one behind the other
   */
  static Hdf5Header dataset(NpyArray array, long address) {
    NpyType type = array.type();
    byte late = 2;
    byte ifSet = 2;
    byte isDefault = 1;
    byte contiguous = 1;
    return new Hdf5Header()
        .message(DATASPACE, dataspace(array.shape()))
        .message(DATATYPE, type.kind() == 'f' ? floats(type) : integers(type))
        .message(FILL_VALUE, body(8).put((byte) 2).put(late).put(ifSet).put(isDefault))
        .message(
            LAYOUT,
            body(18)
                .put((byte) 3)
                .put(contiguous)
                .putLong(address)
                .putLong(array.elements().size()));
  }

  private static ByteBuffer dataspace(List<Long> shape) {
    ByteBuffer body = body(8 + shape.size() * Long.BYTES);
    body.put((byte) 1).put((byte) shape.size()).position(8);
    shape.forEach(body::putLong);
    return body;
  }

  private static ByteBuffer integers(NpyType type) {
    int order = type.isBigEndian() ? 1 : 0;
    int signed = type.kind() == 'i' ? 1 << 3 : 0;
    return body(12)
        .put(INTEGER)
        .put((byte) (order | signed))
        .putShort((short) 0)
        .putInt(type.bytes())
        .putShort((short) 0)
        .putShort((short) (type.bytes() * Byte.SIZE));
  }

  /** As IEEE 754 has them. */
  private static ByteBuffer floats(NpyType type) {
    int order = type.isBigEndian() ? 1 : 0;
    int impliedBit = 2 << 4;
    int bits = type.bytes() * Byte.SIZE;
    int exponent =
        switch (type.bytes()) {
          case 2 -> 5;
          case 4 -> 8;
          default -> 11;
        };
    int mantissa = bits - 1 - exponent;
    return body(20)
        .put(FLOAT)
        .put((byte) (order | impliedBit))
        .putShort((short) (bits - 1)) // where the sign is
        .putInt(type.bytes())
        .putShort((short) 0)
        .putShort((short) bits)
        .put((byte) mantissa) // where the exponent is
        .put((byte) exponent)
        .put((byte) 0)
        .put((byte) mantissa)
        .putInt((1 << (exponent - 1)) - 1);
  }

  /** What a message says: with zeros behind it, so that the next one is aligned. */
  private static ByteBuffer body(int size) {
    return buffer(size + (-size & ALIGNMENT - 1));
  }

  private Hdf5Header message(int type, ByteBuffer body) {
    messages.writeBytes(buffer(8).putShort((short) type).putShort((short) body.capacity()).array());
    messages.writeBytes(body.array());
    count++;
    return this;
  }

  int size() {
    return PREFIX_SIZE + messages.size();
  }

  byte[] bytes() {
    int references = 1;
    return buffer(size())
        .putShort((short) VERSION)
        .putShort((short) count)
        .putInt(references)
        .putInt(messages.size())
        .putInt(0)
        .put(messages.toByteArray())
        .array();
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
