package io.s3dlio.jmh;

import io.s3dlio.Sizes;
import io.s3dlio.jmh.Contender.Work;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * What moving an object to and from files costs: this library, the same calls of the system by
 * hand, and fio, in one directory. All are measured in turn, in rounds; the table has the medians.
 */
public final class FileCost {

  private static final String HELP =
      """
      dev/file-cost [OPTION=VALUE]...
        directory=/var/tmp            where the files are
        sizes=8MiB,64MiB,256MiB       sizes of the objects
        depth=4                       parts in flight
        work=get,put                  what is measured
        ways=file,direct              through the page cache, past it
        rounds=5                      measurements of each
        window=0.5                    seconds of each measurement
        warmup=1                      seconds before each kind of work
      """;

  /** Begins the names of the files that are put. */
  static final String PUT = "put-";

  private final Map<String, String> options;
  private final int depth;
  private final Path directory;
  private final ByteBuffer memory;

  private FileCost(Map<String, String> options, Path directory) {
    this.options = options;
    this.depth = Integer.parseInt(options.get("depth"));
    this.directory = directory;
    this.memory = aligned(Stream.of(words("sizes")).mapToInt(FileCost::size).max().orElseThrow());
  }

  /**
   * Runs it.
   *
   * @param args options, see {@code help}
   * @throws Exception if something fails
   */
  public static void main(String[] args) throws Exception {
    Map<String, String> options = new LinkedHashMap<>();
    HELP.lines()
        .filter(line -> line.startsWith("  "))
        .map(line -> line.strip().split("  +")[0].split("="))
        .forEach(option -> options.put(option[0], option[1]));
    for (String arg : args) {
      String[] option = arg.split("=", 2);
      if (option.length < 2 || options.replace(option[0], option[1]) == null) {
        System.out.print(HELP);
        System.exit(option[0].endsWith("help") ? 0 : 2);
      }
    }
    Path directory = Files.createTempDirectory(Path.of(options.get("directory")), "s3dlio-cost");
    try {
      new FileCost(options, directory).measure();
    } finally {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private String[] words(String option) {
    return options.get(option).split(",");
  }

  private static int size(String text) {
    return Math.toIntExact(Sizes.parse(text));
  }

  /** Memory that has been touched and that O_DIRECT takes. */
  private static ByteBuffer aligned(int size) {
    ByteBuffer memory = ByteBuffer.allocateDirect(size + 4096).alignedSlice(4096).slice(0, size);
    SplittableRandom random = new SplittableRandom(1);
    while (memory.remaining() >= Long.BYTES) {
      memory.putLong(random.nextLong());
    }
    return memory.clear();
  }

  private void measure() throws Exception {
    System.out.println(DataPathCost.machine());
    System.out.println("files: " + Files.getFileStore(directory) + ", parts in flight: " + depth);
    Fio fio = new Fio(directory, depth);
    System.out.println(fio.version());
    for (String text : words("sizes")) {
      Path file = directory.resolve(text);
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        ByteBuffer content = memory.slice(0, size(text));
        while (content.hasRemaining()) {
          channel.write(content);
        }
        channel.force(true);
      }
      for (String way : words("ways")) {
        measure(way, text, fio);
      }
      Files.delete(file);
    }
  }

  private void measure(String way, String text, Fio fio) throws Exception {
    boolean direct = way.equals("direct");
    double window = Double.parseDouble(options.get("window"));
    try (Contender hand = new HandContender(directory, text, direct, depth, memory);
        Contender store = new StoreContender(directory, text, way, depth, memory)) {
      for (String name : words("work")) {
        Work work = Work.valueOf(name.toUpperCase(Locale.ROOT));
        Map<String, List<Cost>> costs = new LinkedHashMap<>();
        for (Contender contender : List.of(hand, store)) {
          measured(contender, work, text, Double.parseDouble(options.get("warmup")));
        }
        for (int round = 0; round < Integer.parseInt(options.get("rounds")); round++) {
          if (direct && fio.isThere()) {
            add(costs, "fio", fio.run(work, text, size(text)));
          }
          for (Contender contender : List.of(hand, store)) {
            add(costs, contender.name(), measured(contender, work, text, window));
          }
        }
        print(way + " " + work + " " + text, costs);
      }
    }
  }

  /**
   * What was put goes after that: to free its space takes time, which fio does not count either.
   */
  private Cost measured(Contender contender, Work work, String text, double seconds)
      throws Exception {
    try {
      return Cost.of(contender, work, size(text), seconds);
    } finally {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, PUT + "*")) {
        for (Path file : files) {
          Files.delete(file);
        }
      }
    }
  }

  private static void add(Map<String, List<Cost>> costs, String name, Cost cost) {
    costs.computeIfAbsent(name, n -> new ArrayList<>()).add(cost);
  }

  private static void print(String title, Map<String, List<Cost>> costs) {
    System.out.printf(
        "%n%-20s %8s %8s %10s %12s%n", title, "GB/s", "x first", "CPU-s/GB", "heap B/GB");
    double first = 0;
    for (Map.Entry<String, List<Cost>> row : costs.entrySet()) {
      double speed = Cost.median(row.getValue(), Cost::gigabytesPerSecond);
      first = first == 0 ? speed : first;
      System.out.printf(
          "%-20s %8.2f %8.2f %10.3f %12.0f%n",
          row.getKey(),
          speed,
          speed / first,
          Cost.median(row.getValue(), Cost::cpuSecondsPerGigabyte),
          Cost.median(row.getValue(), Cost::heapPerGigabyte));
    }
  }
}
