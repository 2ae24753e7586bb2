package io.s3dlio.datagen;

import io.s3dlio.ByteSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Compares what arrives with what a generated object holds, and keeps nothing else of it.
 *
 * <p>Data that is wrong is no error of the transfer: {@link #write} takes it, and {@link #result}
 * tells. A range that is written again counts by its last write, as when a part of a download is
 * repeated. Which bytes are wrong is remembered exactly for 8,192 pages of 4 KiB; beyond that, in
 * an object with more damage, wrong bytes are only counted, and stay counted if their range is
 * written again.
 *
 * <p>Thread-safe for writes of different ranges. The comparison is made on the thread that writes
 * and allocates nothing for bytes that are right; memory is bounded (5 MiB and usually a few
 * hundred bytes) whatever the object's size is.
 */
public final class CheckingSink implements ByteSink {

  private static final BitSet NONE = new BitSet(0);

  private final GeneratedObject expected;
  private final Collection<GeneratedObject> others;
  private final Object lock = new Object();
  private final Ranges arrived = new Ranges();
  private final WrongBytes wrong = new WrongBytes();

  /** Made for the first wrong byte; null before. */
  private Origins origins;

  private Optional<Misplaced> misplaced = Optional.empty();

  /**
   * False until the first wrong byte: until then there is nothing to correct, so no lock to take.
   */
  private volatile boolean anyWrong;

  /**
   * A check against an object.
   *
   * @param expected what has to arrive
   */
  public CheckingSink(GeneratedObject expected) {
    this(expected, List.of());
  }

  /**
   * A check against an object that names others.
   *
   * @param expected what has to arrive
   * @param others objects that may have arrived in its place: of the same data set, to be called by
   *     their keys, or of other ones, as what was there before. Needed until the check is done
   */
  public CheckingSink(GeneratedObject expected, Collection<GeneratedObject> others) {
    this.expected = expected;
    this.others = others;
  }

  /**
   * Compares.
   *
   * @param offset where the bytes belong, in bytes from the start, 0 or more; may lie beyond the
   *     object's size, all is wrong there
   * @param src the bytes; afterwards its position is its limit
   * @throws IndexOutOfBoundsException if the offset is negative or the range ends above 2^63 - 1
   * @throws IOException if the bytes that arrived are in more than 65,536 separate pieces
   */
  @Override
  public void write(long offset, ByteBuffer src) throws IOException {
    long end = offset + src.remaining();
    if (offset < 0 || end < 0) {
      throw new IndexOutOfBoundsException(
          "offset " + offset + ", length " + src.remaining() + ": not a range");
    }
    int limit = src.limit();
    try {
      long inside = Math.max(0, Math.min(end, expected.size()) - offset);
      compare(offset, src.limit(src.position() + (int) inside));
    } finally {
      src.limit(limit);
    }
    src.position(limit);
    synchronized (lock) {
      arrived.add(offset, end);
    }
  }

  /**
   * What was found in the bytes that arrived until now.
   *
   * @return the counts; final when the last write has returned
   */
  public CheckResult result() {
    long size = expected.size();
    synchronized (lock) {
      long tooMany = arrived.bytesFrom(size);
      OptionalLong first = wrong.first();
      return new CheckResult(
          arrived.bytesFrom(0),
          wrong.count() + tooMany,
          size - (arrived.bytesFrom(0) - tooMany),
          first.isPresent() ? first : arrived.firstFrom(size),
          misplaced);
    }
  }

  /** Compares to the limit; the bytes up to there are the object's. */
  private void compare(long offset, ByteBuffer src) {
    Pages pages = Pages.ofThisThread();
    int mismatch = pages.mismatch(expected, offset, src);
    if (mismatch < 0 && !anyWrong) {
      return;
    }
    if (mismatch >= 0) {
      identify(offset, src, mismatch);
    }
    remember(pages, offset, src);
  }

  /** Looks for tags, from a little before the first wrong byte on: they may be equal by chance. */
  private void identify(long offset, ByteBuffer src, int mismatch) {
    int before = Math.min(mismatch, 2 * Long.BYTES);
    ByteBuffer suspect = src.duplicate().position(src.position() + mismatch - before);
    synchronized (lock) {
      if (misplaced.isEmpty()) {
        if (origins == null) {
          origins = new Origins(expected, others);
        }
        misplaced = origins.find(offset + mismatch - before, suspect);
      }
    }
  }

  private void remember(Pages pages, long offset, ByteBuffer src) {
    int limit = src.limit();
    for (long at = offset; src.position() < limit; ) {
      int from = (int) (at % Pages.PAGE);
      int length = Math.min(limit - src.position(), Pages.PAGE - from);
      src.limit(src.position() + length);
      int mismatch = pages.mismatch(expected, at, src);
      BitSet bits = mismatch < 0 ? NONE : differences(src, at);
      synchronized (lock) {
        anyWrong |= mismatch >= 0;
        wrong.replace(at / Pages.PAGE, from, from + length, bits);
      }
      src.position(src.limit());
      at += length;
    }
  }

  /** The places in the page where the bytes differ. */
  private BitSet differences(ByteBuffer src, long offset) {
    ByteBuffer right = ByteBuffer.allocate(src.remaining());
    expected.read(offset, right);
    int from = (int) (offset % Pages.PAGE);
    BitSet bits = new BitSet(Pages.PAGE);
    for (int i = 0; i < src.remaining(); i++) {
      if (src.get(src.position() + i) != right.get(i)) {
        bits.set(from + i);
      }
    }
    return bits;
  }
}
