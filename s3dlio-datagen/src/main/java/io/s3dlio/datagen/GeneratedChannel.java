package io.s3dlio.datagen;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** An object as a read-only channel. */
final class GeneratedChannel implements SeekableByteChannel {

  private final GeneratedObject object;
  private long position;
  private boolean open = true;

  GeneratedChannel(GeneratedObject object) {
    this.object = object;
  }

  @Override
  public synchronized int read(ByteBuffer dst) throws ClosedChannelException {
    checkOpen();
    if (dst.isReadOnly()) {
      throw new ReadOnlyBufferException();
    }
    if (!dst.hasRemaining()) {
      return 0;
    }
    long left = object.size() - position;
    if (left <= 0) {
      return -1;
    }
    int length = (int) Math.min(dst.remaining(), left);
    int limit = dst.limit();
    object.read(position, dst.limit(dst.position() + length));
    dst.limit(limit);
    position += length;
    return length;
  }

  @Override
  public synchronized long position() throws ClosedChannelException {
    checkOpen();
    return position;
  }

  @Override
  public synchronized SeekableByteChannel position(long newPosition) throws ClosedChannelException {
    checkOpen();
    if (newPosition < 0) {
      throw new IllegalArgumentException("position " + newPosition + " is negative");
    }
    position = newPosition;
    return this;
  }

  @Override
  public synchronized long size() throws ClosedChannelException {
    checkOpen();
    return object.size();
  }

  @Override
  public int write(ByteBuffer src) {
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new NonWritableChannelException();
  }

  @Override
  public synchronized boolean isOpen() {
    return open;
  }

  @Override
  public synchronized void close() {
    open = false;
  }

  private void checkOpen() throws ClosedChannelException {
    if (!open) {
      throw new ClosedChannelException();
    }
  }
}
