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
      OpenFile opened = tryOpen(place, io);
      if (opened != null) {
        return opened;
      }
    }
    throw FileState.restless(place);
  }

  /** Null if the name went to another file meanwhile, or the file was written to. */
  private static OpenFile tryOpen(Place place, FileIo io) throws IOException {
    FileState before = FileState.of(place);
    FileChannel channel = io.open(place);
    OpenFile opened = null;
    try {
      UserAttributes attributes = UserAttributes.read(place.path());
      if (before.equals(FileState.of(place))) {
        opened = new OpenFile(place, channel, before, before.meta(place.uri(), attributes));
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
