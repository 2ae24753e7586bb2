package io.s3dlio.formats;

import io.s3dlio.ByteSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Arrays of NumPy in one file, as {@code numpy.savez} writes them: a ZIP archive with a {@code
 * .npy} file for each, not compressed.
 *
 * <p>Elements begin at multiples of 4 KiB, so that the blocks of duplicated data are blocks of the
 * file. The fields of ZIP64 are used as NumPy uses them, so that no size is too large.
 *
 * <p>The header of an array has the CRC-32 of what follows. It is computed when that header, or the
 * directory at the end of the file, is first read: all elements are read once more for it, on the
 * thread that asks. No other range costs more than its own bytes.
 *
 * <p>Thread-safe if the sources of the elements are, which stay the caller's to close.
 *
 * <p>Source: PKWARE, ".ZIP File Format Specification" (APPNOTE.TXT) 6.3.10.
 */
public final class NpzFile extends LaidOutFile {

  private static final int MAX_ARRAYS = 100_000;

  private final String names;

  private NpzFile(Map<String, NpyArray> arrays) {
    super(parts(arrays));
    this.names = String.join(", ", arrays.keySet());
  }

  private static List<ByteSource> parts(Map<String, NpyArray> arrays) {
    List<ZipEntry> entries = new ArrayList<>();
    List<ByteSource> parts = new ArrayList<>();
    long at = 0;
    for (Map.Entry<String, NpyArray> array : arrays.entrySet()) {
      NpyArray content = array.getValue();
      ZipEntry entry = new ZipEntry(array.getKey() + ".npy", at, content, content.headerSize());
      entries.add(entry);
      parts.add(new LateBytes(entry.headerSize(), entry::header));
      parts.add(content);
      at += entry.headerSize() + content.size();
    }
    long directory = at;
    parts.add(
        new LateBytes(
            ZipEntry.directorySize(entries, directory),
            () -> ZipEntry.directory(entries, directory)));
    return parts;
  }

  /**
   * A file with arrays.
   *
   * @param arrays by their names, in the order of the file; names without {@code .npy}
   * @return the file
   * @throws IllegalArgumentException if there are more than 100,000 arrays or 2^62 bytes, or a name
   *     has no character or more than 1,000, or a NUL or half of a surrogate pair
   */
  public static NpzFile of(Map<String, NpyArray> arrays) {
    if (arrays.size() > MAX_ARRAYS) {
      throw new IllegalArgumentException(
          "%,d arrays: at most %,d".formatted(arrays.size(), MAX_ARRAYS));
    }
    long size = 0;
    for (Map.Entry<String, NpyArray> array : arrays.entrySet()) {
      checkName("an array", array.getKey());
      size += array.getValue().size();
      if (size > MAX_SIZE) {
        throw new IllegalArgumentException("the arrays have more than 2^62 bytes");
      }
    }
    return new NpzFile(new LinkedHashMap<>(arrays));
  }

  /**
   * Samples and their labels, as training benchmarks read them: {@code x}, and {@code y}, zeros of
   * 64-bit integers.
   *
   * @param x the samples
   * @param labels how many zeros, 0 or more
   * @return the file
   * @throws IllegalArgumentException if the number of labels is out of range
   */
  public static NpzFile labelled(NpyArray x, long labels) {
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    arrays.put("x", x);
    arrays.put("y", NpyArray.zeros("<i8", List.of(labels)));
    return of(arrays);
  }

  /** The names of the arrays, for people to read. */
  @Override
  public String toString() {
    return names;
  }
}
