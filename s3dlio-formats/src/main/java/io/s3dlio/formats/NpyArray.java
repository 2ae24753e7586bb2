package io.s3dlio.formats;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An array of NumPy, as a {@code .npy} file: a header, and the elements of another source behind
 * it.
 *
 * <p>Elements begin at a multiple of 64 bytes. Immutable, and thread-safe if the source of the
 * elements is, which stays the caller's to close.
 *
 * <p>Source: NumPy Enhancement Proposal 1, "A Simple File Format for NumPy Arrays", version 1.0.
 */
public final class NpyArray extends LaidOutFile {

  /** NumPy 2 takes no more. */
  private static final int MAX_DIMENSIONS = 64;

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final int ALIGNMENT = 64;

  private final NpyType type;
  private final List<Long> shape;
  private final ByteSource elements;

  private NpyArray(NpyType type, List<Long> shape, ByteSource elements) {
    super(List.of(ByteSources.of(header(type, shape)), elements));
    this.type = type;
    this.shape = shape;
    this.elements = elements;
  }

  /**
   * An array.
   *
   * @param type what its elements are, by NumPy's name or code for a number: {@code float32},
   *     {@code <f4}, {@code |u1}, {@code >i8} and so on; little-endian if nothing is said
   * @param shape its dimensions, up to 64, each 0 or more; none for a single element
   * @param elements the elements in row-major order, of exactly the size of the shape
   * @return the array
   * @throws IllegalArgumentException if there is no such type, or the sizes do not agree
   */
  public static NpyArray of(String type, List<Long> shape, ByteSource elements) {
    long size = bytes(type, shape);
    if (elements.size() != size) {
      throw new IllegalArgumentException(
          "an array of %s %s has %,d bytes, and its source %,d"
              .formatted(type, shape, size, elements.size()));
    }
    return new NpyArray(NpyType.parse(type), List.copyOf(shape), elements);
  }

  /**
   * An array of zeros.
   *
   * @param type what its elements are
   * @param shape its dimensions
   * @return the array
   * @throws IllegalArgumentException as with {@link #of}
   */
  public static NpyArray zeros(String type, List<Long> shape) {
    return of(type, shape, new ZeroBytes(bytes(type, shape)));
  }

  /**
   * How long the elements of an array are, without a header.
   *
   * @param type what its elements are
   * @param shape its dimensions
   * @return bytes
   * @throws IllegalArgumentException if there is no such type, a dimension is negative, there are
   *     too many, or there were more than 2^62 bytes
   */
  public static long bytes(String type, List<Long> shape) {
    if (shape.size() > MAX_DIMENSIONS) {
      throw new IllegalArgumentException(
          "%d dimensions: at most %d".formatted(shape.size(), MAX_DIMENSIONS));
    }
    long bytes = NpyType.parse(type).bytes();
    boolean empty = false;
    for (long dimension : shape) {
      if (dimension < 0) {
        throw new IllegalArgumentException("shape " + shape + " has a negative dimension");
      }
      // Sizes are limited without regard to zeros, as NumPy does.
      if (dimension > MAX_SIZE / bytes) {
        throw new IllegalArgumentException("%s %s has more than 2^62 bytes".formatted(type, shape));
      }
      empty |= dimension == 0;
      bytes *= Math.max(1, dimension);
    }
    return empty ? 0 : bytes;
  }

  NpyType type() {
    return type;
  }

  List<Long> shape() {
    return shape;
  }

  ByteSource elements() {
    return elements;
  }

  /** How long it is that is in front of the elements. */
  int headerSize() {
    return (int) (size() - elements.size());
  }

  private static ByteBuffer header(NpyType type, List<Long> shape) {
    String description = description(type, shape);
    int least = MAGIC.length + Short.BYTES + description.length() + 1;
    int size = (least + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    ByteBuffer header = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    header.put(MAGIC).putShort((short) (size - MAGIC.length - Short.BYTES));
    header.put(description.getBytes(ISO_8859_1));
    while (header.remaining() > 1) {
      header.put((byte) ' ');
    }
    return header.put((byte) '\n').flip();
  }

  private static String description(NpyType type, List<Long> shape) {
    // A tuple of one has a comma behind it.
    String tuple =
        shape.size() == 1
            ? "(" + shape.get(0) + ",)"
            : shape.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
    return "{'descr': '%s', 'fortran_order': False, 'shape': %s, }"
        .formatted(type.descriptor(), tuple);
  }

  /** What NumPy reads of it: type and shape. */
  @Override
  public String toString() {
    return description(type, shape);
  }
}
