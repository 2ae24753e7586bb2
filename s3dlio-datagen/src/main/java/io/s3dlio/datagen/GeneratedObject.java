package io.s3dlio.datagen;

import io.s3dlio.ByteSource;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * An object whose bytes are made when they are read.
 *
 * <p>Immutable and thread-safe. A read makes the bytes on the thread that calls it, straight into
 * the caller's buffer (of any kind, at any alignment) and allocates nothing but, once per thread, a
 * page of 4 KiB. The cost of a read is that of making its bytes and those before them in their
 * block of 32 KiB; a read that goes on in the block where the same thread's last one ended makes
 * only its own.
 *
 * <p>Equal if specification, key and size are.
 */
public final class GeneratedObject implements ByteSource {

  private final GeneratorSpec spec;
  private final String key;
  private final long size;
  private final StreamKey streamKey;

  GeneratedObject(GeneratorSpec spec, String key, long size) {
    if (size < 0) {
      throw new IllegalArgumentException("size " + size + " is negative");
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(key)) {
      throw new IllegalArgumentException("key is not well-formed Unicode: it has half a surrogate");
    }
    this.spec = spec;
    this.key = key;
    this.size = size;
    this.streamKey = StreamKey.of(spec, key);
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
   * ASCII without blanks, at most 1.5 KiB if the key has at most 1,024 bytes.
   *
   * <p>{@code v=1;seed=42;size=1048576;key=a/b%20c;crc=0123abcd}, where the key is in UTF-8 and
   * percent-encoded except for letters, digits and {@code -._~/}; where that is longer than the key
   * in base64url without padding, this form is used and named {@code key64}. The last field is the
   * CRC-32C of all before {@code ;crc=}, so that damage to the text is not taken for damage to the
   * data.
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
    Pages pages = Pages.ofThisThread();
    long at = offset;
    while (dst.hasRemaining()) {
      byte[] page = pages.page(streamKey, at / Pages.PAGE);
      int from = (int) (at % Pages.PAGE);
      int length = Math.min(dst.remaining(), Pages.PAGE - from);
      dst.put(page, from, length);
      at += length;
    }
  }

  StreamKey streamKey() {
    return streamKey;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GeneratedObject that
        && spec.equals(that.spec)
        && key.equals(that.key)
        && size == that.size;
  }

  @Override
  public int hashCode() {
    return Objects.hash(spec, key, size);
  }

  /** The {@linkplain #toText text}. */
  @Override
  public String toString() {
    return toText();
  }
}
