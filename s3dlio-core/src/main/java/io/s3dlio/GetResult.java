package io.s3dlio;

/**
 * An object that was read into memory. The caller closes it, which closes {@link #bytes()}.
 *
 * @param meta what the store says about the object
 * @param offset where {@code bytes} begins in the object
 * @param bytes what was read
 * @param verification whether the bytes were compared with a stored checksum
 */
public record GetResult(ObjectMeta meta, long offset, BytesView bytes, Verification verification)
    implements AutoCloseable {
  @Override
  public void close() {
    bytes.close();
  }
}
