package io.s3dlio;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;

/** Sources for what is at hand: memory and files. */
public final class ByteSources {

  private ByteSources() {}

  /**
   * A buffer's bytes, in place.
   *
   * @param buffer from position to limit, which stay as they are; its bytes must not change while
   *     the source is used
   * @return the source
   */
  public static ByteSource of(ByteBuffer buffer) {
    return new BufferSource(buffer.asReadOnlyBuffer().slice());
  }

  /**
   * A view's bytes, in place.
   *
   * @param view stays the caller's, who closes it after the source was used
   * @return the source
   */
  public static ByteSource of(BytesView view) {
    return new ViewSource(view.asByteBuffers(), view.size());
  }

  /**
   * A part of a source.
   *
   * @param source the whole
   * @param offset where the part begins, in bytes
   * @param length how many bytes
   * @return the part
   * @throws IndexOutOfBoundsException if it is not inside
   */
  public static ByteSource slice(ByteSource source, long offset, long length) {
    Objects.checkFromIndexSize(offset, length, source.size());
    return new SliceSource(source, offset, length);
  }

  /**
   * Sources one behind the other, as one.
   *
   * @param sources in the order of their bytes; each stays open as long as the result is used
   * @return the whole
   * @throws IllegalArgumentException if they have more than 2^63 - 1 bytes
   */
  public static ByteSource concat(List<? extends ByteSource> sources) {
    return new ConcatSource(sources);
  }

  /**
   * A file's bytes, of any size.
   *
   * @param path a regular file, which must not change while the source is used; if it gets shorter,
   *     reads fail
   * @return the source, which the caller closes
   * @throws IOException if it cannot be opened
   */
  public static FileSource file(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      return new FileSource(path, channel, channel.size());
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private record BufferSource(ByteBuffer bytes) implements ByteSource {
    @Override
    public long size() {
      return bytes.capacity();
    }

    @Override
    public void read(long offset, ByteBuffer dst) {
      dst.put(view(offset, dst.remaining()));
    }

    @Override
    public ByteBuffer view(long offset, int length) {
      Objects.checkFromIndexSize(offset, length, size());
      return bytes.slice((int) offset, length);
    }
  }

  private record ViewSource(List<ByteBuffer> pieces, long size) implements ByteSource {
    @Override
    public void read(long offset, ByteBuffer dst) {
      Objects.checkFromIndexSize(offset, dst.remaining(), size);
      long at = 0;
      long end = offset + dst.remaining();
      for (ByteBuffer piece : pieces) {
        long from = Math.max(offset, at);
        long to = Math.min(end, at + piece.capacity());
        if (from < to) {
          dst.put(piece.slice((int) (from - at), (int) (to - from)));
        }
        at += piece.capacity();
      }
    }

    @Override
    public ByteBuffer view(long offset, int length) {
      Objects.checkFromIndexSize(offset, length, size);
      long at = 0;
      for (ByteBuffer piece : pieces) {
        if (offset >= at && offset + length <= at + piece.capacity()) {
          return piece.slice((int) (offset - at), length);
        }
        at += piece.capacity();
      }
      return null;
    }
  }

  private record SliceSource(ByteSource whole, long start, long size) implements ByteSource {
    @Override
    public void read(long offset, ByteBuffer dst) throws IOException {
      Objects.checkFromIndexSize(offset, dst.remaining(), size);
      whole.read(start + offset, dst);
    }

    @Override
    public ByteBuffer view(long offset, int length) {
      Objects.checkFromIndexSize(offset, length, size);
      return whole.view(start + offset, length);
    }
  }

  private static final class ConcatSource implements ByteSource {

    private final List<ByteSource> parts;
    private final long[] starts; // one more than parts: the last is the size

    ConcatSource(List<? extends ByteSource> sources) {
      this.parts = List.copyOf(sources);
      this.starts = new long[parts.size() + 1];
      for (int i = 0; i < parts.size(); i++) {
        starts[i + 1] = starts[i] + parts.get(i).size();
        if (starts[i + 1] < 0) {
          throw new IllegalArgumentException("sources have more than 2^63 - 1 bytes together");
        }
      }
    }

    @Override
    public long size() {
      return starts[parts.size()];
    }

    @Override
    public void read(long offset, ByteBuffer dst) throws IOException {
      Objects.checkFromIndexSize(offset, dst.remaining(), size());
      int limit = dst.limit();
      long at = offset;
      try {
        for (int i = partAt(at); dst.hasRemaining(); i++) {
          int length = (int) Math.min(limit - dst.position(), starts[i + 1] - at);
          parts.get(i).read(at - starts[i], dst.limit(dst.position() + length));
          dst.limit(limit);
          at += length;
        }
      } finally {
        dst.limit(limit);
      }
    }

    @Override
    public ByteBuffer view(long offset, int length) {
      Objects.checkFromIndexSize(offset, length, size());
      int i = partAt(offset);
      return i < parts.size() && length <= starts[i + 1] - offset
          ? parts.get(i).view(offset - starts[i], length)
          : null;
    }

    /** The part that has the byte; where it is the end of all, their number. */
    private int partAt(long offset) {
      int low = 0;
      int high = parts.size();
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (starts[middle + 1] <= offset) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }
  }

  /** An open file as a source. */
  public static final class FileSource implements ByteSource, AutoCloseable {

    private final Path path;
    private final FileChannel channel;
    private final long size;

    private FileSource(Path path, FileChannel channel, long size) {
      this.path = path;
      this.channel = channel;
      this.size = size;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public void read(long offset, ByteBuffer dst) throws IOException {
      Objects.checkFromIndexSize(offset, dst.remaining(), size);
      long at = offset;
      while (dst.hasRemaining()) {
        int n = channel.read(dst, at);
        if (n < 0) {
          throw new EOFException(path + " became shorter: nothing at " + at + " of " + size);
        }
        at += n;
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
