package io.s3dlio.datagen;

/**
 * What the workers of a {@link GeneratorRing} did, and how long uploads waited for them. With both
 * in view it can be told whether the generator or the store was the limit.
 *
 * @param threads how many workers there are
 * @param bytes how many they made
 * @param seconds since the ring was made
 * @param busySeconds in which workers made bytes, of all of them together; at most {@code threads}
 *     times {@code seconds}
 * @param cpuSeconds of that, on a CPU
 * @param waits how often an upload had to wait for bytes
 * @param waitSeconds how long, of all uploads together
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
