package io.s3dlio.file;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.spi.Receiver.Landing;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Hands bytes to those who asked for them, and tells their failures from those of the file. */
final class Deliveries {

  private Deliveries() {}

  /** Delivers the bytes of a piece; without one, those that are in the sink's memory already. */
  static void deliver(Place place, Landing landing, long at, int n, ByteBuffer piece)
      throws IOException {
    try {
      if (piece == null) {
        landing.sink().filled(at, n);
      } else {
        landing.sink().write(at, piece);
      }
    } catch (IOException e) {
      throw refused(place, e);
    }
  }

  /** A failure of the destination says nothing about the object, whatever its type is. */
  static IOException refused(Place place, IOException e) {
    return e instanceof ObjectStoreException
        ? e
        : place.error(Kind.UNKNOWN, "the destination did not take the bytes: " + e.getMessage(), e);
  }
}
