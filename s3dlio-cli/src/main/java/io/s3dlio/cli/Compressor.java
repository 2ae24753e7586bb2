package io.s3dlio.cli;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4FrameOutputStream;

/**
 * What stores and tools compress with. Serves one thread at a time. Nothing of the libraries is
 * loaded before the first one is made.
 */
abstract class Compressor implements AutoCloseable {

  private final String name;
  private byte[] room = new byte[0];

  Compressor(String name) {
    this.name = name;
  }

  /** One of each, which the caller closes. */
  static List<Compressor> all() throws CommandException {
    try {
      return List.of(new Zstandard(1), new Zstandard(3), new Lz4(), new Gzip(1), new Gzip(6));
    } catch (LinkageError e) {
      throw CommandException.failed(
          "zstd's native library cannot be loaded ("
              + e.getMessage()
              + "); it has to be written to the directory for temporary files and run from there:"
              + " S3DLIO_JAVA_OPTS=-Djava.io.tmpdir=DIR names another",
          e);
    }
  }

  /** The algorithm and its level, as {@code zstd-1}. */
  String name() {
    return name;
  }

  /** Where compressed bytes go, to be forgotten: so many at least. */
  final byte[] room(int bytes) {
    if (room.length < bytes) {
      room = new byte[bytes];
    }
    return room;
  }

  /** How many bytes a range becomes when it is compressed alone. */
  abstract int compressed(byte[] data, int offset, int length);

  /** A stream that writes what is written to it to another, compressed as one. */
  abstract OutputStream stream(OutputStream to) throws IOException;

  @Override
  public void close() {}

  private static final class Zstandard extends Compressor {
    private final int level;
    private final ZstdCompressCtx context = new ZstdCompressCtx();

    Zstandard(int level) {
      super("zstd-" + level);
      this.level = level;
      context.setLevel(level);
    }

    @Override
    int compressed(byte[] data, int offset, int length) {
      int bound = (int) Zstd.compressBound(length);
      return context.compressByteArray(room(bound), 0, bound, data, offset, length);
    }

    @Override
    OutputStream stream(OutputStream to) throws IOException {
      return new ZstdOutputStream(to, level);
    }

    @Override
    public void close() {
      context.close();
    }
  }

  private static final class Lz4 extends Compressor {
    private final LZ4Compressor compressor = factory().fastCompressor();

    Lz4() {
      super("lz4");
    }

    private static LZ4Factory factory() {
      try {
        return LZ4Factory.nativeInstance();
      } catch (LinkageError e) {
        System.getLogger("io.s3dlio.cli").log(System.Logger.Level.DEBUG, "no native lz4", e);
        return LZ4Factory.safeInstance();
      }
    }

    @Override
    int compressed(byte[] data, int offset, int length) {
      int bound = compressor.maxCompressedLength(length);
      return compressor.compress(data, offset, length, room(bound), 0, bound);
    }

    @Override
    OutputStream stream(OutputStream to) throws IOException {
      return new LZ4FrameOutputStream(to, LZ4FrameOutputStream.BLOCKSIZE.SIZE_4MB);
    }
  }

  private static final class Gzip extends Compressor {
    /** What a file of gzip has beside the data. */
    private static final int FRAME = 18;

    private static final int PIECE = 1 << 16;

    private final int level;
    private final Deflater deflater;

    Gzip(int level) {
      super("gzip-" + level);
      this.level = level;
      this.deflater = new Deflater(level, true);
    }

    @Override
    int compressed(byte[] data, int offset, int length) {
      deflater.reset();
      deflater.setInput(data, offset, length);
      deflater.finish();
      int size = FRAME;
      while (!deflater.finished()) {
        size += deflater.deflate(room(PIECE));
      }
      return size;
    }

    @Override
    OutputStream stream(OutputStream to) throws IOException {
      to.write(new byte[FRAME]);
      Deflater own = new Deflater(level, true);
      return new DeflaterOutputStream(to, own, PIECE) {
        @Override
        public void close() throws IOException {
          try {
            super.close();
          } finally {
            own.end();
          }
        }
      };
    }

    @Override
    public void close() {
      deflater.end();
    }
  }
}
