package io.s3dlio.internal.memory;

import io.s3dlio.ByteRange.Span;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.spi.Payload;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** An object in memory. Immutable, so that readers keep what they have begun with. */
record MemoryObject(
    List<ByteBuffer> content,
    long size,
    Instant written,
    String etag,
    Optional<String> contentType,
    Map<String, String> userMetadata,
    Map<String, String> tags,
    Optional<Integer> crc32c) {

  private static final AtomicLong VERSIONS = new AtomicLong();

  static MemoryObject of(
      List<ByteBuffer> content, long size, Optional<Integer> crc32c, PutOptions options) {
    return new MemoryObject(
        content,
        size,
        Instant.now(),
        "m" + VERSIONS.incrementAndGet(),
        options.contentType(),
        options.userMetadata(),
        options.tags(),
        crc32c);
  }

  /** The payload's bytes, in memory of their own. */
  static List<ByteBuffer> copy(Payload payload) {
    List<ByteBuffer> copy = new ArrayList<>();
    for (ByteBuffer piece : payload.buffers()) {
      ByteBuffer own = ByteBuffer.allocate(piece.remaining());
      own.put(piece.duplicate()).flip();
      copy.add(own.asReadOnlyBuffer());
    }
    return copy;
  }

  /** The same content, written anew. */
  MemoryObject again() {
    return new MemoryObject(
        content,
        size,
        Instant.now(),
        "m" + VERSIONS.incrementAndGet(),
        contentType,
        userMetadata,
        tags,
        crc32c);
  }

  ObjectMeta meta(ObjectUri uri) {
    return new ObjectMeta(uri, size, written, Optional.of(etag), contentType, userMetadata, crc32c);
  }

  ObjectMeta listed(ObjectUri uri) {
    return ObjectMeta.listed(uri, size, written, Optional.of(etag));
  }

  /** The pieces of a span, in order. */
  List<ByteBuffer> bytes(Span span) {
    List<ByteBuffer> bytes = new ArrayList<>();
    long at = 0;
    for (ByteBuffer piece : content) {
      long from = Math.max(span.offset(), at);
      long to = Math.min(span.offset() + span.length(), at + piece.capacity());
      if (from < to) {
        bytes.add(piece.slice((int) (from - at), (int) (to - from)));
      }
      at += piece.capacity();
    }
    return bytes;
  }
}
