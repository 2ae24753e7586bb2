package io.s3dlio.internal;

import io.s3dlio.ByteSource;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.buffer.Lease;
import io.s3dlio.spi.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The bytes of one request to write: in place where the source has them in memory, else read into
 * pooled memory, which is held until the request has ended.
 */
public final class PartBytes implements AutoCloseable {

  private final Payload payload;
  private final Lease lease;
  private boolean done;

  private PartBytes(Engine engine, List<ByteBuffer> buffers, long size, Lease lease) {
    boolean withCrc = engine.backend.capabilities().checksums();
    this.payload =
        new Payload(buffers, size, withCrc ? Optional.of(Crc32c.of(buffers)) : Optional.empty());
    this.lease = lease;
  }

  /**
   * Has the bytes of a range.
   *
   * @param engine of the store
   * @param uri what they are for
   * @param source has them
   * @param offset where they begin
   * @param length how many, at most 1 GiB
   * @return the bytes, which the caller closes
   * @throws ObjectStoreException if the source cannot be read or there is no memory in time
   */
  public static PartBytes read(
      Engine engine, ObjectUri uri, ByteSource source, long offset, long length)
      throws ObjectStoreException {
    ByteBuffer inPlace = source.view(offset, Math.toIntExact(length));
    if (inPlace != null) {
      return new PartBytes(engine, List.of(inPlace), length, null);
    }
    Lease lease = engine.memory(length, "put " + uri);
    try {
      long at = offset;
      for (ByteBuffer buffer : lease.buffers()) {
        int n = buffer.remaining();
        source.read(at, buffer);
        at += n;
      }
      return new PartBytes(engine, lease.buffers(), length, lease);
    } catch (ObjectStoreException e) {
      lease.close();
      throw e;
    } catch (IOException e) {
      lease.close();
      throw new ObjectStoreException(
          Kind.UNKNOWN, "put", uri, "the source cannot be read: " + e, e);
    } catch (RuntimeException | Error e) {
      lease.close();
      throw e;
    }
  }

  Payload payload() {
    return payload;
  }

  long size() {
    return payload.size();
  }

  /** The request succeeded: nobody reads the memory any more. */
  void done() {
    done = true;
  }

  /** Gives the memory back; without {@link #done}, to nobody, since the request may be alive. */
  @Override
  public void close() {
    if (lease != null && done) {
      lease.close();
    } else if (lease != null) {
      lease.abandon();
    }
  }
}
