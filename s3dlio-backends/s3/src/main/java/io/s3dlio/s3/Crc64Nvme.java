package io.s3dlio.s3;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.Checksum;

/**
 * CRC-64/NVME (NVM Express, NVM Command Set Specification, "64b CRC"), eight bytes at a time. The
 * SDK has none but in native code.
 */
final class Crc64Nvme implements Checksum {

  /** The polynomial ad93d23594c93659, its bits from the other end. */
  private static final long POLYNOMIAL = 0x9a6c9329ac4bc9b5L;

  private static final int SLICES = 8;

  /** What a byte does to the CRC if {@code k} bytes follow it: at {@code 256 * k} and the byte. */
  private static final long[] TABLE = table();

  private long crc = -1;

  private static long[] table() {
    long[] table = new long[SLICES * 256];
    for (int b = 0; b < 256; b++) {
      long value = b;
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        value = (value >>> 1) ^ ((value & 1) == 0 ? 0 : POLYNOMIAL);
      }
      table[b] = value;
    }
    for (int i = 256; i < table.length; i++) {
      long before = table[i - 256];
      table[i] = (before >>> Byte.SIZE) ^ table[(int) (before & 0xff)];
    }
    return table;
  }

  @Override
  public void update(int b) {
    crc = (crc >>> Byte.SIZE) ^ TABLE[(int) ((crc ^ b) & 0xff)];
  }

  @Override
  public void update(byte[] bytes, int offset, int length) {
    update(ByteBuffer.wrap(bytes, offset, length));
  }

  @Override
  public void update(ByteBuffer bytes) {
    ByteBuffer in = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int at = in.position();
    long c = crc;
    for (int end = in.limit() - SLICES; at <= end; at += SLICES) {
      long x = c ^ in.getLong(at);
      c =
          TABLE[7 * 256 + (int) (x & 0xff)]
              ^ TABLE[6 * 256 + (int) (x >>> 8 & 0xff)]
              ^ TABLE[5 * 256 + (int) (x >>> 16 & 0xff)]
              ^ TABLE[4 * 256 + (int) (x >>> 24 & 0xff)]
              ^ TABLE[3 * 256 + (int) (x >>> 32 & 0xff)]
              ^ TABLE[2 * 256 + (int) (x >>> 40 & 0xff)]
              ^ TABLE[256 + (int) (x >>> 48 & 0xff)]
              ^ TABLE[(int) (x >>> 56)];
    }
    crc = c;
    for (; at < in.limit(); at++) {
      update(in.get(at));
    }
    bytes.position(bytes.limit());
  }

  @Override
  public long getValue() {
    return ~crc;
  }

  @Override
  public void reset() {
    crc = -1;
  }
}
