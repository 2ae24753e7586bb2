package io.s3dlio.datagen;

import io.s3dlio.platform.Pinning;
import io.s3dlio.platform.SystemInfo;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that fill large buffers together.
 *
 * <p>They are daemon threads, idle unless there is something to fill, and stop with {@link #close}.
 * The bytes are those of {@link GeneratedObject#read}, which is enough where several threads read
 * anyway: a transfer makes each part on the worker that sends it and needs no pool.
 *
 * <p>On a machine with several NUMA nodes the threads are pinned to them, in proportion to the CPUs
 * that this process may use there, and the threads of each node fill one contiguous share of a
 * buffer: of N threads those of the first node, K of them, the first K/N of what is filled (to
 * within 2 MiB), those of the next node what follows, by ascending number of the node. In a buffer
 * that {@link #allocate} made, and that is filled as a whole, every share is in the memory of its
 * node. Where threads cannot be pinned they run anywhere; {@link #placement} says why.
 *
 * <p>Thread-safe. Callers that fill at the same time share the threads.
 */
public final class GeneratorPool implements AutoCloseable {

  private static final Logger LOG = System.getLogger("io.s3dlio.datagen");

  /** Pages have this size or divide it, unless they are huge. */
  private static final int PAGE = 64 << 10;

  private static final int MAX_BUFFER = Integer.MAX_VALUE - 2 * SharedWork.HUGE_PAGE;

  private static final int SMALLEST_PAGE = 4096;

  private final WorkerPlan plan;
  private final List<Workers> teams;
  private final AtomicInteger turn = new AtomicInteger();

  /** A pool of half of the CPUs that this process can use; the rest is for input and output. */
  public GeneratorPool() {
    this(GeneratorOptions.DEFAULTS);
  }

  /**
   * A pool of a given size.
   *
   * @param threads how many threads make the bytes of large fills, 1 to 1,024; with 1 that is not
   *     pinned, the caller's own does
   * @throws IllegalArgumentException if it is out of range
   */
  public GeneratorPool(int threads) {
    this(GeneratorOptions.DEFAULTS.withThreads(threads));
  }

  /**
   * A pool as told. If its threads are to be pinned, that is tried out first: it takes a tenth of a
   * second for the first pool, since JNA is loaded.
   *
   * @param options how many threads, and where
   * @throws IllegalArgumentException if they name a NUMA node that the machine does not have
   */
  public GeneratorPool(GeneratorOptions options) {
    this(WorkerPlan.of(SystemInfo.current(), options).asFarAsAllowed());
  }

  /** A pool as planned. */
  GeneratorPool(WorkerPlan plan) {
    AtomicInteger number = new AtomicInteger();
    this.plan = plan;
    this.teams = plan.teams().stream().map(team -> new Workers(team, number)).toList();
  }

  /**
   * Half of the CPUs that this process can use, by its affinity and its quota.
   *
   * @return 1 to 1,024
   */
  public static int defaultThreads() {
    return WorkerPlan.threads(SystemInfo.current().usableCpus(), GeneratorOptions.DEFAULTS);
  }

  /**
   * How many threads make the bytes of large fills.
   *
   * @return 1 or more
   */
  public int threads() {
    return plan.threads();
  }

  /**
   * The NUMA nodes to which the threads are pinned.
   *
   * @return their numbers, ascending; empty if the threads are not pinned
   */
  public List<Integer> nodes() {
    return plan.nodes();
  }

  /**
   * Where the threads run and, if they are not pinned, why not.
   *
   * @return a line for people to read
   */
  public String placement() {
    return plan.toString();
  }

  /**
   * Why the threads are not pinned, or what else is not as it was asked for. That of {@link
   * #placement}, alone.
   *
   * @return for people to read; empty if the threads and their memory are on their nodes
   */
  public Optional<String> remark() {
    return Optional.of(plan.remark()).filter(text -> !text.isEmpty());
  }

  /**
   * A buffer for fills. If the threads are pinned its pages come from the nodes of those that fill
   * them, see above; a buffer of {@link ByteBuffer#allocateDirect} comes from the node of the
   * thread that makes it. That takes as long as to write the memory twice, so buffers are to be
   * kept and filled again. The memory counts as Java's direct memory, which {@code
   * -XX:MaxDirectMemorySize} limits, and lives as long as the buffer.
   *
   * @param size in bytes, 0 to 2,143,289,343 (2 GiB less 4 MiB and a byte)
   * @return a direct buffer of this capacity that begins at a page; its bytes are 0
   * @throws IllegalArgumentException if the size is out of range
   * @throws OutOfMemoryError if there is not as much direct memory
   * @throws RejectedExecutionException if the pool is closed
   */
  public ByteBuffer allocate(int size) {
    if (size < 0 || size > MAX_BUFFER) {
      throw new IllegalArgumentException(
          "a buffer of " + size + " bytes: must be 0 to " + MAX_BUFFER);
    }
    checkOpen();
    int unit = size >= SharedWork.HUGE_PAGE ? SharedWork.HUGE_PAGE : PAGE;
    int whole = (size + unit - 1) / unit * unit;
    ByteBuffer pages = ByteBuffer.allocateDirect(whole + unit).alignedSlice(unit);
    if (!plan.nodes().isEmpty()) {
      Optional<String> refused = Pinning.forgetPages(pages);
      if (refused.isPresent()) {
        LOG.log(Level.DEBUG, "a buffer stays on the node of its maker: {0}", refused.get());
      } else {
        SharedWork.make(teams, 0, size, (from, to) -> touch(pages, from, to));
      }
    }
    return pages.slice(0, size);
  }

  /**
   * Fills a buffer, one of up to 1 MiB on the calling thread. When the method returns, no other
   * thread touches the buffer any more; an interrupt does not end it and stays set.
   *
   * @param object whose bytes
   * @param offset where they begin in the object, in bytes
   * @param dst filled from its position to its limit, where its position is afterwards
   * @throws IndexOutOfBoundsException if the range is not inside the object
   * @throws ReadOnlyBufferException if the buffer is read-only
   * @throws RejectedExecutionException if the pool is closed
   */
  public void fill(GeneratedObject object, long offset, ByteBuffer dst) {
    int length = dst.remaining();
    Objects.checkFromIndexSize(offset, length, object.size());
    if (dst.isReadOnly()) {
      throw new ReadOnlyBufferException();
    }
    checkOpen();
    if (isForCaller(length)) {
      object.read(offset, dst);
    } else {
      int position = dst.position();
      SharedWork.make(
          teams,
          offset % Pages.BLOCK,
          length,
          (from, to) -> object.read(offset + from, dst.slice(position + from, to - from)));
      dst.position(dst.limit());
    }
  }

  /**
   * Makes a range on the threads of this pool, or on the calling one if it is small.
   *
   * @param phase how far into a block of a stream the range begins
   */
  void share(long phase, int length, SharedWork.Task task) {
    checkOpen();
    if (isForCaller(length)) {
      task.make(0, length);
    } else {
      SharedWork.make(teams, phase, length, task);
    }
  }

  /**
   * Runs work on a thread of the team whose turn it is: each has as many turns as threads.
   *
   * @throws RejectedExecutionException if the pool is closed
   */
  void execute(Runnable work) {
    int left = Math.floorMod(turn.getAndIncrement(), plan.threads());
    int team = 0;
    while (left >= teams.get(team).threads()) {
      left -= teams.get(team).threads();
      team++;
    }
    teams.get(team).execute(work);
  }

  /** Stops the threads when the fills under way are done. Closing twice is harmless. */
  @Override
  public void close() {
    teams.forEach(Workers::close);
  }

  private boolean isForCaller(int length) {
    boolean alone = plan.nodes().isEmpty() && plan.threads() == 1;
    return alone || length <= SharedWork.PIECE;
  }

  private void checkOpen() {
    if (teams.get(0).isClosed()) {
      throw new RejectedExecutionException("the generator pool is closed");
    }
  }

  private static void touch(ByteBuffer pages, int from, int to) {
    for (int at = from; at < to; at += SMALLEST_PAGE) {
      pages.put(at, (byte) 0);
    }
  }
}
