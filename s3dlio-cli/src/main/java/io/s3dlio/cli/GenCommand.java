package io.s3dlio.cli;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import io.s3dlio.ProgressListener;
import io.s3dlio.datagen.DedupScope;
import io.s3dlio.datagen.GeneratorPool;
import io.s3dlio.datagen.GeneratorSpec;
import io.s3dlio.platform.NumaNode;
import io.s3dlio.platform.SystemInfo;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code gen}. */
@Command(
    name = "gen",
    description = {
      "Makes synthetic data, checks it, measures how fast that goes, or tells what any data is like.",
      ""
    },
    customSynopsis = {
      "s3dlio gen -o FILE|- -s SIZE [--offset N] [--seed N] [--key KEY] [-x RATIO] [-d RATIO]",
      "                  [--dedup-block SIZE] [--threads N] [--numa NODE]",
      "       s3dlio gen --check FILE|- --seed N [-s SIZE] [--offset N] [--key KEY] [-x RATIO]",
      "                  [-d RATIO] [--dedup-block SIZE]",
      "       s3dlio gen --bench [-x RATIO] [-d RATIO] [--dedup-block SIZE] [--dedup-scope WHERE]",
      "                  [--threads N] [--numa NODE | --per-node] [--buffer SIZE] [--seconds N]",
      "       s3dlio gen --report FILE|URI [--dedup-block SIZE]"
    },
    footer = {
      "",
      "The bytes are those of an object of put with the same seed, ratios, KEY and, if there is a dedup",
      "ratio, the same size: here OFFSET + SIZE. Those of put --dedup-scope dataset are for put and for",
      "get --verify only. --check reads a file, a device or standard input, and says with status 3 what",
      "is wrong. --bench takes the best of many rounds in memory that was touched before, for 1, 2, 4,",
      "... threads, and memset and memcpy beside them, after a second to warm up for each line.",
      "--report reads a file or an object: how far zstd, lz4 and gzip compress it, in units of 4 KiB to",
      "1 MiB and as a whole, and how many blocks of 512 bytes to 1 MiB are copies or zeros. Of more than",
      "64 MiB a part is compressed, evenly spread; blocks are counted in all, by hashes of 128 bits. From",
      "1,048,576 different ones on their count is an estimate, and marked.",
      "",
      "Examples:",
      "  s3dlio gen -s 1GiB -x 2 -o - | zstd -c | wc -c",
      "  s3dlio gen -s 10GiB --seed 7 -o /mnt/x/file && s3dlio gen --seed 7 --check /mnt/x/file",
      "  s3dlio gen --bench --json",
      "  s3dlio gen --report s3://bucket/data/object_000_of_100.dat"
    })
final class GenCommand implements Callable<Integer> {

  private static final String STANDARD = "-";
  private static final long LEAST_BUFFER = 4 << 10;
  private static final long MOST_BUFFER = 1 << 30;
  private static final int MOST_SECONDS = 3600;

  private static final Set<String> STREAM = Set.of("-o", "--check");
  private static final Set<String> WORKERS = Set.of("-o", "--bench");
  private static final Set<String> DATA = Set.of("-o", "--check", "--bench");
  private static final Set<String> BENCH = Set.of("--bench");

  /** What the options are for that are not for all. */
  private static final Map<String, Set<String>> USES =
      Map.ofEntries(
          Map.entry("-s", STREAM),
          Map.entry("--offset", STREAM),
          Map.entry("--key", STREAM),
          Map.entry("--seed", DATA),
          Map.entry("-x", DATA),
          Map.entry("-d", DATA),
          Map.entry("--dedup-scope", DATA),
          Map.entry("--threads", WORKERS),
          Map.entry("--numa", WORKERS),
          Map.entry("--buffer", BENCH),
          Map.entry("--seconds", BENCH),
          Map.entry("--per-node", BENCH),
          Map.entry("--on-line", BENCH));

  @ParentCommand private Root root;

  @Spec private CommandSpec spec;

  @Option(names = "-o", paramLabel = "FILE", description = "Where to; - is standard output.")
  private String output;

  @Option(
      names = "--check",
      paramLabel = "FILE",
      description = "Compare what is there with what it should be; - is standard input.")
  private String check;

  @Option(names = "--bench", description = "Measure how fast this machine makes and checks data.")
  private boolean bench;

