package io.s3dlio.checkpoint;

import io.s3dlio.ByteRange;
import io.s3dlio.BytesView;
import io.s3dlio.GetOptions;
import io.s3dlio.GetResult;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;

/** Reads objects of ours that are small, however large somebody may have made them. */
final class SmallObject {

  private SmallObject() {}

  /**
   * All bytes of an object.
   *
   * @param limit the most that it may have; no more are asked for
   * @throws CorruptCheckpointException if it has none or more
   */
  static byte[] read(ObjectStore store, ObjectUri uri, int limit) throws ObjectStoreException {
    GetOptions options = GetOptions.DEFAULT.withRange(ByteRange.of(0, limit + 1L));
    try (GetResult result = store.get(uri, options);
        BytesView bytes = result.bytes()) {
      if (bytes.size() > limit) {
        throw new CorruptCheckpointException(uri, "it has more than " + limit + " bytes", null);
      }
      return bytes.toByteArray();
    } catch (ObjectStoreException e) {
      if (e.kind() == Kind.RANGE_NOT_SATISFIABLE) {
        throw new CorruptCheckpointException(uri, "it is empty", e);
      }
      throw e;
    }
  }
}
