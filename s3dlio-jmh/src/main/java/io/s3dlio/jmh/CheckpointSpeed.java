package io.s3dlio.jmh;

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
import io.s3dlio.checkpoint.Retention;
import io.s3dlio.checkpoint.TensorRead;
import io.s3dlio.checkpoint.TensorSlice;
import io.s3dlio.datagen.GeneratorSpec;
import io.s3dlio.safetensors.DType;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Saving and loading a checkpoint beside putting and getting the same bytes as one object, and what
 * a save in the background holds training up beside one copy of the memory. All are measured in
 * turn, in rounds; the table has medians.
 */
public final class CheckpointSpeed {

  private static final String HELP =
      """
      dev/checkpoint-speed [OPTION=VALUE]...
        base=file:///var/tmp/s3dlio-checkpoint-speed/   where to; what is there stays
        size=512MiB    of the checkpoint
        tensors=32     how many, all of one size
        rounds=7       measurements of each, after one that does not count
      """;

  private final ObjectStore store;
  private final ObjectUri base;
  private final ByteBuffer from;
  private final ByteBuffer to;
  private final int tensor;
  private final Map<String, List<Double>> seconds = new LinkedHashMap<>();
  private final Map<String, List<Double>> cpuSeconds = new LinkedHashMap<>();
  private long step;

  private CheckpointSpeed(ObjectStore store, ObjectUri base, int size, int tensors)
      throws Exception {
    this.store = store;
    this.base = base;
    this.tensor = size / tensors;
    this.from = ByteBuffer.allocateDirect(tensor * tensors);
    this.to = ByteBuffer.allocateDirect(tensor * tensors);
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
    int size = (int) Sizes.parse(options.text("size"));
    try (ObjectStore store = ObjectStores.open(base.toString())) {
      CheckpointSpeed speed = new CheckpointSpeed(store, base, size, options.number("tensors"));
      for (int round = 0; round <= options.number("rounds"); round++) {
        speed.round();
        if (round == 0) {
          speed.seconds.clear();
          speed.cpuSeconds.clear();
        }
      }
      speed.print();
    }
  }

  /** Something that is measured. */
  private interface Work {
    void run() throws Exception;
  }

  private void measure(String name, Work work) throws Exception {
    long cpu = cpuNanos();
    long begin = System.nanoTime();
    work.run();
    note(name, System.nanoTime() - begin, cpuNanos() - cpu);
  }

  private void note(String name, long nanos, long cpu) {
    seconds.computeIfAbsent(name, key -> new ArrayList<>()).add(nanos / 1e9);
    cpuSeconds.computeIfAbsent(name, key -> new ArrayList<>()).add(cpu / 1e9);
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private void round() throws Exception {
    ObjectUri object = base.resolve("object");
    ByteSource bytes = ByteSources.of(from);
    measure("put", () -> store.put(object, bytes, PutOptions.DEFAULT));
    try (CheckpointStore checkpoints = open(CheckpointOptions.DEFAULT)) {
      measure("save", () -> writer(checkpoints).commit());
      measure("get", () -> store.get(object, ByteSinks.of(to), GetOptions.DEFAULT));
      measure("load", () -> load(checkpoints));
      try (CheckpointStore trusting = open(CheckpointOptions.DEFAULT.withoutVerification())) {
        measure("load without verification", () -> load(trusting));
      }
      measure("copy in memory", () -> to.duplicate().put(from.duplicate()));
      PendingSave pending = writer(checkpoints).commitAsync();
      pending.await();
      note("held up by a save in the background", pending.blocked().toNanos(), 0);
      checkpoints.retain(Retention.NEWEST);
    }
    store.delete(object);
  }

  private CheckpointStore open(CheckpointOptions options) {
    return CheckpointStore.over(store, base.resolve("run/"), options);
  }

  private CheckpointWriter writer(CheckpointStore checkpoints) throws Exception {
    step = Math.max(step, checkpoints.reader().latest().map(Checkpoint::step).orElse(0L)) + 1;
    CheckpointWriter writer = checkpoints.writer(step, 0, 1);
    for (int at = 0; at < from.capacity(); at += tensor) {
      ByteSource bytes = ByteSources.of(from.slice(at, tensor));
      writer.put("tensor" + at / tensor, DType.U8, List.of((long) tensor), bytes);
    }
    return writer;
  }

  private void load(CheckpointStore checkpoints) throws Exception {
    Checkpoint latest = checkpoints.reader().latest().orElseThrow();
    List<TensorRead> reads = new ArrayList<>();
    for (int at = 0; at < to.capacity(); at += tensor) {
      TensorSlice whole = TensorSlice.whole(List.of((long) tensor));
      reads.add(new TensorRead("tensor" + at / tensor, whole, List.of(to.slice(at, tensor))));
    }
    latest.read(reads);
  }

  private void print() {
    System.out.printf(
        "%s, %d bytes in tensors of %d, JDK %s%n",
        base, from.capacity(), tensor, System.getProperty("java.version"));
    Map<String, String> beside =
        Map.of(
            "save", "put",
            "load", "get",
            "load without verification", "get",
            "held up by a save in the background", "copy in memory");
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
