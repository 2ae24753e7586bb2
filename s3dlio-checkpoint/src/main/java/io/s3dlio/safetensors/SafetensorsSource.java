package io.s3dlio.safetensors;

import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file to be written: a header and the bytes of the given tensors, as a source for
 * {@code put}. Nothing is copied: tensors are read, or seen in place, as the store asks for them.
 *
 * <p>Data begins at a multiple of 4096 bytes, and each tensor at a multiple of the size of its
 * elements: those of large elements come first, those of one size in the order of their names. So
 * the same tensors and metadata are always the same bytes. The header has at most 25,000,000 bytes,
 * which the readers of other languages take, too.
 *
 * <p>Thread-safe if the given sources are, which must not change and stay the caller's to close.
 */
public final class SafetensorsSource implements ByteSource {

  private final List<TensorInfo> tensors;
  private final long dataOffset;
  private final ByteSource file;

  private SafetensorsSource(Builder builder) {
    List<TensorInfo> laid = SafetensorsHeader.lay(List.copyOf(builder.tensors.values()));
    byte[] header = SafetensorsHeader.encode(laid, builder.metadata);
    this.dataOffset = header.length;
    this.tensors = laid.stream().map(t -> t.at(t.offset() + header.length)).toList();
    List<ByteSource> parts = new ArrayList<>();
    parts.add(ByteSources.of(ByteBuffer.wrap(header)));
    tensors.forEach(tensor -> parts.add(builder.data.get(tensor.name())));
    this.file = ByteSources.concat(parts);
  }

  /**
   * Begins a file.
   *
   * @return a builder without tensors
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * What is in it and where.
   *
   * @return in the order of their data
   */
  public List<TensorInfo> tensors() {
    return tensors;
  }

  /**
   * Where data begins, which is how long the header is.
   *
   * @return bytes, a multiple of 4096
   */
  public long dataOffset() {
    return dataOffset;
  }

  @Override
  public long size() {
    return file.size();
  }

  @Override
  public void read(long offset, ByteBuffer dst) throws IOException {
    file.read(offset, dst);
  }

  @Override
  public ByteBuffer view(long offset, int length) {
    return file.view(offset, length);
  }

  /** Takes the tensors of a file. Not thread-safe. */
  public static final class Builder {

    private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    private final Map<String, ByteSource> data = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private long kept;

    private Builder() {}

    /**
     * Adds a tensor.
     *
     * @param name any text but {@code __metadata__}, of up to 65,536 characters; each once
     * @param dtype what its elements are
     * @param shape its dimensions, up to 64, each 0 or more; none for a single element
     * @param bytes its elements, little-endian, in row-major order; of exactly that size
     * @return this
     * @throws IllegalArgumentException if there is a tensor of that name, the name has no UTF-8
     *     form, or the size is not that of the shape
     */
    public Builder tensor(String name, DType dtype, List<Long> shape, ByteSource bytes) {
      check(name, StrictJson.LONGEST_NAME);
      if (name.equals(SafetensorsHeader.METADATA) || data.containsKey(name)) {
        throw new IllegalArgumentException("the name " + StrictJson.quoted(name) + " is taken");
      }
      if (shape.size() > SafetensorsHeader.MOST_DIMENSIONS) {
        throw new IllegalArgumentException(
            StrictJson.quoted(name)
                + " has "
                + shape.size()
                + " dimensions; at most "
                + SafetensorsHeader.MOST_DIMENSIONS);
      }
      long size = dtype.bytes(shape);
      if (bytes.size() != size) {
        throw new IllegalArgumentException(
            "%s of %s %s has %d bytes, and its source %d"
                .formatted(StrictJson.quoted(name), dtype, shape, size, bytes.size()));
      }
      TensorInfo tensor = new TensorInfo(name, dtype, shape, 0, size);
      keep(SafetensorsHeader.heap(name, shape.size()));
      tensors.put(name, tensor);
      data.put(name, bytes);
      return this;
    }

    /**
     * Adds to the metadata of the file.
     *
     * @param texts names and values; a name that is there already gets the new value
     * @return this
     * @throws IllegalArgumentException if a text has no UTF-8 form, or is too long to be read back
     */
    public Builder metadata(Map<String, String> texts) {
      texts.forEach(
          (name, text) -> {
            check(name, StrictJson.LONGEST_NAME);
            check(text, StrictJson.LONGEST_TEXT);
            keep(SafetensorsHeader.heap(name, 0) + 2L * text.length());
            metadata.put(name, text);
          });
      return this;
    }

    private static void check(String text, int longest) {
      if (text.length() > longest || !StrictJson.isUnicode(text)) {
        throw new IllegalArgumentException(
            StrictJson.quoted(text)
                + " has more than "
                + longest
                + " characters, or half of a surrogate pair");
      }
    }

    private void keep(long heap) {
      kept += heap;
      if (kept > StrictJson.MOST_HEAP) {
        throw new IllegalArgumentException(
            "the header of " + tensors.size() + " tensors is too large: write several files");
      }
    }

    /**
     * The file.
     *
     * @return a source of what was added so far
     * @throws IllegalArgumentException if the header would have more than 25,000,000 bytes
     */
    public SafetensorsSource build() {
      return new SafetensorsSource(this);
    }
  }
}
