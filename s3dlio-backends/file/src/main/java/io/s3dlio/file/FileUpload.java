package io.s3dlio.file;

import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.PutMode;
import io.s3dlio.PutResult;
import io.s3dlio.spi.PartUpload;
import io.s3dlio.spi.Payload;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A multipart upload: one temporary file, into which every part is written where it belongs. Parts
 * open the file for themselves, so that an interrupted thread closes no channel but its own.
 */
final class FileUpload implements PartUpload {

  private final TempFile file;
  private final long partSize;
  private final PutMode mode;
  private final FileIo io;
  private final Requests requests;

  /** The sizes of the parts that are there. */
  private final Map<Integer, Long> parts = new ConcurrentHashMap<>();

  private FileUpload(TempFile file, long partSize, PutMode mode, FileIo io, Requests requests) {
    this.file = file;
    this.partSize = partSize;
    this.mode = mode;
    this.io = io;
    this.requests = requests;
  }

  /** Begins one in a new file, which goes again if its parts cannot be written. */
  static FileUpload start(TempFile file, long partSize, PutMode mode, FileIo io, Requests requests)
      throws IOException {
    try {
      io.checkParts(file, partSize);
    } catch (IOException e) {
      file.discard(e);
      throw e;
    }
    return new FileUpload(file, partSize, mode, io, requests);
  }

  @Override
  public CompletableFuture<Void> putPart(int number, Payload part) {
    return requests.run(
        "putPart",
        file.target().uri(),
        meter -> {
          if (number < 1 || part.size() > partSize) {
            throw invalid("part " + number + " of " + part.size() + " bytes is not one of it");
          }
          meter.offset = (number - 1) * partSize;
          inFile(() -> io.write(file, meter.offset, part.buffers()));
          meter.moved(part.size());
          parts.put(number, part.size());
          return null;
        });
  }

  @Override
  public CompletableFuture<PutResult> complete(int count, long size, Optional<Integer> crc32c) {
    return requests.run(
        "complete",
        file.target().uri(),
        meter -> {
          checkParts(count, size);
          inFile(
              () -> {
                file.truncate(size);
                return size;
              });
          return file.publish(mode, io);
        });
  }

  @Override
  public CompletableFuture<Void> abort() {
    return requests.run(
        "abort",
        file.target().uri(),
        meter -> {
          file.close();
          return null;
        });
  }

  private void checkParts(int count, long size) throws IOException {
    long left = size;
    for (int number = 1; number <= count; number++) {
      long due = number == count ? left : partSize;
      Long there = parts.get(number);
      if (there == null || there != due) {
        throw invalid(
            "part "
                + number
                + " has "
                + (there == null ? "not been put" : there + " bytes")
                + " where an object of "
                + size
                + " bytes in "
                + count
                + " parts has "
                + due);
      }
      left -= due;
    }
  }

  /** Something done in the file while it has its temporary name. */
  private interface Work {
    long run() throws IOException;
  }

  private void inFile(Work work) throws IOException {
    try {
      work.run();
    } catch (NoSuchFileException e) {
      String detail = "the upload has ended, or its temporary file was removed; begin it anew";
      throw file.target().error(Kind.INVALID, detail, e);
    }
  }

  private IOException invalid(String fault) {
    String detail = fault + "; the parts of this upload have " + partSize + " bytes";
    return file.target().error(Kind.INVALID, detail, null);
  }
}
