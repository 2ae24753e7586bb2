package io.s3dlio.formats;

import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Arrays of numbers as the datasets of an HDF5 file: each in one piece, neither chunked nor
 * compressed, linked from the root group in the order they are given in.
 *
 * <p>Elements begin at multiples of 4 KiB, so that the blocks of duplicated data are blocks of the
 * file. What is around them follows from types, shapes and names alone, and lies at the beginning
 * of the file but for padding.
 *
 * <p>Immutable, and thread-safe if the sources of the elements are, which stay the caller's to
 * close. Memory is needed for the headers: about 400 bytes and the name for each dataset.
 *
 * <p>Source: The HDF Group, "HDF5 File Format Specification Version 3.0": a superblock of version
 * 0, object headers of version 1, and a group with link messages, which the library has read since
 * version 1.8.
 */
public final class Hdf5File extends LaidOutFile {

  private static final int ALIGNMENT = 4096;
  private static final int MAX_DIMENSIONS = 32;

  /** So that with the longest names the group has less than the 32 MiB the library takes. */
  private static final int MAX_DATASETS = 10_000;

  private static final long SIGNATURE = 0x0a1a0a0d46444889L;
  private static final int SUPERBLOCK_SIZE = 96;

  private final String names;

  private Hdf5File(Map<String, NpyArray> arrays) {
    super(parts(arrays));
    this.names = String.join(", ", arrays.keySet());
  }

  /** Headers of datasets, in the order of the file, then that of the group, then elements. */
  private static List<ByteSource> parts(Map<String, NpyArray> arrays) {
    Map<String, Long> members = new LinkedHashMap<>();
    int at = SUPERBLOCK_SIZE;
    for (String name : arrays.keySet()) {
      members.put(name, (long) at);
      at += Hdf5Header.MAX_DATASET_SIZE;
    }
    byte[] group = Hdf5Header.group(members).bytes();
    ByteBuffer headers = ByteBuffer.allocate((int) aligned(at + group.length));
    headers.put(at, group);
    List<ByteSource> parts = new ArrayList<>();
    parts.add(ByteSources.of(headers));
    long end = headers.capacity();
    for (Map.Entry<String, NpyArray> array : arrays.entrySet()) {
      NpyArray content = array.getValue();
      long size = content.elements().size();
      long begin = size == 0 ? end : aligned(end);
      long address = size == 0 ? Hdf5Header.NOWHERE : begin;
      headers.put(
          members.get(array.getKey()).intValue(), Hdf5Header.dataset(content, address).bytes());
      parts.add(new ZeroBytes(begin - end));
      parts.add(content.elements());
      end = begin + size;
    }
    headers.put(0, superblock(at, end));
    return parts;
  }

  /**
   * A file with datasets.
   *
   * @param arrays by the names of the datasets, in the order of the file
   * @return the file
   * @throws IllegalArgumentException if there are more than 10,000 arrays or 2^62 bytes; an array
   *     has more than 32 dimensions, or elements that are neither integers nor floats; or a name
   *     has no character or more than 1,000, is {@code .}, or has a slash, a NUL or half of a
   *     surrogate pair
   */
  public static Hdf5File of(Map<String, NpyArray> arrays) {
    if (arrays.size() > MAX_DATASETS) {
      throw new IllegalArgumentException(
          "%,d datasets: at most %,d".formatted(arrays.size(), MAX_DATASETS));
    }
    long size = 0;
    for (Map.Entry<String, NpyArray> array : arrays.entrySet()) {
      checkLinkName(array.getKey());
      checkArray(array.getValue());
      size += array.getValue().elements().size();
      if (size > MAX_SIZE) {
        throw new IllegalArgumentException("the datasets have more than 2^62 bytes");
      }
    }
    return new Hdf5File(new LinkedHashMap<>(arrays));
  }

  /**
   * Samples and their labels, as training benchmarks read them: {@code records}, and {@code
   * labels}, zeros of 64-bit integers.
   *
   * @param records the samples
   * @param labels how many zeros, 0 or more
   * @return the file
   * @throws IllegalArgumentException as with {@link #of}, or if the number of labels is out of
   *     range
   */
  public static Hdf5File labelled(NpyArray records, long labels) {
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    arrays.put("records", records);
    arrays.put("labels", NpyArray.zeros("<i8", List.of(labels)));
    return of(arrays);
  }

  private static void checkLinkName(String name) {
    checkName("a dataset", name);
    if (name.equals(".") || name.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "'%s' cannot be the name of a dataset: must be no path".formatted(name));
    }
  }

  private static void checkArray(NpyArray array) {
    if ("iuf".indexOf(array.type().kind()) < 0) {
      throw new IllegalArgumentException(
          "a dataset of %s: must be integers or floats, the only numbers all versions of HDF5 have"
              .formatted(array.type().descriptor()));
    }
    if (array.shape().size() > MAX_DIMENSIONS) {
      throw new IllegalArgumentException(
          "a dataset of %d dimensions: at most %d".formatted(array.shape().size(), MAX_DIMENSIONS));
    }
  }

  /** The names of the datasets, for people to read. */
  @Override
  public String toString() {
    return names;
  }

  private static long aligned(long offset) {
    return offset + (-offset & ALIGNMENT - 1);
  }

  /**
   * The beginning of all.
   *
   * @param group where the header of the root group is
   * @param end of the file
   */
  private static byte[] superblock(long group, long end) {
    return ByteBuffer.allocate(SUPERBLOCK_SIZE)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(SIGNATURE)
        .putInt(0) // versions
        .put((byte) 0)
        .put((byte) Long.BYTES) // of an address
        .put((byte) Long.BYTES) // of a length
        .put((byte) 0)
        .putShort((short) 4) // for groups that have a tree
        .putShort((short) 16)
        .putInt(0)
        .putLong(0)
        .putLong(Hdf5Header.NOWHERE) // free space
        .putLong(end)
        .putLong(Hdf5Header.NOWHERE) // a driver
        .putLong(0)
        .putLong(group)
        .array();
  }
}
