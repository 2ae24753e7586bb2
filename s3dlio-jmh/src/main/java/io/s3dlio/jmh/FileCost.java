package io.s3dlio.jmh;

import io.s3dlio.Sizes;
import io.s3dlio.jmh.Contender.Work;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
        sizes=64KiB,1MiB,8MiB,64MiB   sizes of the objects, smallest first
        depth=4                       parts in flight
        ways=file,direct              through the page cache, past it
        work=get,put                  also read,write: by streams; many: get of many files, up to 64KiB
        files=10000                   how many those are
        fsync=false                   whether what was put has to be on the device
        rounds=5                      measurements of each
        window=0.5                    seconds of each measurement
        warmup=3                      seconds of each before its first
      """;

  private static final int LARGEST_OF_MANY = 64 << 10;

  private final Options options;
  private final Path directory;
  private final ByteBuffer memory;
  private final Fio fio;

  private FileCost(Options options, Path directory) throws Exception {
    this.options = options;
    this.directory = directory;
    this.memory =
        aligned(Stream.of(options.words("sizes")).mapToInt(FileCost::size).max().orElseThrow());
    this.fio = new Fio(directory, depth(), fsync());
  }

  /**
   * Runs it.
   *
   * @param args options, see {@code help}
   * @throws Exception if something fails
   */
  public static void main(String[] args) throws Exception {
    Options options = new Options(HELP, args);
    try (Scratch scratch = Scratch.in(options.text("directory"))) {
      new FileCost(options, scratch.directory()).measure();
    }
  }

  private int depth() {
    return options.number("depth");
  }

  private boolean fsync() {
    return options.flag("fsync");
  }

  private static int size(String text) {
    return Math.toIntExact(Sizes.parse(text));
  }

  /** Memory that has been touched and that O_DIRECT takes. */
  static ByteBuffer aligned(int size) {
    int roundedAtBothEnds = size + 2 * 4096;
    ByteBuffer memory =
        ByteBuffer.allocateDirect(roundedAtBothEnds).alignedSlice(4096).slice(0, size);
    SplittableRandom random = new SplittableRandom(1);
    while (memory.remaining() >= Long.BYTES) {
      memory.putLong(random.nextLong());
    }
    return memory.clear();
  }

  private void measure() throws Exception {
    System.out.println(DataPathCost.machine());
    System.out.printf(
        "files: %s, parts in flight: %d, fsync: %b%n",
        Files.getFileStore(directory), depth(), fsync());
    System.out.println(fio.version());
    for (String size : options.words("sizes")) {
      Path object = directory.resolve(size);
      create(object, size(size));
      List<Path> many = many(size);
      FileSet files = new FileSet(directory, object, many, memory, depth(), fsync());
      for (String way : options.words("ways")) {
        for (String work : options.words("work")) {
          measure(way, work, size, files);
        }
      }
      for (Path file : many) {
        Files.delete(file);
      }
      Files.delete(object);
    }
  }

  private void create(Path file, int size) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer content = memory.slice(0, size);
      while (content.hasRemaining()) {
        channel.write(content);
      }
    }
  }

  private List<Path> many(String size) throws IOException {
    List<Path> many = new ArrayList<>();
    if (List.of(options.words("work")).contains("many") && size(size) <= LARGEST_OF_MANY) {
      for (int i = 0; i < options.number("files"); i++) {
        many.add(directory.resolve("one-" + i));
        create(many.get(i), size(size));
      }
    }
    return many;
  }

  private void measure(String way, String work, String size, FileSet files) throws Exception {
    List<Contender> contenders = contenders(way, work, files);
    try {
      Work meant =
          switch (work) {
            case "get", "read" -> Work.GET;
            case "put", "write" -> Work.PUT;
            case "many" -> Work.MANY;
            default -> throw new IllegalArgumentException("there is no work " + work);
          };
      boolean first = size.equals(options.words("sizes")[0]);
      double window = options.seconds("window");
      for (Contender contender : contenders) {
        measured(contender, meant, size, first ? options.seconds("warmup") : window);
      }
      Map<String, List<Cost>> costs = new LinkedHashMap<>();
      for (int round = 0; round < options.number("rounds"); round++) {
        if (way.equals("direct") && fio.isThere()) {
          add(costs, "fio", fio(meant, size, files));
        }
        for (Contender contender : contenders) {
          add(costs, contender.name(), measured(contender, meant, size, window));
        }
      }
      if (!costs.isEmpty()) {
        print(way + " " + work + " " + size, costs);
      }
    } finally {
      for (Contender contender : contenders) {
        contender.close();
      }
    }
  }

  /** None where the way or the size is not meant for this work. */
  private static List<Contender> contenders(String way, String work, FileSet files)
      throws IOException {
    boolean direct = way.equals("direct");
    List<Contender> contenders = new ArrayList<>();
    if (work.equals("get") || work.equals("put")) {
      contenders.add(new HandContender(files, direct));
      contenders.add(new CarefulHand(files, direct));
      contenders.add(new StoreContender(files, way));
    } else if (work.equals("many") && !files.many().isEmpty()) {
      contenders.add(new HandContender(files, direct));
      contenders.add(new StoreContender(files, way));
    } else if (!work.equals("many") && !direct) {
      contenders.add(new HandStream(files));
      contenders.add(new StreamContender(files, way));
    }
    return contenders;
  }

  private Cost measured(Contender contender, Work work, String size, double seconds)
      throws Exception {
    try {
      return Cost.of(contender, work, size(size), seconds);
    } finally {
      deletePut();
    }
  }

  private Cost fio(Work work, String size, FileSet files) throws Exception {
    try {
      return fio.run(work, files.object(), size(size));
    } finally {
      deletePut();
    }
  }

  /** After the measurement: to free the space takes time, which fio does not count either. */
  private void deletePut() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, FileSet.PUT + "*")) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  private static void add(Map<String, List<Cost>> costs, String name, Cost cost) {
    costs.computeIfAbsent(name, n -> new ArrayList<>()).add(cost);
  }

  private static void print(String title, Map<String, List<Cost>> costs) {
    System.out.printf(
        "%n%-18s %8s %8s %10s %12s %12s%n",
        title, "GB/s", "x first", "CPU-s/GB", "CPU us each", "heap B each");
    List<Cost> first = costs.values().iterator().next();
    for (Map.Entry<String, List<Cost>> row : costs.entrySet()) {
      List<Cost> runs = row.getValue();
      System.out.printf(
          "%-18s %8.2f %8.2f %10.3f %12.1f %12.0f%n",
          row.getKey(),
          Cost.median(runs, Cost::gigabytesPerSecond),
          ratio(runs, first),
          Cost.median(runs, Cost::cpuSecondsPerGigabyte),
          Cost.median(runs, Cost::cpuMicrosPerObject),
          Cost.median(runs, Cost::heapPerObject));
    }
  }

  /** Of the speeds of one round, for other work on the machine slows both; the median of all. */
  private static double ratio(List<Cost> runs, List<Cost> first) {
    double[] ratios = new double[runs.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = runs.get(i).gigabytesPerSecond() / first.get(i).gigabytesPerSecond();
    }
    return Cost.median(ratios);
  }
}
