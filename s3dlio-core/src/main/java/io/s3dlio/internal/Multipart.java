package io.s3dlio.internal;

import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import io.s3dlio.MultipartUpload;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.PutResult;
import io.s3dlio.spi.PartUpload;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** A multipart upload, with what it takes to complete it or to leave nothing behind. */
public final class Multipart implements MultipartUpload {

  private final Engine engine;
  private final ObjectUri uri;
  private final long partSize;
  private final PutOptions options;
  private final PartUpload upload;
  private final Map<Integer, Stored> stored = new ConcurrentSkipListMap<>();
  private volatile boolean ended;

  private record Stored(long size, Optional<Integer> crc32c) {}

  private Multipart(
      Engine engine, ObjectUri uri, long partSize, PutOptions options, PartUpload upload) {
    this.engine = engine;
    this.uri = uri;
    this.partSize = partSize;
    this.options = options;
    this.upload = upload;
  }

  /**
   * Begins an upload.
   *
   * @param engine of the store
   * @param uri the object
   * @param partSize bytes of every part but the last
   * @param options how
   * @return the upload, which the caller completes and closes
   * @throws ObjectStoreException what went wrong
   */
  public static Multipart start(Engine engine, ObjectUri uri, long partSize, PutOptions options)
      throws ObjectStoreException {
    Refusals.write(engine.backend.capabilities(), uri, options);
    return engine.call(
        Scope.NONE,
        "put",
        uri,
        () -> engine.backend.startMultipart(uri, partSize, options),
        upload -> {
          Multipart begun = new Multipart(engine, uri, partSize, options, upload);
          engine.begun(begun);
          return begun;
        });
  }

  @Override
  public long partSize() {
    return partSize;
  }

  @Override
  public void putPart(int number, ByteSource part) throws ObjectStoreException {
    long size = part.size();
    checkNotEnded();
    if (number < 1 || number > engine.backend.capabilities().maxParts()) {
      throw invalid(
          "part numbers are from 1 to " + engine.backend.capabilities().maxParts() + ": " + number);
    }
    if (size < 1 || size > partSize) {
      throw invalid("part " + number + " has " + size + " bytes; 1 to " + partSize + " are right");
    }
    putPart(Scope.NONE, number, PartBytes.read(engine, uri, part, 0, size));
  }

  /** Takes over the bytes, which it closes. */
  void putPart(Scope scope, int number, PartBytes part) throws ObjectStoreException {
    try (part) {
      engine.call(scope, "put", uri, () -> upload.putPart(number, part.payload()));
      part.done();
      Stored replaced = stored.put(number, new Stored(part.size(), part.payload().crc32c()));
      options.progress().transferred(part.size() - (replaced == null ? 0 : replaced.size));
    }
  }

  @Override
  public synchronized PutResult complete() throws ObjectStoreException {
    checkNotEnded();
    if (stored.isEmpty()) {
      close();
      ByteSource nothing = ByteSources.of(ByteBuffer.allocateDirect(0));
      return Upload.putWhole(Scope.NONE, engine, uri, nothing, options);
    }
    long size = 0;
    int last = stored.size();
    Optional<Integer> crc = Optional.empty();
    for (int number = 1; number <= last; number++) {
      Stored part = stored.get(number);
      if (part == null) {
        throw invalid("part " + number + " is missing");
      }
      if (number < last && part.size != partSize) {
        throw invalid("part " + number + " is not the last and has " + part.size + " bytes");
      }
      if (part.crc32c.isPresent()) {
        int own = part.crc32c.get();
        crc = Optional.of(crc.map(c -> Crc32c.combine(c, own, part.size)).orElse(own));
      }
      size += part.size;
    }
    long total = size;
    Optional<Integer> whole = crc;
    PutResult result = engine.call("put", uri, () -> upload.complete(last, total, whole));
    end();
    return result;
  }

  @Override
  public synchronized void close() throws ObjectStoreException {
    if (ended) {
      return;
    }
    ended = true;
    // An interrupt is what may have brought us here; the clean-up has a limit in time of its own.
    boolean interrupted = Thread.interrupted();
    try {
      engine.abort(uri, upload::abort);
    } finally {
      engine.ended(this); // not before: the end of the store waits for those that are not
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void end() {
    ended = true;
    engine.ended(this);
  }

  private void checkNotEnded() throws ObjectStoreException {
    if (ended) {
      throw invalid("this upload was completed or closed before");
    }
  }

  private ObjectStoreException invalid(String detail) {
    return new ObjectStoreException(Kind.INVALID, "put", uri, detail, null);
  }
}
