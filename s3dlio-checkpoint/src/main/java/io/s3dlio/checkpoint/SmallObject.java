package io.s3dlio.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.s3dlio.ByteRange;
import io.s3dlio.ByteSources;
import io.s3dlio.BytesView;
import io.s3dlio.GetOptions;
import io.s3dlio.GetResult;
import io.s3dlio.ObjectAlreadyExistsException;
import io.s3dlio.ObjectNotFoundException;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Writes objects of ours that are small, and reads them, however large somebody made them. */
final class SmallObject {

  private static final int ATTEMPT_LIMIT = 256;

  private SmallObject() {}

  /**
   * Creates an object of an attempt. One with the same bytes may be there: from an answer that was
   * lost, or from an earlier try.
   *
   * @throws ObjectAlreadyExistsException if as many other bytes, or fewer, are there
   * @throws CorruptCheckpointException if more are, or none
   */
  static void create(Site site, ObjectUri uri, byte[] bytes, PutOptions options)
      throws ObjectStoreException {
    PutOptions exclusive = options.withMode(site.exclusive().mode());
    try {
      site.store().put(uri, ByteSources.of(ByteBuffer.wrap(bytes)), exclusive);
    } catch (ObjectAlreadyExistsException e) {
      if (!Arrays.equals(bytes, read(site.store(), uri, bytes.length))) {
        throw e;
      }
    }
  }

  /**
   * The attempt that an object names.
   *
   * @return empty if there is no such object
   * @throws CorruptCheckpointException if it names none
   */
  static Optional<SaveAttempt> attempt(ObjectStore store, ObjectUri uri)
      throws ObjectStoreException {
    try {
      return Optional.of(SaveAttempt.parse(new String(read(store, uri, ATTEMPT_LIMIT), UTF_8)));
    } catch (ObjectNotFoundException e) {
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      throw new CorruptCheckpointException(uri, e.getMessage(), e);
    }
  }

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
