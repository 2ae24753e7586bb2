package io.s3dlio.layer;

import io.s3dlio.ByteRange;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutMode;
import java.util.Optional;

/**
 * A request as a layer sees it: what is asked, without the bytes and without what may be secret.
 *
 * @param operation what is asked
 * @param uri the object, prefix or bucket; of several objects the first; of a copy where from
 * @param to of a copy where to
 * @param mode of a put or a multipart upload under which condition
 * @param range of a read which bytes
 * @param version of a read or a question which version, where it asks for one
 * @param part of a part its number from 1, else 0
 * @param objects how many objects it is about: more than 1 for a deletion of several, 0 for pages
 *     and buckets
 * @param sent bytes that it sends: of a put or a part
 */
public record Call(
    Operation operation,
    ObjectUri uri,
    Optional<ObjectUri> to,
    Optional<PutMode> mode,
    Optional<ByteRange> range,
    Optional<String> version,
    int part,
    int objects,
    long sent) {

  /** A call that has nothing but a place. */
  static Call of(Operation operation, ObjectUri uri, int objects) {
    return new Call(
        operation,
        uri,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        0,
        objects,
        0);
  }

  Call withTo(ObjectUri where) {
    return new Call(operation, uri, Optional.of(where), mode, range, version, part, objects, sent);
  }

  Call withMode(PutMode condition) {
    return new Call(
        operation, uri, to, Optional.of(condition), range, version, part, objects, sent);
  }

  Call withRange(ByteRange bytes) {
    return new Call(operation, uri, to, mode, Optional.of(bytes), version, part, objects, sent);
  }

  Call withVersion(Optional<String> which) {
    return new Call(operation, uri, to, mode, range, which, part, objects, sent);
  }

  Call withPart(int number) {
    return new Call(operation, uri, to, mode, range, version, number, objects, sent);
  }

  Call withSent(long bytes) {
    return new Call(operation, uri, to, mode, range, version, part, objects, bytes);
  }
}
