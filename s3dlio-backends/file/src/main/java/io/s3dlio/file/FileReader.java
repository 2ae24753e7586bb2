package io.s3dlio.file;

import io.s3dlio.ByteRange;
import io.s3dlio.ByteSink;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.file.Requests.Meter;
import io.s3dlio.spi.ReadRequest;
import io.s3dlio.spi.Receiver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Reads objects: straight into the memory of the sink, or by way of a buffer kept for the next. */
final class FileReader {

  /** Bytes of one read: far above the cost of a call, and what the caches still hold. */
  private static final int PIECE = 1 << 20;

  /** Never more than threads that read at the same time. */
  private final Queue<ByteBuffer> buffers = new ConcurrentLinkedQueue<>();

  Void read(Place place, ReadRequest request, Receiver receiver, Meter meter) throws IOException {
    meter.offset =
        request.range() instanceof ByteRange.Bounded bounded
            ? bounded.offset()
            : request.range() instanceof ByteRange.From from ? from.offset() : -1;
    try (OpenFile file = OpenFile.open(place)) {
      checkEtag(place, request, file.meta());
      ByteRange.Span span = span(place, request.range(), file.meta().size());
      Receiver.Landing landing = begin(place, receiver, file.meta(), span);
      transfer(place, file.channel(), span.offset(), landing, meter);
      file.checkUnchanged();
    }
    return null;
  }

  private static void checkEtag(Place place, ReadRequest request, ObjectMeta meta)
      throws ObjectStoreException {
    if (request.ifMatch().isPresent() && !request.ifMatch().equals(meta.etag())) {
      throw place.error(
          Kind.PRECONDITION_FAILED,
          "its ETag is "
              + meta.etag().orElseThrow()
              + ", not "
              + request.ifMatch().get()
              + ": it was replaced; read it anew",
          null);
    }
  }

  private static ByteRange.Span span(Place place, ByteRange range, long size)
      throws ObjectStoreException {
    return range
        .resolve(size)
        .orElseThrow(
            () ->
                place.error(
                    Kind.RANGE_NOT_SATISFIABLE,
                    "the object has " + size + " bytes, and " + range + " selects none of them",
                    null));
  }

  private static Receiver.Landing begin(
      Place place, Receiver receiver, ObjectMeta meta, ByteRange.Span span) throws IOException {
    try {
      return receiver.begin(meta, span.offset(), span.length());
    } catch (IOException e) {
      throw refused(place, e);
    }
  }

  private void transfer(
      Place place, FileChannel channel, long offset, Receiver.Landing landing, Meter meter)
      throws IOException {
    ByteBuffer buffer = null;
    try {
      for (long at = 0; at < landing.length(); ) {
        int n = (int) Math.min(PIECE, landing.length() - at);
        ByteBuffer target = landing.sink().target(at, n);
        if (target == null && buffer == null) {
          buffer = borrow();
        }
        ByteBuffer piece = target == null ? buffer.clear().limit(n) : target;
        fill(place, channel, offset + at, piece);
        meter.moved(n);
        deliver(place, landing.sink(), at, n, target == null ? piece.flip() : null);
        at += n;
      }
    } finally {
      if (buffer != null) {
        buffers.add(buffer);
      }
    }
  }

  private ByteBuffer borrow() {
    ByteBuffer buffer = buffers.poll();
    return buffer != null ? buffer : ByteBuffer.allocateDirect(PIECE);
  }

  private static void fill(Place place, FileChannel channel, long position, ByteBuffer piece)
      throws IOException {
    long at = position;
    while (piece.hasRemaining()) {
      int n = channel.read(piece, at);
      if (n < 0) {
        throw place.error(
            Kind.PRECONDITION_FAILED,
            "the file became shorter than " + (at + 1) + " bytes while it was read",
            null);
      }
      at += n;
    }
  }

  private static void deliver(Place place, ByteSink sink, long at, int n, ByteBuffer piece)
      throws IOException {
    try {
      if (piece == null) {
        sink.filled(at, n);
      } else {
        sink.write(at, piece);
      }
    } catch (IOException e) {
      throw refused(place, e);
    }
  }

  /** A failure of the destination says nothing about the object, whatever its type is. */
  private static IOException refused(Place place, IOException e) {
    return e instanceof ObjectStoreException
        ? e
        : place.error(Kind.UNKNOWN, "the destination did not take the bytes: " + e.getMessage(), e);
  }
}
