package io.s3dlio.formats;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.s3dlio.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.CRC32;

/**
 * A file in a ZIP archive, stored as it is. Its own header always has the fields of ZIP64, as in
 * NumPy's archives, the directory where they are needed. Thread-safe.
 */
final class ZipEntry {

  private static final int LOCAL_HEADER = 0x04034b50;
  private static final int CENTRAL_HEADER = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int ZIP64_END = 0x06064b50;
  private static final int ZIP64_LOCATOR = 0x07064b50;

  private static final int LOCAL_HEADER_SIZE = 30;
  private static final int CENTRAL_HEADER_SIZE = 46;
  private static final int END_SIZE = 22;
  private static final int ZIP64_END_SIZE = 56;
  private static final int ZIP64_LOCATOR_SIZE = 20;
  private static final int EXTRA_HEADER_SIZE = 4;

  private static final short ZIP64_EXTRA = 1;
  private static final short ZIP64_EXTRA_SIZE = 2 * Long.BYTES;

  /** Of Android's zipalign: the alignment, and zeros. */
  private static final short ALIGNMENT_EXTRA = (short) 0xd935;

  private static final short ALIGNMENT = 4096;

  /** In place of a number that is in a field of ZIP64. */
  private static final long ELSEWHERE = 0xFFFF_FFFFL;

  private static final int ELSEWHERE_16 = 0xFFFF;

  private static final short VERSION_ZIP64 = 45;
  private static final short UTF_8_NAME = 1 << 11;
  private static final short STORED = 0;

  /** January 1, 1980, at midnight: there is no date without a day. */
  private static final int NO_TIME = (1 << 5 | 1) << 16;

  private final byte[] name;
  private final long offset;
  private final ByteSource data;
  private final int padding;
  private CRC32 crc;

  /**
   * A file.
   *
   * @param name its name
   * @param offset where its header is in the archive
   * @param data its content
   * @param aligned which place in the content lies at a multiple of {@value #ALIGNMENT} bytes
   */
  ZipEntry(String name, long offset, ByteSource data, long aligned) {
    this.name = name.getBytes(UTF_8);
    this.offset = offset;
    this.data = data;
    this.padding = (int) (-(offset + leastHeaderSize() + aligned) & (ALIGNMENT - 1));
  }

  private int leastHeaderSize() {
    return LOCAL_HEADER_SIZE
        + name.length
        + EXTRA_HEADER_SIZE
        + ZIP64_EXTRA_SIZE
        + EXTRA_HEADER_SIZE
        + Short.BYTES;
  }

  /** How long the header is. */
  int headerSize() {
    return leastHeaderSize() + padding;
  }

  /** What is in front of the content. */
  byte[] header() throws IOException {
    return buffer(headerSize())
        .putInt(LOCAL_HEADER)
        .put(common(ELSEWHERE, headerSize() - LOCAL_HEADER_SIZE - name.length))
        .put(name)
        .putShort(ZIP64_EXTRA)
        .putShort(ZIP64_EXTRA_SIZE)
        .putLong(data.size())
        .putLong(data.size())
        .putShort(ALIGNMENT_EXTRA)
        .putShort((short) (Short.BYTES + padding))
        .putShort(ALIGNMENT)
        .array();
  }

  /** How long the directory of files is that lie in front of it. */
  static int directorySize(List<ZipEntry> entries, long offset) {
    long size = END_SIZE;
    for (ZipEntry entry : entries) {
      size += entry.centralSize();
    }
    if (isLarge(offset + size, entries.size())) {
      size += ZIP64_END_SIZE + ZIP64_LOCATOR_SIZE;
    }
    return Math.toIntExact(size);
  }

  /** The directory at the end of an archive. */
  static byte[] directory(List<ZipEntry> entries, long offset) throws IOException {
    ByteBuffer all = buffer(directorySize(entries, offset));
    for (ZipEntry entry : entries) {
      entry.putCentral(all);
    }
    long end = offset + all.position();
    if (all.remaining() > END_SIZE) {
      all.putInt(ZIP64_END).putLong(ZIP64_END_SIZE - 12).putShort(VERSION_ZIP64);
      all.putShort(VERSION_ZIP64).putInt(0).putInt(0);
      all.putLong(entries.size()).putLong(entries.size()).putLong(end - offset).putLong(offset);
      all.putInt(ZIP64_LOCATOR).putInt(0).putLong(end).putInt(1);
    }
    short count = (short) Math.min(entries.size(), ELSEWHERE_16);
    all.putInt(END).putInt(0).putShort(count).putShort(count);
    all.putInt((int) Math.min(end - offset, ELSEWHERE)).putInt((int) Math.min(offset, ELSEWHERE));
    return all.putShort((short) 0).array();
  }

  private static boolean isLarge(long end, int entries) {
    return end >= ELSEWHERE || entries >= ELSEWHERE_16;
  }

  private int centralSize() {
    int extra = centralExtra();
    return CENTRAL_HEADER_SIZE + name.length + (extra == 0 ? 0 : EXTRA_HEADER_SIZE + extra);
  }

  private int centralExtra() {
    return (data.size() >= ELSEWHERE ? ZIP64_EXTRA_SIZE : 0)
        + (offset >= ELSEWHERE ? Long.BYTES : 0);
  }

  private void putCentral(ByteBuffer out) throws IOException {
    int extra = centralExtra();
    out.putInt(CENTRAL_HEADER).putShort(VERSION_ZIP64);
    out.put(common(data.size(), extra == 0 ? 0 : EXTRA_HEADER_SIZE + extra));
    out.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0);
    out.putInt((int) Math.min(offset, ELSEWHERE)).put(name);
    if (extra > 0) {
      out.putShort(ZIP64_EXTRA).putShort((short) extra);
    }
    if (data.size() >= ELSEWHERE) {
      out.putLong(data.size()).putLong(data.size());
    }
    if (offset >= ELSEWHERE) {
      out.putLong(offset);
    }
  }

  /** The fields that both headers have, from the version needed to the length of the extra. */
  private byte[] common(long size, int extra) throws IOException {
    int size32 = (int) Math.min(size, ELSEWHERE);
    return buffer(26)
        .putShort(VERSION_ZIP64)
        .putShort(UTF_8_NAME)
        .putShort(STORED)
        .putInt(NO_TIME)
        .putInt((int) crc().getValue())
        .putInt(size32)
        .putInt(size32)
        .putShort((short) name.length)
        .putShort((short) extra)
        .array();
  }

  /** Of the content, which is read for it once. */
  private synchronized CRC32 crc() throws IOException {
    if (crc == null) {
      CRC32 sum = new CRC32();
      Reads.all(data, sum);
      crc = sum;
    }
    return crc;
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
