package io.s3dlio.gcs;

import io.s3dlio.PutMode;
import java.util.Optional;

/** What must hold of an object's generation, which is its ETag. */
final class Condition {

  /** Generations are times in microseconds: no object has this one. */
  private static final String NO_OBJECTS = "1";

  /** Of a name without an object. */
  private static final String NONE = "0";

  private Condition() {}

  /** The generation that an ETag names; one that no object has, if it names none. */
  static String generation(String etag) {
    return etag.matches("[1-9][0-9]{0,17}") ? etag : NO_OBJECTS;
  }

  /** The generation that a write may replace; empty for any. */
  static Optional<String> of(PutMode mode) {
    if (mode instanceof PutMode.Create) {
      return Optional.of(NONE);
    }
    return mode instanceof PutMode.IfMatch m ? Optional.of(generation(m.etag())) : Optional.empty();
  }

  static Target on(Target target, PutMode mode) {
    of(mode).ifPresent(generation -> target.with("ifGenerationMatch", generation));
    return target;
  }
}
