package io.s3dlio.internal;

import io.s3dlio.ByteSource;
import io.s3dlio.Capabilities;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.PutResult;

/** Writes an object: in one request if it is small, in parts in parallel if it is large. */
public final class Upload {

  private Upload() {}

  /**
   * Writes all of a source.
   *
   * @param engine of the store
   * @param uri the object
   * @param source its bytes
   * @param options how
   * @return what the store answers
   * @throws ObjectStoreException what went wrong; there is then no new object and nothing left of
   *     it
   */
  public static PutResult put(Engine engine, ObjectUri uri, ByteSource source, PutOptions options)
      throws ObjectStoreException {
    return put(Scope.NONE, engine, uri, source, options);
  }

  /** As the above, given up with the scope. */
  static PutResult put(
      Scope outer, Engine engine, ObjectUri uri, ByteSource source, PutOptions options)
      throws ObjectStoreException {
    long size = source.size();
    if (size <= engine.threshold) {
      return putWhole(outer, engine, uri, source, options);
    }
    long partSize = partSize(engine, uri, size);
    int parts = Math.toIntExact((size + partSize - 1) / partSize);
    try (Multipart upload = Multipart.start(engine, uri, partSize, options)) {
      engine.parallel(
          outer,
          engine.maxConcurrency,
          parts,
          (index, scope) -> {
            long offset = index * partSize;
            PartBytes part =
                PartBytes.read(engine, uri, source, offset, Math.min(partSize, size - offset));
            upload.putPart(scope, index + 1, part);
          });
      return upload.complete();
    }
  }

  /** One request, also for an empty object. */
  static PutResult putWhole(
      Scope scope, Engine engine, ObjectUri uri, ByteSource source, PutOptions options)
      throws ObjectStoreException {
    PartBytes bytes = PartBytes.read(engine, uri, source, 0, source.size());
    return putWhole(scope, engine, uri, bytes, options);
  }

  /** Takes over the bytes, which it closes. */
  static PutResult putWhole(
      Scope scope, Engine engine, ObjectUri uri, PartBytes bytes, PutOptions options)
      throws ObjectStoreException {
    try (bytes) {
      Refusals.write(engine.backend.capabilities(), uri, options);
      PutResult result =
          engine.call(scope, "put", uri, () -> engine.backend.put(uri, bytes.payload(), options));
      bytes.done();
      options.progress().transferred(bytes.size());
      return result;
    }
  }

  /**
   * How many bytes a request of {@link #put} carries, but for the last of several.
   *
   * @param engine of the store
   * @param uri the object
   * @param size its size
   * @return bytes, at most the size
   * @throws ObjectStoreException of kind INVALID if the store does not take so large an object
   */
  public static long requestSize(Engine engine, ObjectUri uri, long size)
      throws ObjectStoreException {
    return size <= engine.threshold ? size : Math.min(size, partSize(engine, uri, size));
  }

  /** The part size that was asked for, or more where the store limits the number of parts. */
  static long partSize(Engine engine, ObjectUri uri, long size) throws ObjectStoreException {
    Capabilities can = engine.backend.capabilities();
    long needed = size / can.maxParts() + (size % can.maxParts() == 0 ? 0 : 1);
    long roundMiB = (needed + (1 << 20) - 1) >> 20 << 20;
    long partSize = Math.max(engine.partSize, can.minPartSize());
    partSize = partSize >= needed ? partSize : roundMiB;
    if (partSize > 1L << 30) {
      throw new ObjectStoreException(
          Kind.INVALID,
          "put",
          uri,
          size + " bytes are too many for " + can.maxParts() + " parts of at most 1 GiB",
          null);
    }
    return partSize;
  }
}
