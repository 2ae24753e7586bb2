package io.s3dlio.datagen;

import io.s3dlio.ByteSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An object whose bytes are made when they are read.
 *
 * <p>Immutable and thread-safe. A read makes the bytes on the thread that calls it, straight into
 * the caller's buffer (of any kind, at any alignment), and allocates nothing but a few KiB once per
 * thread. The cost of a read is that of making its bytes and those before them in their unit of 32
 * KiB, or of a dedup block if that is smaller; a read that goes on in the unit where the same
 * thread's last one ended makes only its own.
 *
 * <p>Equal if specification, key, size and index are.
 */
public final class GeneratedObject implements ByteSource {

  private final GeneratorSpec spec;
  private final String key;
  private final long size;
  private final long index;
  private final long id;
  private final DataSetKey dataSet;
  private final StreamKey stream;
  private final Shape shape;
  private final BlockMap blocks;

  GeneratedObject(GeneratorSpec spec, String key, long size, long index) {
    if (size < 0) {
      throw new IllegalArgumentException("size " + size + " is negative");
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(key)) {
      throw new IllegalArgumentException("key is not well-formed Unicode: it has half a surrogate");
    }
    this.spec = spec;
    this.key = key;
    this.size = size;
    this.index = index;
    this.shape = Shape.of(spec);
    this.dataSet = DataSetKey.of(spec);
    // What objects share is nobody's.
    this.id = spec.sharesBlocks() ? 0 : dataSet.objectId(key);
    this.stream = dataSet.stream(id);
    this.blocks = blocks();
  }

  private BlockMap blocks() {
    long ratio = GeneratorSpec.millionths(spec.dedup());
    if (ratio == GeneratorSpec.MILLION) {
      return BlockMap.PLAIN;
    }
    if (spec.dedupScope() instanceof DedupScope.DataSet all) {
      if (index < 0 || index >= all.objects()) {
        throw new IllegalArgumentException(
            "object %d of %d: must be 0 to %d".formatted(index, all.objects(), all.objects() - 1));
      }
      if (size != all.objectSize()) {
        throw new IllegalArgumentException(
            "size %d: the objects of this data set have %d bytes each"
                .formatted(size, all.objectSize()));
      }
      long whole = size / spec.dedupBlock();
      return new DataSetDedup(all.objects(), whole, ratio, index, dataSet.order(index));
    }
    long blocks = size / spec.dedupBlock() + (size % spec.dedupBlock() == 0 ? 0 : 1);
    return new ObjectDedup(blocks, ratio, stream.k0());
  }

  /**
   * The object that a text describes.
   *
   * @param text what {@link #toText} gave
   * @return an object equal to that one
   * @throws IllegalArgumentException if the text is not one, is damaged, or is of a format version
   *     that is not known; the message says which
   */
  public static GeneratedObject parse(String text) {
    return ObjectText.parse(text);
  }

  /**
   * All that it takes to make or check the object, as it is stored beside it: one line of printable
   * ASCII without blanks, at most 1.6 KiB if the key has at most 1,024 bytes.
   *
   * <p>{@code v=1;seed=42;size=1048576;key=a/b%20c;crc=0123abcd}, with {@code ;compress=1.5},
   * {@code ;dedup=2}, {@code ;block=8192}, {@code ;objects=10;each=1048576} and {@code ;index=3}
   * where they are not the defaults. The key is in UTF-8 and percent-encoded except for letters,
   * digits and {@code -._~/}; where that is longer than the key in base64url without padding, this
   * form is used and named {@code key64}. The last field is the CRC-32C of all before {@code
   * ;crc=}, so that damage to the text is not taken for damage to the data.
   *
   * @return the text, which {@link #parse} reads
   */
  public String toText() {
    return ObjectText.format(this);
  }

  /**
   * What this object shares with the others of its data set.
   *
   * @return the specification
   */
  public GeneratorSpec spec() {
    return spec;
  }

