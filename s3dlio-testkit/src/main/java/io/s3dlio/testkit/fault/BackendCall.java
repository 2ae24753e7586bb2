package io.s3dlio.testkit.fault;

import io.s3dlio.ObjectUri;
import java.util.Optional;

/**
 * A call of a backend that goes through a {@link FaultyBackend}.
 *
 * @param method the method of {@link io.s3dlio.spi.StoreBackend}, {@link io.s3dlio.spi.PartUpload}
 *     or {@link io.s3dlio.spi.ListCursor}, such as {@code read} or {@code putPart}
 * @param uri what it is about
 * @param fault what was done to it; empty for nothing
 */
public record BackendCall(String method, ObjectUri uri, Optional<BackendFault> fault) {

  /**
   * Whether a fault can strike here.
   *
   * @param what the fault
   * @return false for a fault of bytes where there are none, and the like
   */
  public boolean fits(BackendFault what) {
    return switch (what) {
      case TWICE -> method.equals("put") || method.equals("deleteAll");
      case SHORTEN -> method.equals("read");
      case FLIP -> method.equals("read") || method.equals("put") || method.equals("putPart");
      default -> true;
    };
  }
}
