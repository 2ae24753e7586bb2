package io.s3dlio.cli;

import io.s3dlio.ByteSource;
import io.s3dlio.datagen.GeneratedObject;
import io.s3dlio.formats.FileFormat;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What {@code put} writes: generated data, and what a file format puts around it. Thread-safe.
 *
 * <p>Its text is that of the data, with that of the format and a semicolon in front if there is
 * one.
 */
final class SyntheticFile implements ByteSource {

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
   * @throws IllegalArgumentException if it describes none
   */
  static SyntheticFile parse(String text) {
    int end = text.indexOf(';');
    if (end < 0 || text.startsWith("v=")) {
      return new SyntheticFile(GeneratedObject.parse(text), FileFormat.RAW);
    }
    // The data's text first: of what was written by others, it says so without repeating controls.
    GeneratedObject data = GeneratedObject.parse(text.substring(end + 1));
    return new SyntheticFile(data, FileFormat.parse(text.substring(0, end)));
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
    return format.equals(FileFormat.RAW) ? data.toText() : format + ";" + data.toText();
  }

  /** What its memory is held for. */
  @Override
  public String toString() {
    return key();
  }
}
