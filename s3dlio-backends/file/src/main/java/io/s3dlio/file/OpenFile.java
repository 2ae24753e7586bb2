package io.s3dlio.file;

import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * An object that is being read, and what it is. The channel shows this content even when the name
 * has gone to another file.
 *
 * @param place where it is
 * @param channel its bytes
 * @param state what the file was when it was opened
 * @param meta all that is kept about it
 */
record OpenFile(Place place, FileChannel channel, FileState state, ObjectMeta meta)
    implements AutoCloseable {

  /**
   * Java cannot ask an open channel which file it is. But if the name meant the same file before
   * and after it was opened, it is that one.
   */
  static OpenFile open(Place place, FileIo io) throws IOException {
    for (int attempt = 0; attempt < FileState.ATTEMPTS; attempt++) {
      FileState before = FileState.of(place);
      OpenFile opened = open(place, before, io);
      if (opened != null) {
        return opened;
      }
    }
    throw FileState.restless(place);
  }

  private static OpenFile open(Place place, FileState before, FileIo io) throws IOException {
    FileChannel channel = io.open(place);
    OpenFile opened = null;
    try {
      ObjectMeta meta = FileState.meta(place);
      if (before.etag().equals(meta.etag().orElseThrow())) {
        opened = new OpenFile(place, channel, before, meta);
      }
    } finally {
      if (opened == null) {
        channel.close();
      }
    }
    return opened;
  }

  /**
   * Reads bytes into a buffer.
   *
   * @return how many, 1 or more
   */
  int read(ByteBuffer piece, long position) throws IOException {
    int n = channel.read(piece, position);
    if (n < 0) {
      throw shorterThan(position + 1);
    }
    return n;
  }

  ObjectStoreException shorterThan(long size) {
    String detail = "the file became shorter than " + size + " bytes while it was read";
    return place.error(Kind.PRECONDITION_FAILED, detail, null);
  }

  /** Fails if someone has written into the file in place since it was opened. */
  void checkUnchanged() throws IOException {
    FileState now;
    try {
      now = FileState.of(place);
    } catch (IOException e) {
      if (FileErrors.isAbsent(e)) {
        return; // deleted: the channel has shown what was there
      }
      throw e;
    }
    // Another inode: replaced, and the channel has shown the one before.
    if (now.inode() == state.inode() && !now.equals(state)) {
      throw place.error(
          Kind.PRECONDITION_FAILED,
          "the file was written to while it was read; try again when nobody writes to it",
          null);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
