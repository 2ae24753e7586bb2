package io.s3dlio.datagen;

/**
 * What the workers of a {@link GeneratorRing} did, and how long uploads waited for them. Workers
 * that rested much of their time, {@link #idle}, were not the limit, however long the waits are:
 * the parts of an object all wait at once, and workers that lack memory to work ahead rest, too.
 *
 * @param threads how many workers there are
 * @param bytes how many they made
 * @param seconds since the ring was made
 * @param busySeconds in which workers made bytes, of all of them together; at most {@code threads}
 *     times {@code seconds}
 * @param cpuSeconds of that, on a CPU
 * @param waits how often an upload, or one of its parts, had to wait for bytes
 * @param waitSeconds how long, all waits added up: where several wait at a time, more than passed
 */
public record GeneratorLoad(
    int threads,
    long bytes,
    double seconds,
    double busySeconds,
    double cpuSeconds,
    long waits,
    double waitSeconds) {

  /**
   * The part of their time in which the workers made nothing: near 1 if the store was the limit,
   * near 0 if they were.
   *
   * @return 0 to 1
   */
  public double idle() {
    return seconds > 0 ? Math.max(0, 1 - busySeconds / (threads * seconds)) : 1;
  }
}
