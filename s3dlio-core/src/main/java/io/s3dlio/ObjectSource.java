package io.s3dlio;

import io.s3dlio.internal.Download;
import io.s3dlio.internal.Engine;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;

/** An object as a {@link ByteSource}; made by {@link ObjectStore#source}. Holds no resource. */
public final class ObjectSource implements ByteSource {

  private final Engine engine;
  private final ObjectMeta meta;
  private final Optional<String> version;

  ObjectSource(Engine engine, ObjectMeta meta, Optional<String> version) {
    this.engine = engine;
    this.meta = meta;
    this.version = version;
  }

  /**
   * What the store said of the object when the source was made.
   *
   * @return size, ETag, content type, user metadata
   */
  public ObjectMeta meta() {
    return meta;
  }

  @Override
  public long size() {
    return meta.size();
  }

  @Override
  public void read(long offset, ByteBuffer dst) throws IOException {
    Objects.checkFromIndexSize(offset, dst.remaining(), size());
    if (!dst.hasRemaining()) {
      return;
    }
    GetOptions options =
        new GetOptions(
            ByteRange.of(offset, dst.remaining()), meta.etag(), version, ProgressListener.NONE);
    ReadResult read = Download.toSink(engine, "get", meta.uri(), ByteSinks.of(dst), options);
    if (read.length() != dst.remaining()) {
      throw new EOFException(
          meta.uri() + " gave " + read.length() + " of " + dst.remaining() + " bytes");
    }
    dst.position(dst.limit());
  }
}