  /**
   * The name that the bytes depend on.
   *
   * @return the key
   */
  public String key() {
    return key;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void read(long offset, ByteBuffer dst) {
    Objects.checkFromIndexSize(offset, dst.remaining(), size);
    if (dst.isReadOnly()) {
      throw new ReadOnlyBufferException();
    }
    Pages.ofThisThread().read(this, offset, dst);
  }

  /**
   * The bytes for whoever reads a channel. It has a position, from which it is read and which may
   * be set anywhere, also beyond the end; it cannot be written.
   *
   * @return a new channel at the first byte, thread-safe, that holds no resource: closing it only
   *     ends its use
   */
  public SeekableByteChannel channel() {
    return new GeneratedChannel(this);
  }

  /**
   * The bytes for whoever reads a stream; it skips without making any. A read of one byte costs as
   * much as one of a hundred: worth a {@link java.io.BufferedInputStream} where single bytes are
   * read.
   *
   * @return a new stream at the first byte, thread-safe, that holds no resource: closing it only
   *     ends its use
   */
  public InputStream inputStream() {
    return Channels.newInputStream(channel());
  }

  /**
   * Compares bytes with those of this object. Allocates nothing if all are right.
   *
   * @param offset where the bytes belong, in bytes
   * @param src the bytes, from its position to its limit, where its position is afterwards
   * @return what is wrong with them, without what lies before and behind; empty if they are right
   * @throws IndexOutOfBoundsException if the range is not inside the object
   */
  public Optional<CheckResult> check(long offset, ByteBuffer src) {
    Objects.checkFromIndexSize(offset, src.remaining(), size);
    if (Pages.ofThisThread().mismatch(this, offset, src) < 0) {
      src.position(src.limit());
      return Optional.empty();
    }
    CheckingSink sink = new CheckingSink(this);
    try {
      sink.write(offset, src);
    } catch (IOException e) {
      throw new AssertionError("one piece is not too many", e);
    }
    CheckResult found = sink.result();
    return Optional.of(
        new CheckResult(
            found.checkedBytes(),
            found.wrongBytes(),
            0,
            found.firstWrongOffset(),
            found.misplaced()));
  }

  /** The number of the unit, in the object's stream, that has an offset. */
  long unitAt(long offset) {
    if (blocks == BlockMap.PLAIN) {
      return offset / shape.unit();
    }
    int block = spec.dedupBlock();
    return blocks.unique(offset / block) * (block / shape.unit()) + offset % block / shape.unit();
  }

  /** Whether the first bytes of a unit, as many as a length says, lie at an offset. */
  boolean has(long unit, int length, long offset) {
    return offset % shape.unit() == 0 && offset <= size - length && unitAt(offset) == unit;
  }

  /** Where the first bytes of a unit lie for the first time; empty if they are not in here. */
  OptionalLong firstOffset(long unit, int length) {
    int block = blocks == BlockMap.PLAIN ? shape.unit() : spec.dedupBlock();
    int inBlock = block / shape.unit();
    long first = unit < 0 ? -1 : blocks.first(unit / inBlock);
    if (first < 0 || first > size / block) {
      return OptionalLong.empty();
    }
    long offset = first * block + unit % inBlock * shape.unit();
    return offset < 0 || offset > size - length ? OptionalLong.empty() : OptionalLong.of(offset);
  }

  /**
   * The object's number in its data set, by which {@link Misplaced#objectId} names an object that
   * the check does not know, where objects share blocks.
   *
   * @return the number, from 0; 0 where objects share no blocks
   */
  public long index() {
    return index;
  }

  /**
   * The number that stands for the key in the data, by which {@link Misplaced#objectId} names an
   * object that the check does not know, where objects share no blocks.
   *
   * @return the number; 0 where objects share blocks
   */
  public long id() {
    return id;
  }

  Shape shape() {
    return shape;
  }

  StreamKey stream() {
    return stream;
  }

  DataSetKey dataSet() {
    return dataSet;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GeneratedObject that
        && spec.equals(that.spec)
        && key.equals(that.key)
        && size == that.size
        && index == that.index;
  }

  @Override
  public int hashCode() {
    return Objects.hash(spec, key, size, index);
  }

  /** The {@linkplain #toText text}. */
  @Override
  public String toString() {
    return toText();
  }
}