  @Option(
      names = "--report",
      paramLabel = "FILE|URI",
      description = "Tell how compressible and how duplicated a file or an object is.")
  private String report;

  @Option(
      names = "-s",
      paramLabel = "SIZE",
      converter = Arguments.Size.class,
      description =
          "How many bytes; with --check, all that FILE has if not given, which a device or a pipe"
              + " does not tell.")
  private Long size;

  @Option(
      names = "--offset",
      paramLabel = "N",
      converter = Arguments.Size.class,
      description = "Where the bytes begin in the data; 0 if not given.")
  private long offset;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "The object that the data is of; the empty name if not given.")
  private String key = "";

  @Mixin private DataOptions data;

  @Mixin private WorkerOptions workers;

  @Option(
      names = "--buffer",
      paramLabel = "SIZE",
      converter = Arguments.Size.class,
      description = "Bytes that each thread of --bench works on; ${DEFAULT-VALUE} if not given.")
  private long buffer = 32 << 20;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long --bench takes for each line; ${DEFAULT-VALUE} if not given.")
  private int seconds = 4;

  @Option(
      names = "--per-node",
      description = "Run --bench in a JVM for each NUMA node, at the same time, and add them up.")
  private boolean perNode;

  /** For {@link NodeBench}, which starts all at the same time. */
  @Option(names = "--on-line", hidden = true)
  private boolean onLine;

  @Override
  public Integer call() throws IOException {
    long asked =
        Stream.of(output != null, check != null, report != null, bench)
            .filter(given -> given)
            .count();
    if (asked != 1) {
      throw CommandException.usage("one of -o, --check, --bench and --report says what to do");
    }
    refuseWhatWouldBeIgnored();
    if (bench) {
      return bench();
    }
    if (report != null) {
      GenReport.show(root, report, data.spec(1, 1).dedupBlock());
      return ExitStatus.DONE;
    }
    return check != null ? check() : write();
  }

  private void refuseWhatWouldBeIgnored() throws CommandException {
    String asked =
        bench ? "--bench" : check != null ? "--check" : report != null ? "--report" : "-o";
    ParseResult given = spec.commandLine().getParseResult();
    for (OptionSpec option : given.matchedOptions()) {
      String name = option.longestName();
      if (USES.containsKey(name) && !USES.get(name).contains(asked)) {
        throw CommandException.usage(name + " is not for " + asked + ": leave it out");
      }
    }
    if (perNode && given.hasMatchedOption("--numa")) {
      throw CommandException.usage("--per-node measures every node: leave --numa out");
    }
  }

  private int write() throws IOException {
    if (size == null) {
      throw CommandException.usage("Missing required option: '-s=SIZE'");
    }
    GenStream stream = stream(size);
    try (GeneratorPool pool = workers.open(root.output())) {
      data.tellSeed(root.output(), stream.object().spec());
      if (output.equals(STANDARD)) {
        stream.write(pool, root.output()::bytes, done -> {});
        return ExitStatus.DONE;
      }
      return transfer(
          "gen",
          size,
          progress -> {
            try (FileChannel file =
                FileChannel.open(Arguments.path(output), CREATE, WRITE, TRUNCATE_EXISTING)) {
              return stream.write(pool, bytes -> writeAll(file, bytes), progress);
            }
          });
    }
  }

  private static void writeAll(FileChannel file, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }

  private int check() throws IOException {
    if (!data.hasSeed()) {
      throw CommandException.usage("--check needs the --seed that the data was made with");
    }
    boolean standard = check.equals(STANDARD);
    long due = size != null ? size : sizeOf(check);
    GenStream stream = stream(due);
    return transfer(
        "check",
        due,
        progress -> {
          try (FileChannel file =
              standard
                  ? new FileInputStream(FileDescriptor.in).getChannel()
                  : FileChannel.open(Arguments.path(check), READ)) {
            String name = standard ? "standard input" : check;
            long checked = stream.check(name, file, progress);
            // A device is as large as it is.
            if (standard || Files.isRegularFile(Arguments.path(check))) {
              stream.checkEnd(name, file);
            }
            return checked;
          }
        });
  }

  /** How many bytes there are to check; without one to read, all would be right. */
  private static long sizeOf(String file) throws IOException {
    if (file.equals(STANDARD)) {
      throw CommandException.usage("standard input has no size that is known before: give -s SIZE");
    }
    BasicFileAttributes attributes =
        Files.readAttributes(Arguments.path(file), BasicFileAttributes.class);
    if (!attributes.isRegularFile()) {
      throw CommandException.usage(
          file + " is no regular file, so that its size is not known before: give -s SIZE");
    }
    if (attributes.size() == 0) {
      throw CommandException.usage(
          file
              + " is empty, so that there is nothing to check: give -s SIZE, what should be there");
    }
    return attributes.size();
  }

  /** Moves bytes, and says how many those were. */
  private interface Work {
    long run(ProgressListener progress) throws IOException;
  }

  /** The command's only transfer. */
  private int transfer(String operation, long bytes, Work work) throws IOException {
    try (Transfer transfer = new Transfer(root, operation, 1, OptionalLong.of(bytes))) {
      transfer.<Work>run(List.of(work).iterator(), Work::run);
      return transfer.finish();
    }
  }

  private int bench() throws IOException {
    if (buffer < LEAST_BUFFER || buffer > MOST_BUFFER) {
      throw CommandException.usage("--buffer is from 4KiB to 1GiB");
    }
    if (seconds < 1 || seconds > MOST_SECONDS) {
      throw CommandException.usage("--seconds is from 1 to " + MOST_SECONDS);
    }
    int most = workers.most();
    GenBench measurement =
        new GenBench(data.spec(most, buffer), (int) buffer, seconds, workers::pin);
    if (onLine) {
      root.output().json(measurement.run(most)::write);
      root.output().flush();
      System.in.read();
      root.output().json(measurement.run(most)::write);
    } else if (perNode) {
      benchNodes();
    } else {
      Rows rows = new Rows("threads");
      for (int threads = 1; threads < most; threads *= 2) {
        rows.add(String.valueOf(threads), measurement.run(threads));
      }
      rows.add(String.valueOf(most), measurement.run(most));
      rows.show();
    }
    return ExitStatus.DONE;
  }

  private void benchNodes() throws IOException {
    List<NumaNode> nodes = SystemInfo.current().numa().nodesToRunOn();
    List<String> options = new ArrayList<>(data.asArguments());
    options.addAll(
        List.of("--buffer", String.valueOf(buffer), "--seconds", String.valueOf(seconds)));
    options.addAll(workers.threadsAsArguments());
    List<GenBench.Rates> all = NodeBench.run(nodes, options);
    Rows rows = new Rows("node");
    if (!root.output().isJson()) {
      for (int i = 0; i < all.size(); i++) {
        rows.add(nodes.isEmpty() ? "-" : String.valueOf(nodes.get(i).id()), all.get(i));
      }
    }
    rows.add("all", all.stream().reduce(GenBench.Rates::plus).orElseThrow());
    rows.show();
  }

  /** Results: a line of JSON each when they come, or a table at the end. */
  private final class Rows {

    private final Table table;
    private String kernel = "";

    Rows(String first) {
      table = new Table(first, "generate", "check", "memset", "memcpy");
    }

    void add(String first, GenBench.Rates rates) throws IOException {
      kernel = rates.kernel();
      if (root.output().isJson()) {
        root.output().json(rates::write);
        root.output().flush();
      }
      table.row(
          first,
          Units.digits(rates.generate() / 1e9),
          Units.digits(rates.check() / 1e9),
          rates.memset() > 0 ? Units.digits(rates.memset() / 1e9) : "-",
          Units.digits(rates.memcpy() / 1e9));
    }

    void show() throws IOException {
      if (root.output().isJson()) {
        return;
      }
      root.output().line("GB/s, " + kernel + " kernel, " + Units.bytes(buffer) + " a thread");
      for (String line : table.lines()) {
        root.output().line(line);
      }
    }
  }

  private GenStream stream(long length) throws CommandException {
    if (length > Long.MAX_VALUE - offset) {
      throw CommandException.usage("offset and size are more than 2^63 - 1 together");
    }
    GeneratorSpec made = data.spec(1, offset + length);
    if (!made.dedupScope().equals(DedupScope.OBJECT)) {
      throw CommandException.usage(
          "an object of a data set depends on how many there are, and on its number: `s3dlio put"
              + " --dedup-scope dataset` makes them, `s3dlio get --verify` checks them");
    }
    try {
      return new GenStream(made.object(key, offset + length, 0), offset);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e.getMessage());
    }
  }
}
