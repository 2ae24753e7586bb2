package io.s3dlio.file;

import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

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
  static OpenFile open(Place place) throws IOException {
    for (int attempt = 0; attempt < FileState.ATTEMPTS; attempt++) {
      FileState before = FileState.of(place);
      OpenFile opened = open(place, before);
      if (opened != null) {
        return opened;
      }
    }
    throw FileState.restless(place);
  }

  private static OpenFile open(Place place, FileState before) throws IOException {
    FileChannel channel = FileChannel.open(place.path(), StandardOpenOption.READ);
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
