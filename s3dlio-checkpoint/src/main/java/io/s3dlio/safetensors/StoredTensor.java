package io.s3dlio.safetensors;

import io.s3dlio.ByteSink;
import io.s3dlio.ByteSinks;
import io.s3dlio.ByteSource;
import io.s3dlio.BytesView;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;

/**
 * A tensor of an open {@link SafetensorsFile}, read when it is asked for: all of it into pooled
 * memory or a sink, or any of its bytes into the caller's memory. As a source it can be put into
 * another file. Holds no resource; valid as long as the file's store. Thread-safe.
 */
public final class StoredTensor implements ByteSource {

  private final SafetensorsFile file;
  private final TensorInfo info;

  StoredTensor(SafetensorsFile file, TensorInfo info) {
    this.file = file;
    this.info = info;
  }

  /**
   * What the file says of it.
   *
   * @return name, type, shape and where its bytes lie
   */
  public TensorInfo info() {
    return info;
  }

  /**
   * What its elements are.
   *
   * @return as in {@link #info}
   */
  public DType dtype() {
    return info.dtype();
  }

  /**
   * Its dimensions.
   *
   * @return as in {@link #info}
   */
  public List<Long> shape() {
    return info.shape();
  }

  /**
   * The file it lies in.
   *
   * @return the file's URI
   */
  public ObjectUri uri() {
    return file.uri();
  }

  @Override
  public long size() {
    return info.size();
  }

  /**
   * Reads all of it into pooled memory.
   *
   * @return its elements, little-endian, in row-major order; the caller closes it
   * @throws ObjectStoreException what went wrong; of kind PRECONDITION_FAILED if the file was
   *     replaced since it was opened, INVALID if it became shorter
   */
  public BytesView get() throws ObjectStoreException {
    return file.get(info.offset(), info.size());
  }

  /**
   * Reads all of it into a sink.
   *
   * @param sink takes the bytes, at offsets from the start of the tensor, from several threads
   * @throws ObjectStoreException as {@link #get()}; the sink may then hold some of the bytes
   */
  public void get(ByteSink sink) throws ObjectStoreException {
    if (info.size() > 0) {
      file.get(info.offset(), info.size(), sink);
    }
  }

  /**
   * Reads some of its bytes into the caller's memory.
   *
   * @param offset from the start of the tensor, in bytes
   * @param dst filled from its position to its limit, which then is its position
   * @throws IndexOutOfBoundsException if that is not inside the tensor
   * @throws ObjectStoreException as {@link #get()}; {@code dst} has its old position then, and may
   *     hold some of the bytes
   */
  @Override
  public void read(long offset, ByteBuffer dst) throws ObjectStoreException {
    Objects.checkFromIndexSize(offset, dst.remaining(), info.size());
    if (dst.hasRemaining()) {
      file.get(info.offset() + offset, dst.remaining(), ByteSinks.of(dst));
      dst.position(dst.limit());
    }
  }
}
