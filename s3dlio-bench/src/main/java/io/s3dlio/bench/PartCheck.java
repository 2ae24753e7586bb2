package io.s3dlio.bench;

import io.s3dlio.ByteSink;
import io.s3dlio.datagen.CheckResult;
import io.s3dlio.datagen.GeneratedObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Compares what arrives with what a part of a tensor must be, and keeps nothing else of it. Wrong
 * data is no error of the transfer: {@link #firstWrong} tells. Thread-safe.
 */
public final class PartCheck implements ByteSink {

  private final GeneratedObject whole;
  private final Runs runs;
  private final AtomicLong checked = new AtomicLong();
  private final AtomicReference<CheckResult> wrong = new AtomicReference<>();

  PartCheck(GeneratedObject whole, Runs runs) {
    this.whole = whole;
    this.runs = runs;
  }

  /**
   * Compares.
   *
   * @param offset in the part, in bytes
   * @param src the bytes; afterwards its position is its limit
   * @throws IndexOutOfBoundsException if they are not within the part
   */
  @Override
  public void write(long offset, ByteBuffer src) throws IOException {
    int length = src.remaining();
    runs.forEach(offset, src, this::check);
    checked.addAndGet(length);
  }

  private void check(long offset, ByteBuffer bytes) {
    whole
        .check(offset, bytes)
        .ifPresent(found -> wrong.accumulateAndGet(found, PartCheck::earlier));
  }

  private static CheckResult earlier(CheckResult one, CheckResult other) {
    return one == null || other.firstWrongOffset().getAsLong() < one.firstWrongOffset().getAsLong()
        ? other
        : one;
  }

  /**
   * How many bytes were compared.
   *
   * @return all that were written, those that were written twice counted twice
   */
  public long checkedBytes() {
    return checked.get();
  }

  /**
   * The first bytes that are not what they must be, among those that arrived until now.
   *
   * @return what is wrong in the first range of them; its offsets are those in the whole tensor, in
   *     bytes. Empty if all are right
   */
  public Optional<CheckResult> firstWrong() {
    return Optional.ofNullable(wrong.get());
  }
}
