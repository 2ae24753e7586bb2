package io.s3dlio.internal;

import io.s3dlio.ByteSource;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.buffer.Lease;
import io.s3dlio.spi.FilledSource;
import io.s3dlio.spi.Payload;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
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
    try {
      ByteBuffer inPlace = source.view(offset, Math.toIntExact(length));
      if (inPlace != null && inPlace.remaining() != length) {
        throw new IllegalStateException(
            "its view has " + inPlace.remaining() + " of " + length + " bytes");
      }
      if (inPlace != null) {
        return new PartBytes(engine, List.of(inPlace), length, null);
      }
    } catch (RuntimeException e) {
      throw unreadable(uri, e);
    }
    Lease filled = take(uri, source, offset, length);
    Lease lease = filled != null ? filled : engine.memory("put", uri, length);
    try {
      if (filled == null) {
        fill(lease, source, offset);
      }
      return new PartBytes(engine, lease.buffers(), length, lease);
    } catch (ObjectStoreException e) {
      lease.close();
      throw e;
    } catch (IOException | RuntimeException e) {
      lease.close();
      throw unreadable(uri, e);
    } catch (Error e) {
      lease.close();
      throw e;
    }
  }

  /**
   * The first bytes of a piece of memory.
   *
   * @param lease at most 1 GiB; taken over
   * @param length how many bytes
   */
  static PartBytes of(Engine engine, Lease lease, int length) {
    return new PartBytes(engine, List.of(lease.buffers().get(0).limit(length)), length, lease);
  }

  private static Lease take(ObjectUri uri, ByteSource source, long offset, long length)
      throws ObjectStoreException {
    try {
      return source instanceof FilledSource filled ? filled.take(offset, length) : null;
    } catch (IOException | RuntimeException e) {
      throw unreadable(uri, e);
    }
  }

  private static void fill(Lease lease, ByteSource source, long offset) throws IOException {
    long at = offset;
    for (ByteBuffer buffer : lease.buffers()) {
      int n = buffer.remaining();
      source.read(at, buffer);
      if (buffer.hasRemaining()) {
        throw new EOFException(
            "it gave " + (n - buffer.remaining()) + " of " + n + " bytes at " + at);
      }
      at += n;
    }
  }

  private static ObjectStoreException unreadable(ObjectUri uri, Exception e) {
    boolean interrupted =
        e instanceof InterruptedIOException || e instanceof ClosedByInterruptException;
    return new ObjectStoreException(
        interrupted ? Kind.CANCELLED : Kind.UNKNOWN,
        "put",
        uri,
        "the source cannot be read: " + e,
        e);
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
