package io.s3dlio;

import io.s3dlio.internal.Sinks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/** Sinks for what is at hand: memory, files, digests, nowhere. */
public final class ByteSinks {

  private ByteSinks() {}

  /**
   * A buffer's memory, filled in place.
   *
   * @param buffer from position to limit, which stay as they are; more bytes than that are refused
   *     with an {@link IOException}
   * @return the sink
   * @throws ReadOnlyBufferException if it cannot be written
   */
  public static ByteSink of(ByteBuffer buffer) {
    if (buffer.isReadOnly()) {
      throw new ReadOnlyBufferException();
    }
    return new BufferSink(buffer.slice());
  }

  /**
   * Takes everything, keeps nothing.
   *
   * @return the sink
   */
  public static ByteSink nowhere() {
    return Sinks.NOWHERE;
  }

  /**
   * A file.
   *
   * @param path the file
   * @param options how to open it; {@code WRITE} is needed
   * @return the sink, which the caller closes
   * @throws IOException if it cannot be opened
   */
  public static FileSink file(Path path, OpenOption... options) throws IOException {
    return new FileSink(FileChannel.open(path, options));
  }

  private record BufferSink(ByteBuffer memory) implements ByteSink {
    @Override
    public void write(long offset, ByteBuffer src) throws IOException {
      ByteBuffer target = target(offset, src.remaining());
      if (target == null) {
        throw new IOException(
            "a buffer of %d bytes has no room for %d bytes at %d"
                .formatted(memory.capacity(), src.remaining(), offset));
      }
      target.put(src);
    }

    @Override
    public ByteBuffer target(long offset, int length) {
      return offset < 0 || offset > memory.capacity() - length
          ? null
          : memory.slice((int) offset, length);
    }
  }

  /** An open file as a sink. */
  public static final class FileSink implements ByteSink, AutoCloseable {

    private final FileChannel channel;

    private FileSink(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public void write(long offset, ByteBuffer src) throws IOException {
      long at = offset;
      while (src.hasRemaining()) {
        at += channel.write(src, at);
      }
    }

    /**
     * Forces what was written to the disk.
     *
     * @throws IOException if that fails
     */
    public void force() throws IOException {
      channel.force(true);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
