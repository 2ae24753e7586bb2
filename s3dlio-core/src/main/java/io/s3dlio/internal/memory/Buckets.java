package io.s3dlio.internal.memory;

import io.s3dlio.BucketInfo;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutMode;
import io.s3dlio.PutResult;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The objects of the process, by bucket and key. A bucket comes into being with its first object.
 * What writes does so within the map's lock on the bucket: conditions have one winner, and no
 * bucket is deleted under an object.
 */
final class Buckets {

  private static final Map<String, NavigableMap<String, MemoryObject>> ALL =
      new ConcurrentHashMap<>();

  private Buckets() {}

  /** The objects of a bucket, for reading; none if there is no such bucket. */
  static NavigableMap<String, MemoryObject> objects(ObjectUri uri) {
    NavigableMap<String, MemoryObject> bucket = ALL.get(uri.bucket());
    return bucket == null ? empty() : bucket;
  }

  static MemoryObject existing(String operation, ObjectUri uri) throws ObjectStoreException {
    MemoryObject object = objects(uri).get(uri.key());
    if (object == null) {
      throw ObjectStoreException.of(
          Kind.NOT_FOUND, operation, uri, "there is no such object", null);
    }
    return object;
  }

  static void delete(ObjectUri uri) {
    objects(uri).remove(uri.key());
  }

  /** Makes an object visible, if the mode allows it. */
  static PutResult publish(ObjectUri uri, MemoryObject object, PutMode mode)
      throws ObjectStoreException {
    ObjectStoreException[] refused = new ObjectStoreException[1];
    ALL.compute(
        uri.bucket(),
        (name, there) -> {
          NavigableMap<String, MemoryObject> bucket = there == null ? empty() : there;
          refused[0] = refusal(uri, bucket.get(uri.key()), mode);
          if (refused[0] != null) {
            return there;
          }
          bucket.put(uri.key(), object);
          return bucket;
        });
    if (refused[0] != null) {
      throw refused[0];
    }
    return new PutResult(Optional.of(object.etag()));
  }

  private static ObjectStoreException refusal(ObjectUri uri, MemoryObject old, PutMode mode) {
    if (mode instanceof PutMode.Create && old != null) {
      return ObjectStoreException.of(
          Kind.ALREADY_EXISTS, "put", uri, "there is such an object already", null);
    }
    if (mode instanceof PutMode.IfMatch match
        && (old == null || !old.etag().equals(match.etag()))) {
      return changed("put", uri, match.etag(), old);
    }
    return null;
  }

  /** The error of a condition that does not hold; {@code now} is null if there is no object. */
  static ObjectStoreException changed(
      String operation, ObjectUri uri, String etag, MemoryObject now) {
    return ObjectStoreException.of(
        Kind.PRECONDITION_FAILED,
        operation,
        uri,
        "the ETag is " + (now == null ? "none, there is no object" : now.etag()) + ", not " + etag,
        null);
  }

  static void create(ObjectUri uri) throws ObjectStoreException {
    if (ALL.putIfAbsent(uri.bucket(), empty()) != null) {
      throw ObjectStoreException.of(
          Kind.ALREADY_EXISTS, "createBucket", uri, "there is such a bucket already", null);
    }
  }

  static void deleteEmpty(ObjectUri uri) throws ObjectStoreException {
    boolean[] was = new boolean[1];
    NavigableMap<String, MemoryObject> left =
        ALL.computeIfPresent(
            uri.bucket(),
            (name, bucket) -> {
              was[0] = true;
              return bucket.isEmpty() ? null : bucket;
            });
    if (!was[0]) {
      throw ObjectStoreException.of(
          Kind.NOT_FOUND, "deleteBucket", uri, "there is no such bucket", null);
    }
    if (left != null) {
      throw ObjectStoreException.of(
          Kind.INVALID,
          "deleteBucket",
          uri,
          "the bucket is not empty; delete its objects first",
          null);
    }
  }

  static List<BucketInfo> list() {
    return ALL.keySet().stream()
        .sorted(ObjectUri::compareUtf8)
        .map(name -> new BucketInfo(new ObjectUri("memory", name, ""), Optional.empty()))
        .toList();
  }

  private static NavigableMap<String, MemoryObject> empty() {
    return new ConcurrentSkipListMap<>(ObjectUri::compareUtf8);
  }
}
