package io.s3dlio.file;

import io.s3dlio.ByteSink;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.file.Requests.Meter;
import io.s3dlio.platform.DirectOption;
import io.s3dlio.spi.Receiver.Landing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Past the page cache, with O_DIRECT. A device moves whole blocks, which have to be aligned in the
 * file and in memory. Bytes that are, are moved in place; all others by way of a block of memory
 * that is. Nothing ever goes through the page cache instead.
 */
final class DirectIo implements FileIo {

  /** Bytes of one read or write: so many that a device is busy with them, not with calls. */
  static final int PIECE = 4 << 20;

  /** The least alignment; what the memory of a pool has, and no file system wants less for it. */
  private static final int MIN_UNIT = 4096;

  /** By device, whose file system has one size of blocks. */
  private final Map<Object, Blocks> devices = new ConcurrentHashMap<>();

  @Override
  public FileChannel open(Place place) throws IOException {
    return open(place, place.path(), StandardOpenOption.READ);
  }

  private static FileChannel open(Place place, Path path, StandardOpenOption access)
      throws IOException {
    try {
      return FileChannel.open(path, Set.of(access, DirectOption.find()));
    } catch (IOException | UnsupportedOperationException e) {
      throw explained(place, e);
    }
  }

  @Override
  public void read(OpenFile file, long offset, Landing landing, Meter meter) throws IOException {
    Blocks blocks = blocksFor(file.place().path());
    ByteBuffer block = null;
    try {
      for (long at = 0; at < landing.length(); ) {
        int lead = (int) ((offset + at) % blocks.unit());
        int n = (int) Math.min(blocks.size() - lead, landing.length() - at);
        boolean whole = lead == 0 && n % blocks.unit() == 0;
        ByteBuffer target = whole ? landing.sink().target(at, n) : null;
        ByteBuffer piece = null;
        if (target != null && blocks.isAligned(target)) {
          fill(file, blocks, offset + at, target, n);
        } else {
          block = block == null ? blocks.borrow() : block;
          block.clear().limit(blocks.roundUp(lead + n));
          fill(file, blocks, offset + at - lead, block, lead + n);
          piece = block.limit(lead + n).position(lead);
        }
        meter.moved(n);
        Deliveries.deliver(file.place(), landing, at, n, piece);
        at += n;
      }
    } finally {
      blocks.giveBack(block);
    }
  }

  /** Reads whole blocks until a number of bytes is there; the last block of a file may be short. */
  private static void fill(
      OpenFile file, Blocks blocks, long position, ByteBuffer piece, int wanted)
      throws IOException {
    try {
      while (piece.position() < wanted) {
        if (piece.position() % blocks.unit() != 0) {
          throw file.shorterThan(position + wanted);
        }
        file.read(piece, position + piece.position());
      }
    } catch (IOException e) {
      throw explained(file.place(), e);
    }
  }

  @Override
  public void checkParts(TempFile file, long partSize) throws IOException {
    open(file.target(), file.path(), StandardOpenOption.WRITE).close();
    int unit = blocksFor(file.path()).unit();
    if (partSize % unit != 0) {
      String detail =
          "parts of %d bytes cannot be written past the page cache; set part-size to a multiple of"
              + " the file system's blocks of %d bytes";
      throw file.target().error(Kind.INVALID, detail.formatted(partSize, unit), null);
    }
  }

  @Override
  public long write(TempFile file, long position, List<ByteBuffer> buffers) throws IOException {
    Blocks blocks = blocksFor(file.path());
    try (FileChannel channel = open(file.target(), file.path(), StandardOpenOption.WRITE)) {
      return write(channel, blocks, position, buffers);
    } catch (IOException e) {
      throw explained(file.target(), e);
    }
  }

  private static long write(
      FileChannel channel, Blocks blocks, long position, List<ByteBuffer> buffers)
      throws IOException {
    long at = position;
    ByteBuffer block = null; // its first bytes, up to its position, are not in the file yet
    try {
      for (ByteBuffer buffer : buffers) {
        for (int from = buffer.position(); from < buffer.limit(); ) {
          int room = block == null ? blocks.size() : block.remaining();
          ByteBuffer piece = buffer.slice(from, Math.min(room, buffer.limit() - from));
          from += piece.remaining();
          if (room == blocks.size() && blocks.isAligned(piece)) {
            at = writeAll(channel, at, piece);
            continue;
          }
          block = block == null ? blocks.borrow() : block;
          if (!block.put(piece).hasRemaining()) {
            at = writeAll(channel, at, block.flip());
            block.clear();
          }
        }
      }
      if (block != null) {
        block.put(new byte[blocks.roundUp(block.position()) - block.position()]);
        at = writeAll(channel, at, block.flip());
      }
      return at;
    } finally {
      blocks.giveBack(block);
    }
  }

  private static long writeAll(FileChannel channel, long position, ByteBuffer piece)
      throws IOException {
    long at = position;
    while (piece.hasRemaining()) {
      at += channel.write(piece, at);
    }
    return at;
  }

  /** In blocks that are read and written in turn. */
  @Override
  public long copy(OpenFile from, TempFile to) throws IOException {
    ByteSink sink =
        (offset, piece) -> {
          try {
            write(to, offset, List.of(piece));
          } catch (IOException e) {
            throw FileErrors.of(to.target().operation(), to.target().uri(), e);
          }
        };
    long size = from.state().size();
    read(from, 0, new Landing(sink, size), new Meter());
    to.truncate(size);
    return size;
  }

  private Blocks blocksFor(Path path) throws IOException {
    Object device = Files.getAttribute(path, "unix:dev");
    Blocks known = devices.get(device);
    if (known != null) {
      return known;
    }
    FileStore store = Files.getFileStore(path);
    int unit = Math.toIntExact(Math.max(MIN_UNIT, store.getBlockSize()));
    return devices.computeIfAbsent(device, d -> new Blocks(unit, PIECE));
  }

  /** File systems without O_DIRECT call it an invalid argument, of open or of the first bytes. */
  private static IOException explained(Place place, Exception e) {
    String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    if (e instanceof UnsupportedOperationException || "Invalid argument".equals(reason)) {
      String detail =
          "this file system does not do O_DIRECT, and direct:// never goes through the page cache"
              + " instead; use %s, or a file system that does (ext4, xfs, tmpfs)";
      ObjectUri buffered = new ObjectUri("file", "", place.uri().key());
      return place.error(Kind.UNSUPPORTED, detail.formatted(buffered), e);
    }
    return (IOException) e;
  }
}
