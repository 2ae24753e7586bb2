package io.s3dlio.datagen;

import io.s3dlio.ByteSink;
import io.s3dlio.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Compares what arrives with what a source holds, a generated object above all, and keeps nothing
 * else of it.
 *
 * <p>Data that is wrong is no error of the transfer: {@link #write} takes it, and {@link #result}
 * tells. A range that is written again counts by its last write, as when a part of a download is
 * repeated. Which bytes are wrong is remembered exactly for 8,192 pages of 4 KiB; beyond that, in
 * an object with more damage, wrong bytes are only counted, and stay counted if their range is
 * written again.
 *
 * <p>Of a generated object no copy is made to compare with, and misplaced bytes are recognized.
 * Those of any other source are read again, up to 1 MiB at a time, into memory that each thread
 * keeps.
 *
 * <p>Thread-safe for writes of different ranges. The comparison is made on the thread that writes
 * and, with a generated object, allocates nothing for bytes that are right; memory is bounded (5
 * MiB and usually a few hundred bytes) whatever the object's size is.
 */
public final class CheckingSink implements ByteSink {

  private static final BitSet NONE = new BitSet(0);
  private static final int STEP = 1 << 20;

  private static final ThreadLocal<ByteBuffer> AGAIN =
      ThreadLocal.withInitial(() -> ByteBuffer.allocate(STEP));

  private final ByteSource expected;
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
   * A check against a source.
   *
   * @param expected what has to arrive; stays the caller's, who closes it after the check
   */
  public CheckingSink(ByteSource expected) {
    this(expected, List.of());
  }

  /**
   * A check against a source that names objects which arrived in its place.
   *
   * @param expected what has to arrive
   * @param others objects that may have arrived in place of a generated object: of the same data
   *     set, to be called by their keys, or of other ones, as what was there before. Needed until
   *     the check is done; nobody looks for them where another source is expected
   */
  public CheckingSink(ByteSource expected, Collection<GeneratedObject> others) {
    this.expected = Objects.requireNonNull(expected, "expected");
    this.others = Objects.requireNonNull(others, "others");
  }

  /**
   * Compares.
   *
   * @param offset where the bytes belong, in bytes from the start, 0 or more; may lie beyond the
   *     object's size, all is wrong there
   * @param src the bytes; afterwards its position is its limit
   * @throws IndexOutOfBoundsException if the offset is negative or the range ends above 2^63 - 1
   * @throws IOException if the bytes that arrived are in more than 65,536 separate pieces, or what
   *     to compare with cannot be read
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
  private void compare(long offset, ByteBuffer src) throws IOException {
    int mismatch = mismatch(offset, src);
    if (mismatch < 0 && !anyWrong) {
      return;
    }
    if (mismatch >= 0 && expected instanceof GeneratedObject object) {
      identify(object, offset, src, mismatch);
    }
    remember(offset, src);
  }

  /** The first wrong byte, counted from the buffer's position; -1 if all are right. */
  private int mismatch(long offset, ByteBuffer src) throws IOException {
    if (expected instanceof GeneratedObject object) {
      return Pages.ofThisThread().mismatch(object, offset, src);
    }
    ByteBuffer again = AGAIN.get();
    int length = src.remaining();
    for (int done = 0; done < length; done += again.limit()) {
      again.clear().limit(Math.min(again.capacity(), length - done));
      expected.read(offset + done, again);
      int found = again.flip().mismatch(src.slice(src.position() + done, again.limit()));
      if (found >= 0) {
        return done + found;
      }
    }
    return -1;
  }

  /** Looks for tags, from a little before the first wrong byte on: they may be equal by chance. */
  private void identify(GeneratedObject object, long offset, ByteBuffer src, int mismatch) {
    int before = Math.min(mismatch, 2 * Long.BYTES);
    ByteBuffer suspect = src.duplicate().position(src.position() + mismatch - before);
    synchronized (lock) {
      if (misplaced.isEmpty()) {
        if (origins == null) {
          origins = new Origins(object, others);
        }
        misplaced = origins.find(offset + mismatch - before, suspect);
      }
    }
  }

  private void remember(long offset, ByteBuffer src) throws IOException {
    int limit = src.limit();
    for (long at = offset; src.position() < limit; ) {
      int from = (int) (at % Pages.PAGE);
      int length = Math.min(limit - src.position(), Pages.PAGE - from);
      src.limit(src.position() + length);
      int mismatch = mismatch(at, src);
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
  private BitSet differences(ByteBuffer src, long offset) throws IOException {
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
