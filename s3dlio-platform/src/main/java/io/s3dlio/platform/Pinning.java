package io.s3dlio.platform;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Says on which CPUs a thread runs and from which node its memory comes: on 64-bit Linux and with
 * JNA ({@code net.java.dev.jna:jna}) on the class path. Everywhere else nothing changes and the
 * answer says why. JNA is loaded with the first call, which takes about a tenth of a second; from
 * JDK 24 on the JVM prints a warning then, unless it was started with {@code
 * --enable-native-access=ALL-UNNAMED}.
 */
public final class Pinning {

  /** {@code MPOL_PREFERRED} of {@code linux/mempolicy.h}. */
  private static final long PREFERRED = 1;

  /** {@code MADV_DONTNEED} of {@code asm-generic/mman-common.h}. */
  private static final int DONT_NEED = 4;

  private static final long TRIED_SECONDS = 10;

  private Pinning() {}

  /**
   * What became of it.
   *
   * @param cpusRefused why the thread still runs where it did, for people to read; empty if it runs
   *     on the CPUs that were asked for
   * @param memoryRefused why its memory still comes from where it did; empty if it comes from the
   *     node that was asked for, or none was
   */
  public record Outcome(Optional<String> cpusRefused, Optional<String> memoryRefused) {}

  /**
   * Lets the calling thread run on some CPUs only, for good, and has memory that it touches first
   * come from a node as long as that has any, from the nearest one after that. This is preferred to
   * an order to take no other, for which the kernel ends the process when the node is full.
   *
   * @param cpus where it may run, one or more
   * @param memoryNode the number of the node; empty to leave that to the kernel, which takes the
   *     node that the thread runs on
   * @return what became of it; memory stays as it is if the CPUs are refused
   */
  public static Outcome pin(CpuSet cpus, OptionalInt memoryNode) {
    if (LibC.MISSING.isPresent()) {
      return new Outcome(LibC.MISSING, LibC.MISSING);
    }
    long[] mask = cpus.toLongArray();
    if (LibC.sched_setaffinity(0, (long) mask.length * Long.BYTES, mask) == LibC.FAILED) {
      Optional<String> why = refused("sched_setaffinity");
      return new Outcome(why, why);
    }
    return new Outcome(
        Optional.empty(),
        memoryNode.isPresent() ? preferMemoryOf(memoryNode.getAsInt()) : Optional.empty());
  }

  /**
   * Does the same on a thread that ends at once.
   *
   * @param cpus as above
   * @param memoryNode as above
   * @return what becomes of it on this machine
   */
  public static Outcome tryOut(CpuSet cpus, OptionalInt memoryNode) {
    FutureTask<Outcome> trial = new FutureTask<>(() -> pin(cpus, memoryNode));
    Thread thread = new Thread(trial, "s3dlio-pinning-trial");
    thread.setDaemon(true);
    thread.start();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return trial.get(TRIED_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException | TimeoutException e) {
      Optional<String> why = Optional.of("trying it out failed: " + e);
      return new Outcome(why, why);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Gives the pages of a buffer back to the system: its bytes are 0 afterwards, and each page comes
   * from the node of the thread that touches it next. Java touches all pages of a direct buffer
   * when it makes it, so that otherwise they come from the node of the thread that made it.
   *
   * @param buffer a direct buffer, not of a mapped file, whose content nobody needs; all of it is
   *     meant, whatever its position and limit. Pages that are only partly in it stay as they are
   * @return why it was not done, for people to read; empty if it was
   */
  public static Optional<String> forgetPages(ByteBuffer buffer) {
    if (LibC.MISSING.isPresent()) {
      return LibC.MISSING;
    }
    ByteBuffer all = buffer.duplicate().clear();
    int page = LibC.getpagesize();
    int first = (page - all.alignmentOffset(0, page)) % page;
    long length = (all.capacity() - first) / page * (long) page;
    if (length <= 0) {
      return Optional.empty();
    }
    Pointer address = LibC.address(all).share(first);
    return LibC.madvise(address, length, DONT_NEED) == LibC.FAILED
        ? refused("madvise")
        : Optional.empty();
  }

  private static Optional<String> preferMemoryOf(int node) {
    // set_mempolicy in asm/unistd_64.h and, for aarch64, in asm-generic/unistd.h.
    long number = System.getProperty("os.arch").equals("amd64") ? 238 : 237;
    long[] nodes = new long[node / Long.SIZE + 1];
    nodes[node / Long.SIZE] = 1L << node;
    // The kernel takes one bit less than it is told.
    long bits = (long) nodes.length * Long.SIZE + 1;
    return LibC.syscall(number, PREFERRED, nodes, bits) == LibC.FAILED
        ? refused("set_mempolicy")
        : Optional.empty();
  }

  private static Optional<String> refused(String call) {
    return Optional.of("the system refuses " + call + ": " + LibC.lastError());
  }
}
