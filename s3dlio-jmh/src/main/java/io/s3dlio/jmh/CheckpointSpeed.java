package io.s3dlio.jmh;

import io.s3dlio.ByteSink;
import io.s3dlio.ByteSinks;
import io.s3dlio.ByteSource;
import io.s3dlio.ByteSources;
import io.s3dlio.GetOptions;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.Sizes;
import io.s3dlio.checkpoint.Checkpoint;
import io.s3dlio.checkpoint.CheckpointOptions;
import io.s3dlio.checkpoint.CheckpointStore;
import io.s3dlio.checkpoint.CheckpointWriter;
import io.s3dlio.checkpoint.PendingSave;
import io.s3dlio.checkpoint.TensorRead;
import io.s3dlio.checkpoint.TensorSlice;
import io.s3dlio.datagen.GeneratorSpec;
import io.s3dlio.layer.Layer;
import io.s3dlio.layer.RateLimit;
import io.s3dlio.safetensors.DType;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Saving and loading a checkpoint beside putting and getting the same bytes as one object, and what
 * a save in the background holds training up beside one copy of the memory. All are measured in
 * turn, in rounds; the table has medians. Of several ranks the slowest counts.
 */
public final class CheckpointSpeed {

  private static final String HELP =
      """
      dev/checkpoint-speed [OPTION=VALUE]...
        base=file:///var/tmp/s3dlio-checkpoint-speed/   where to; what is there stays
        size=1GiB      of the checkpoint, less than 2GiB
        tensors=32     how many, all of one size
        ranks=1        how many save and load at a time, each as many of the tensors
        rounds=7       measurements of each, after one that does not count
        rate=0         the most bytes a second to and from the store, such as 250MB; 0: no limit
        before=true    a command for sh before each get and load, such as 'echo 1 > /proc/sys/vm/drop_caches'
      """;

  private final ObjectStore store;
  private final ObjectUri base;
  private final ByteBuffer from;
  private final ByteBuffer to;
  private final String beforeReading;
  private final int ranks;
  private final int share;
  private final int tensor;
  private final Map<String, List<Double>> seconds = new LinkedHashMap<>();
  private final Map<String, List<Double>> cpuSeconds = new LinkedHashMap<>();

  private CheckpointSpeed(ObjectStore store, ObjectUri base, Options options) throws Exception {
    int size = (int) Sizes.parse(options.text("size"));
    int tensors = options.number("tensors");
    this.store = store;
    this.base = base;
    this.beforeReading = options.text("before");
    this.ranks = options.number("ranks");
    this.tensor = size / tensors;
    this.share = tensors / ranks * tensor;
    this.from = ByteBuffer.allocateDirect(share * ranks);
    this.to = ByteBuffer.allocateDirect(share * ranks);
    GeneratorSpec.of(1).object("state", from.capacity()).read(0, from.duplicate());
  }

  /**
   * Runs it.
   *
   * @param args options, see {@code help}
   * @throws Exception if something fails
   */
  public static void main(String[] args) throws Exception {
    Options options = new Options(HELP, args);
    ObjectUri base = ObjectUri.parse(options.text("base"));
    long rate = Sizes.parse(options.text("rate"));
    List<Layer> layers = rate == 0 ? List.of() : List.of(RateLimit.bytes((double) rate));
    try (ObjectStore store = ObjectStores.open(base.toString(), layers)) {
      CheckpointSpeed speed = new CheckpointSpeed(store, base, options);
      for (int round = 0; round <= options.number("rounds"); round++) {
        speed.round(round);
        if (round == 0) {
          speed.seconds.clear();
          speed.cpuSeconds.clear();
        }
      }
      speed.print();
    }
  }

  /** Something that is measured, of a rank. */
  private interface Work {
    void run(int rank) throws Exception;
  }

