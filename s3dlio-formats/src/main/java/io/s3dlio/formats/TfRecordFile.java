package io.s3dlio.formats;

import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * Data cut into the records of a TFRecord file: in front of each its length and that length's
 * checksum, behind it the checksum of the record.
 *
 * <p>A read that has a record as a whole computes its checksum from the bytes it has just read; one
 * that wants the checksum and has only a part of the record reads all of the record once more.
 *
 * <p>Immutable, and thread-safe if the source of the data is, which stays the caller's to close.
 *
 * <p>Source: TensorFlow, "TFRecord and tf.train.Example", "TFRecords format details". The checksum
 * is CRC-32C (RFC 3720, appendix B.4), rotated by 15 bits, plus a constant.
 */
public final class TfRecordFile implements ByteSource {

  /** Bytes around a record. */
  private static final int HEAD = Long.BYTES + Integer.BYTES;

  private static final int TAIL = Integer.BYTES;
  private static final int MASK_DELTA = 0xa282ead8;

  private final ByteSource data;
  private final long recordSize;
  private final long records;
  private final byte[] head;
  private final byte[] lastHead;

  private TfRecordFile(ByteSource data, long recordSize) {
    this.data = data;
    this.recordSize = recordSize;
    this.records = data.size() / recordSize + (data.size() % recordSize == 0 ? 0 : 1);
    this.head = head(recordSize);
    this.lastHead = records == 0 ? head : head(data.size() - (records - 1) * recordSize);
  }

  /**
   * A file of records that all have one size but for the last, which has what is left.
   *
   * @param data the records one behind the other
   * @param recordSize bytes of each, 1 or more
   * @return the file, without a byte if there is no data
   * @throws IllegalArgumentException if the size is out of range, or there were more than 2^63 - 1
   *     bytes
   */
  public static TfRecordFile of(ByteSource data, long recordSize) {
    if (recordSize < 1) {
      throw new IllegalArgumentException("records of " + recordSize + " bytes: must be 1 or more");
    }
    long most = (Long.MAX_VALUE - data.size()) / (HEAD + TAIL);
    if (data.size() > 0 && (data.size() - 1) / recordSize >= most) {
      throw new IllegalArgumentException(
          "%,d bytes in records of %,d: would have more than 2^63 - 1 bytes"
              .formatted(data.size(), recordSize));
    }
    return new TfRecordFile(data, Math.min(recordSize, Math.max(1, data.size())));
  }

  /**
   * How many records there are.
   *
   * @return 0 or more
   */
  public long records() {
    return records;
  }

  /**
   * Where a record begins in the file, with its length in front of it. That and {@link #length} are
   * the two numbers that indexes of such files have a line of, those of NVIDIA DALI, say.
   *
   * @param record its number, from 0 on
   * @return bytes from the begin
   * @throws IndexOutOfBoundsException if there is no such record
   */
  public long offset(long record) {
    return Objects.checkIndex(record, records) * (HEAD + recordSize + TAIL);
  }

  /**
   * How long a record is in the file, with what is around it.
   *
   * @param record its number, from 0 on
   * @return bytes
   * @throws IndexOutOfBoundsException if there is no such record
   */
  public long length(long record) {
    return HEAD + dataLength(Objects.checkIndex(record, records)) + TAIL;
  }

  @Override
  public long size() {
    return data.size() + records * (HEAD + TAIL);
  }

  @Override
  public void read(long offset, ByteBuffer dst) throws IOException {
    Objects.checkFromIndexSize(offset, dst.remaining(), size());
    CRC32C crc = new CRC32C();
    long at = offset;
    while (dst.hasRemaining()) {
      long record = at / (HEAD + recordSize + TAIL);
      at += readRecord(record, at - offset(record), dst, crc);
    }
  }

  /** Reads of one record, from an offset in it, and returns how many bytes. */
  private int readRecord(long record, long from, ByteBuffer dst, CRC32C crc) throws IOException {
    int begin = dst.position();
    long length = dataLength(record);
    if (from < HEAD) {
      int some = (int) Math.min(HEAD - from, dst.remaining());
      dst.put(record == records - 1 ? lastHead : head, (int) from, some);
    }
    long inData = Math.max(0, from - HEAD);
    int dataAt = dst.position();
    if (inData < length && dst.hasRemaining()) {
      int some = (int) Math.min(length - inData, dst.remaining());
      Reads.some(data, record * recordSize + inData, some, dst);
    }
    if (dst.hasRemaining()) {
      crc.reset();
      if (dst.position() - dataAt == length) {
        crc.update(dst.duplicate().flip().position(dataAt));
      } else {
        Reads.all(ByteSources.slice(data, record * recordSize, length), crc);
      }
      byte[] tail = littleEndian(Integer.BYTES).putInt(masked(crc)).array();
      int inTail = (int) Math.max(0, from - HEAD - length);
      dst.put(tail, inTail, Math.min(TAIL - inTail, dst.remaining()));
    }
    return dst.position() - begin;
  }

  private long dataLength(long record) {
    return Math.min(recordSize, data.size() - record * recordSize);
  }

  private static byte[] head(long length) {
    byte[] head = littleEndian(HEAD).putLong(length).array();
    CRC32C crc = new CRC32C();
    crc.update(head, 0, Long.BYTES);
    return littleEndian(HEAD).putLong(length).putInt(masked(crc)).array();
  }

  private static int masked(CRC32C crc) {
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
  }

  private static ByteBuffer littleEndian(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** What it is, for people to read. */
  @Override
  public String toString() {
    return "%d records of %d bytes".formatted(records, recordSize);
  }
}
