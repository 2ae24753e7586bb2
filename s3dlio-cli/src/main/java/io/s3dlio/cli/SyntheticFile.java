package io.s3dlio.cli;

import io.s3dlio.ByteSource;
import io.s3dlio.datagen.GeneratedObject;
import io.s3dlio.formats.FileFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * What {@code put} writes: generated data, and what a file format puts around it. Thread-safe.
 *
 * <p>Its text is that of the data, and behind it that of the format, if there is one, with a
 * CRC-32C of all.
 */
final class SyntheticFile implements ByteSource {

  private static final Pattern FORMATTED =
      Pattern.compile("(.*);format=([a-z0-9:]{1,60});crc=[0-9a-f]{8}");

  private final GeneratedObject data;
  private final FileFormat format;
  private final ByteSource bytes;

  /**
   * A file.
   *
   * @throws IllegalArgumentException if the data does not fit the format
   */
  SyntheticFile(GeneratedObject data, FileFormat format) {
    this.data = data;
    this.format = format;
    this.bytes = format.around(data);
  }

  /**
   * The file that a text describes.
   *
   * @throws IllegalArgumentException if it describes none, or is not what {@link #toText} gave
   */
  static SyntheticFile parse(String text) {
    Matcher formatted = FORMATTED.matcher(text);
    if (!formatted.matches()) {
      return new SyntheticFile(GeneratedObject.parse(text), FileFormat.RAW);
    }
    GeneratedObject data = GeneratedObject.parse(formatted.group(1));
    SyntheticFile file = new SyntheticFile(data, FileFormat.parse(formatted.group(2)));
    if (!file.toText().equals(text)) {
      throw new IllegalArgumentException(
          "what it says of the file format is damaged: ;format=" + formatted.group(2));
    }
    return file;
  }

  /** The same for an object of another key. */
  SyntheticFile withKey(String key) {
    return new SyntheticFile(data.spec().object(key, data.size()), format);
  }

  GeneratedObject data() {
    return data;
  }

  String key() {
    return data.key();
  }

  /** What to compare with: the data itself where nothing is around it. */
  ByteSource bytes() {
    return bytes;
  }

  @Override
  public long size() {
    return bytes.size();
  }

  @Override
  public void read(long offset, ByteBuffer dst) throws IOException {
    bytes.read(offset, dst);
  }

  String toText() {
    if (isPlain()) {
      return data.toText();
    }
    String text = data.toText() + ";format=" + format;
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return text + ";crc=" + HexFormat.of().toHexDigits((int) crc.getValue());
  }

  /** Whether there is nothing but data. */
  boolean isPlain() {
    return format.equals(FileFormat.RAW);
  }

  /** What its memory is held for. */
  @Override
  public String toString() {
    return key();
  }
}
