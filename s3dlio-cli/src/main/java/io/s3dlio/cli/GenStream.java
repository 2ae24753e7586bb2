package io.s3dlio.cli;

import io.s3dlio.ProgressListener;
import io.s3dlio.datagen.CheckingSink;
import io.s3dlio.datagen.GeneratedObject;
import io.s3dlio.datagen.GeneratorPool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * Generated data from begin to end.
 *
 * @param object the data
 * @param offset where to begin in it
 */
record GenStream(GeneratedObject object, long offset) {

  private static final int STEP = 8 << 20;

  /** Takes all of a buffer. */
  @FunctionalInterface
  interface Sink {
    void write(ByteBuffer bytes) throws IOException;
  }

  /** Makes all, and returns how many bytes those are. */
  long write(GeneratorPool pool, Sink sink, ProgressListener progress) throws IOException {
    ByteBuffer buffer = pool.allocate((int) Math.min(STEP, object.size() - offset));
    for (long at = offset; at < object.size(); at += buffer.limit()) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), object.size() - at));
      pool.fill(object, at, buffer);
      sink.write(buffer.flip());
      progress.transferred(buffer.limit());
    }
    return object.size() - offset;
  }

  /** Reads as much as there should be, and returns how many bytes; what is wrong is thrown. */
  long check(String name, ReadableByteChannel source, ProgressListener progress)
      throws IOException {
    CheckingSink sink = new CheckingSink(object);
    ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(STEP, object.size() - offset));
    long at = offset;
    int read = 0;
    while (at < object.size() && read >= 0) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), object.size() - at));
      read = source.read(buffer);
      if (read > 0) {
        sink.write(at, buffer.flip());
        progress.transferred(read);
        at += read;
      }
    }
    String damage =
        ContentCheck.damage(at - offset, object.size() - offset, sink.result(), offset == 0);
    if (damage != null) {
      throw CommandException.wrongData(name + " " + damage);
    }
    return at - offset;
  }

  /** That nothing follows where all was right. */
  void checkEnd(String name, ReadableByteChannel source) throws IOException {
    if (source.read(ByteBuffer.allocate(1)) > 0) {
      throw CommandException.wrongData(
          String.format(
              "%s is extended: it goes on behind %,d bytes", name, object.size() - offset));
    }
  }
}