  /** Of all ranks at a time, until the last is done. */
  private void measure(String name, Work work) throws Exception {
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int i = 0; i < ranks; i++) {
      int rank = i;
      tasks.add(
          () -> {
            work.run(rank);
            return null;
          });
    }
    ExecutorService threads = Executors.newFixedThreadPool(ranks);
    try {
      long cpu = cpuNanos();
      long begin = System.nanoTime();
      for (Future<Void> done : threads.invokeAll(tasks)) {
        done.get();
      }
      note(name, System.nanoTime() - begin, cpuNanos() - cpu);
    } finally {
      threads.shutdownNow();
    }
  }

  private void measureReading(String name, Work work) throws Exception {
    int status = new ProcessBuilder("sh", "-c", beforeReading).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IllegalStateException("'" + beforeReading + "' ended with status " + status);
    }
    measure(name, work);
  }

  private void note(String name, long nanos, long cpu) {
    seconds.computeIfAbsent(name, key -> new ArrayList<>()).add(nanos / 1e9);
    cpuSeconds.computeIfAbsent(name, key -> new ArrayList<>()).add(cpu / 1e9);
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /** Everything is deleted before the next is written: what a disk has freed it writes faster. */
  private void round(int number) throws Exception {
    if (number % 2 == 0) {
      objects();
      checkpoint();
    } else {
      checkpoint();
      objects();
    }
    measure(
        "copy in memory",
        rank -> to.slice(rank * share, share).put(from.slice(rank * share, share)));
    inBackground();
  }

  private void objects() throws Exception {
    measure("put", rank -> store.put(object(rank), bytes(rank, 0, share), PutOptions.DEFAULT));
    measureReading("get", this::get);
    for (int rank = 0; rank < ranks; rank++) {
      store.delete(object(rank));
    }
  }

  private void checkpoint() throws Exception {
    CheckpointOptions options = ofRun();
    measure("save", rank -> writer(open(options), rank).commit());
    measureReading("load", rank -> load(open(options), rank));
    CheckpointOptions trusting = options.withoutVerification();
    measureReading("load without verification", rank -> load(open(trusting), rank));
    store.deletePrefix(base.resolve("run/"));
  }

  private void inBackground() throws Exception {
    CheckpointOptions options = ofRun();
    Map<Integer, PendingSave> pending = new ConcurrentHashMap<>();
    measure(
        "begin of a save in the background",
        rank -> pending.put(rank, writer(open(options), rank).commitAsync()));
    long longest = 0;
    for (PendingSave save : pending.values()) {
      save.await();
      longest = Math.max(longest, save.blocked().toNanos());
    }
    note("held up by it", longest, 0);
    store.deletePrefix(base.resolve("run/"));
  }

  private static CheckpointOptions ofRun() {
    return CheckpointOptions.DEFAULT.withJob(UUID.randomUUID().toString());
  }

  private ObjectUri object(int rank) {
    return base.resolve("object" + rank);
  }

  private ByteSource bytes(int rank, int offset, int length) {
    return ByteSources.of(from.slice(rank * share + offset, length));
  }

  /** Over a store that stays open, as each rank does; to close it would wait for nothing. */
  private CheckpointStore open(CheckpointOptions options) {
    return CheckpointStore.over(store, base.resolve("run/"), options);
  }

  private CheckpointWriter writer(CheckpointStore checkpoints, int rank) throws Exception {
    CheckpointWriter writer = checkpoints.writer(1, rank, ranks);
    for (int at = 0; at < share; at += tensor) {
      writer.put(name(rank, at), DType.U8, List.of((long) tensor), bytes(rank, at, tensor));
    }
    return writer;
  }

  private String name(int rank, int at) {
    return "rank" + rank + ".tensor" + at / tensor;
  }

  private void get(int rank) throws Exception {
    ByteSink sink = ByteSinks.of(to.slice(rank * share, share));
    store.get(object(rank), sink, GetOptions.DEFAULT);
  }

  private void load(CheckpointStore checkpoints, int rank) throws Exception {
    Checkpoint latest = checkpoints.reader().latest().orElseThrow();
    List<TensorRead> reads = new ArrayList<>();
    for (int at = 0; at < share; at += tensor) {
      TensorSlice whole = TensorSlice.whole(List.of((long) tensor));
      ByteBuffer memory = to.slice(rank * share + at, tensor);
      reads.add(new TensorRead(name(rank, at), whole, List.of(memory)));
    }
    latest.read(reads);
  }

  private void print() {
    System.out.printf(
        "%s, %d bytes in tensors of %d, ranks %d, JDK %s%n",
        base, from.capacity(), tensor, ranks, System.getProperty("java.version"));
    Map<String, String> beside =
        Map.of(
            "save", "put",
            "load", "get",
            "load without verification", "get",
            "begin of a save in the background", "copy in memory",
            "held up by it", "copy in memory");
    double gb = from.capacity() / 1e9;
    for (String name : seconds.keySet()) {
      double time = median(seconds.get(name));
      String other = beside.get(name);
      System.out.printf(
          "%-38s %7.3f s %7.2f GB/s %6.2f CPU-s/GB%s%n",
          name,
          time,
          gb / time,
          median(cpuSeconds.get(name)) / gb,
          other == null
              ? ""
              : "   %.2f of the speed of %s".formatted(median(seconds.get(other)) / time, other));
    }
  }

  private static double median(List<Double> values) {
    return Cost.median(values.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
