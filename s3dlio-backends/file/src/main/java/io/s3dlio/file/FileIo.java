package io.s3dlio.file;

import io.s3dlio.file.Requests.Meter;
import io.s3dlio.spi.Receiver.Landing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** The way that bytes take between files and memory: through the page cache, or past it. */
interface FileIo {

  /** Opens an object to be read. */
  FileChannel open(Place place) throws IOException;

  /** Reads what a landing wants, from an offset of the file on. */
  void read(OpenFile file, long offset, Landing landing, Meter meter) throws IOException;

  /** Refuses a file, or a size of parts, that cannot be written this way. */
  void checkParts(TempFile file, long partSize) throws IOException;

  /**
   * Writes buffers, one behind the other.
   *
   * @return where the file now ends at least; what lies between the last byte and that is zeros, to
   *     be cut off
   */
  long write(TempFile file, long position, List<ByteBuffer> buffers) throws IOException;

  /** Has all of a file on the device. */
  default void flush(Path path) throws IOException {
    TempFile.sync(path, StandardOpenOption.WRITE);
  }

  /**
   * Writes all of an object to a new file.
   *
   * @return its size
   */
  long copy(OpenFile from, TempFile to) throws IOException;
}
