package io.s3dlio.datagen;

import com.github.luben.zstd.Zstd;
import java.util.zip.Deflater;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;

/** What stores and tools compress with. */
enum Compressor {
  ZSTD_1,
  ZSTD_3,
  LZ4,
  GZIP_1,
  GZIP_6;

  /** The size in bytes of a range once it is compressed alone. */
  private long compressed(byte[] data, int offset, int length) {
    return switch (this) {
      case ZSTD_1 -> zstd(data, offset, length, 1);
      case ZSTD_3 -> zstd(data, offset, length, 3);
      case LZ4 -> lz4(data, offset, length);
      case GZIP_1 -> gzip(data, offset, length, 1);
      case GZIP_6 -> gzip(data, offset, length, 6);
    };
  }

  /** The ratio of data whose units are compressed one by one. */
  double ratio(byte[] data, int unit) {
    long compressed = 0;
    for (int offset = 0; offset < data.length; offset += unit) {
      compressed += compressed(data, offset, unit);
    }
    return (double) data.length / compressed;
  }

  private static long lz4(byte[] data, int offset, int length) {
    LZ4Compressor lz4 = LZ4Factory.fastestInstance().fastCompressor();
    byte[] out = new byte[lz4.maxCompressedLength(length)];
    return lz4.compress(data, offset, length, out, 0);
  }

  private static long zstd(byte[] data, int offset, int length, int level) {
    byte[] out = new byte[(int) Zstd.compressBound(length)];
    return Zstd.compressByteArray(out, 0, out.length, data, offset, length, level);
  }

  /** With the 18 bytes that a file of gzip has beside the data. */
  private static long gzip(byte[] data, int offset, int length, int level) {
    Deflater deflater = new Deflater(level, true);
    try {
      deflater.setInput(data, offset, length);
      deflater.finish();
      byte[] out = new byte[1 << 16];
      long size = 18;
      while (!deflater.finished()) {
        size += deflater.deflate(out);
      }
      return size;
    } finally {
      deflater.end();
    }
  }
}
