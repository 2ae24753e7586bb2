package io.s3dlio.file;

import io.s3dlio.ByteRange;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.file.Requests.Meter;
import io.s3dlio.spi.ReadRequest;
import io.s3dlio.spi.Receiver;
import java.io.IOException;

/** Reads objects: the one that was asked for, and the range of it. */
final class FileReader {

  private final FileIo io;

  FileReader(FileIo io) {
    this.io = io;
  }

  Void read(Place place, ReadRequest request, Receiver receiver, Meter meter) throws IOException {
    meter.offset =
        request.range() instanceof ByteRange.Bounded bounded
            ? bounded.offset()
            : request.range() instanceof ByteRange.From from ? from.offset() : -1;
    try (OpenFile file = OpenFile.open(place, io)) {
      checkEtag(place, request, file.meta());
      ByteRange.Span span = span(place, request.range(), file.meta().size());
      Receiver.Landing landing = begin(place, receiver, file.meta(), span);
      io.read(file, span.offset(), landing, meter);
      file.checkUnchanged();
    }
    return null;
  }

  private static void checkEtag(Place place, ReadRequest request, ObjectMeta meta)
      throws ObjectStoreException {
    if (request.ifMatch().isPresent() && !request.ifMatch().equals(meta.etag())) {
      throw place.error(
          Kind.PRECONDITION_FAILED,
          "its ETag is "
              + meta.etag().orElseThrow()
              + ", not "
              + request.ifMatch().get()
              + ": it was replaced; read it anew",
          null);
    }
  }

  private static ByteRange.Span span(Place place, ByteRange range, long size)
      throws ObjectStoreException {
    return range
        .resolve(size)
        .orElseThrow(
            () ->
                place.error(
                    Kind.RANGE_NOT_SATISFIABLE,
                    "the object has " + size + " bytes, and " + range + " selects none of them",
                    null));
  }

  private static Receiver.Landing begin(
      Place place, Receiver receiver, ObjectMeta meta, ByteRange.Span span) throws IOException {
    try {
      return receiver.begin(meta, span.offset(), span.length());
    } catch (IOException e) {
      throw Deliveries.refused(place, e);
    }
  }
}
