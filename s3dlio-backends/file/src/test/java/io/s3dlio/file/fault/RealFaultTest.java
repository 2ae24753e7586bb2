package io.s3dlio.file.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.BytesView;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.datagen.CheckingSink;
import io.s3dlio.datagen.GeneratedObject;
import io.s3dlio.datagen.GeneratorSpec;
import io.s3dlio.testkit.process.JavaCommand;
import io.s3dlio.testkit.process.JavaProcess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** What the system itself does to a process that writes: kills it, and refuses it space. */
class RealFaultTest {

  private static final int RUNS = Integer.getInteger("s3dlio.fault.runs", 3);
  private static final long SEED = Long.getLong("s3dlio.fault.seed", 1);
  private static final int SIZE = 3 << 20;
  private static final StoreConfig CONFIG =
      StoreConfig.defaults().with("part-size", "64KiB").with("multipart-threshold", "1MiB");

  @TempDir Path directory;

  private ObjectUri uri() {
    return uri(directory);
  }

  private static ObjectUri uri(Path directory) {
    return ObjectUri.parse("file://" + directory + "/object");
  }

  /** Of one generation: as a whole it tells which. */
  private static GeneratedObject object(long generation) {
    return GeneratorSpec.of(generation).object("object", SIZE + generation);
  }

  private static JavaCommand java(Class<?> main, String... arguments) {
    return JavaCommand.of(main, arguments).options("-Xmx128m", "-XX:-UsePerfData");
  }

  private static List<Path> temporary(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(p -> p.getFileName().toString().startsWith(".s3dlio-tmp-")).toList();
    }
  }

  /** Whatever the moment: the object is one generation in full, and no listing shows more. */
  @Test
  void aWriterThatIsKilledLeavesTheOldObjectOrTheNewOne() throws Exception {
    Random random = new Random(SEED);
    int killedWithin = 0;
    try (ObjectStore store = ObjectStores.open(uri(), CONFIG, RequestListener.NONE)) {
      for (int run = 0; run < RUNS; run++) {
        try (JavaProcess writer = java(Writer.class, directory.toString()).start()) {
          for (int writes = random.nextInt(5); writes >= 0; writes--) {
            writer.awaitLine(line -> line.startsWith("put "));
          }
          TimeUnit.MICROSECONDS.sleep(random.nextInt(8000)); // anywhere in the next write
        }
        try (BytesView bytes = store.get(uri())) {
          CheckingSink sink = new CheckingSink(object(bytes.size() - SIZE));
          long at = 0;
          for (ByteBuffer piece : bytes.asByteBuffers()) {
            int n = piece.remaining();
            sink.write(at, piece);
            at += n;
          }
          assertThat(sink.result().isWholeAndRight()).as("run %d, %s", run, sink.result()).isTrue();
        }
        try (Stream<?> listed = store.list(uri())) {
          assertThat(listed.count()).isEqualTo(1);
        }
        List<Path> left = temporary(directory);
        killedWithin += left.size();
        for (Path path : left) {
          Files.delete(path); // what a process that is killed cannot do
        }
      }
    }
    Files.createDirectories(Path.of("target", "fault-grid"));
    Files.writeString(
        Path.of("target", "fault-grid", "file-killed.txt"),
        "file, writer killed: %d runs, seed %d; %d of them within a write%n"
            .formatted(RUNS, SEED, killedWithin));
    assertThat(killedWithin).as("runs that were killed within a write").isPositive();
  }

  /** Overwrites one object again and again. */
  static final class Writer {
    public static void main(String[] arguments) throws IOException {
      ObjectUri uri = uri(Path.of(arguments[0]));
      try (ObjectStore store = ObjectStores.open(uri, CONFIG, RequestListener.NONE)) {
        for (long generation = 0; generation < 10_000; generation++) {
          store.put(uri, object(generation), PutOptions.DEFAULT);
          System.out.println("put " + generation);
        }
      }
    }
  }

  @Test
  void aFileThatMayNotGrowLeavesTheOldObject() throws Exception {
    starved(List.of("sh", "-c", "ulimit -f 1024; exec \"$@\"", "sh"));
  }

  @Test
  void aFullDiskLeavesTheOldObject() throws Exception {
    List<String> mounted = new ArrayList<>(List.of("unshare"));
    boolean root = "root".equals(System.getProperty("user.name"));
    mounted.addAll(root ? List.of("--mount") : List.of("--user", "--map-root-user", "--mount"));
    mounted.addAll(
        List.of(
            "sh",
            "-c",
            "mount -t tmpfs -o size=1m tmpfs \"$0\" && exec \"$@\"",
            directory.toString()));
    List<String> probe = new ArrayList<>(mounted);
    probe.add("true");
    if (new ProcessBuilder(probe).start().waitFor() != 0) {
      throw new TestAbortedException("no file system can be mounted (unshare)");
    }
    starved(mounted);
  }

  private void starved(List<String> prefix) throws Exception {
    java(Starved.class, directory.toString(), "" + RUNS, "" + SEED).under(prefix).run();
  }

  /** Where no file can have more than about half a MiB, or all together not more than one. */
  static final class Starved {
    public static void main(String[] arguments) throws IOException {
      Path directory = Path.of(arguments[0]);
      ObjectUri uri = uri(directory);
      Random random = new Random(Long.parseLong(arguments[2]));
      try (ObjectStore store = ObjectStores.open(uri, CONFIG, RequestListener.NONE)) {
        GeneratedObject old = GeneratorSpec.of(1).object("old", 200_000);
        store.put(uri, old, PutOptions.DEFAULT);
        for (int run = 0; run < Integer.parseInt(arguments[1]); run++) {
          long size = (1L << 20) + random.nextInt(2 << 20); // in parts, but for the odds
          GeneratedObject tooMuch = GeneratorSpec.of(run).object("new", size);
          try {
            store.put(uri, tooMuch, PutOptions.DEFAULT);
            throw new AssertionError("there was space for " + size);
          } catch (ObjectStoreException e) {
            assertThat(e.kind()).as(e.toString()).isIn(Kind.OUT_OF_RESOURCES, Kind.UNSUPPORTED);
          }
          try (BytesView bytes = store.get(uri)) {
            CheckingSink sink = new CheckingSink(old);
            sink.write(0, bytes.asByteBuffer());
            assertThat(sink.result().isWholeAndRight()).as("run " + run).isTrue();
          }
          assertThat(temporary(directory)).isEmpty();
          assertThat(store.pool().used()).isZero();
        }
      }
    }
  }
}
