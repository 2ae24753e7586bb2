package io.s3dlio.jmh;

import io.s3dlio.ObjectStores;
import io.s3dlio.Sizes;
import io.s3dlio.StoreConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;

/**
 * What moving an object costs the client: raw sockets, this library and the services' plain SDKs,
 * against one server on this machine. All are measured in turn, in rounds; the table has the
 * medians.
 */
public final class DataPathCost {

  private static final String HELP =
      """
      dev/data-path-cost [OPTION=VALUE]...
        sizes=64KiB,1MiB,8MiB,64MiB       sizes of the objects
        wires=http,https                  how the server is spoken to
        schemes=s3                        s3,az,gs: which services it speaks like
        work=get,put,many                 many: 256 objects, 32 requests in flight, for sizes up to 64 KiB
        rows=raw,s3dlio,AWS,Azure,Google  who is measured: names that begin so; "raw in parts" has a connection a part
        rounds=5                          measurements of each
        window=0.4                        seconds of each measurement
        warmup=4                          seconds of each kind of work with the smallest objects before all else
        limit=0                           bytes a second of each connection (50MB) that the server sends at most; 0: all it can
      """;

  private static final int LARGEST_OF_MANY = 64 << 10;

  private record Cell(Contender.Work work, int size) {}

  private final Options options;
  private final List<Integer> sizes;
  private final ByteBuffer memory;

  private DataPathCost(Options options) {
    this.options = options;
    this.sizes =
        Stream.of(options.words("sizes")).map(s -> Math.toIntExact(Sizes.parse(s))).toList();
    this.memory = ByteBuffer.allocateDirect(sizes.stream().max(Integer::compare).orElseThrow());
  }

  /**
   * Runs it.
   *
   * @param args options, see {@code help}
   * @throws Exception if something fails
   */
  public static void main(String[] args) throws Exception {
    Options options = new Options(HELP, args);
    try (Scratch scratch = Scratch.in(System.getProperty("java.io.tmpdir"))) {
      new DataPathCost(options).measure(SelfSigned.in(scratch.directory()));
    }
    System.exit(0); // whatever threads the SDK still has
  }

  private void measure(SelfSigned certificate) throws Exception {
    System.out.println(machine());
    Process server = server(certificate);
    try {
      String[] ports = server.inputReader().readLine().split(" ");
      for (String wire : options.words("wires")) {
        int port = Integer.parseInt(ports[wire.equals("https") ? 1 : 0]);
        for (String scheme : options.words("schemes")) {
          measure(Scheme.valueOf(scheme.toUpperCase(Locale.ROOT)), wire, port, certificate);
        }
      }
    } finally {
      server.getOutputStream().close(); // which ends it
      if (!server.waitFor(10, TimeUnit.SECONDS)) {
        server.destroyForcibly();
      }
    }
  }

  private Process server(SelfSigned certificate) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "-Xmx256m",
            "-XX:MaxDirectMemorySize=1g",
            CostServer.class.getName(),
            String.valueOf(memory.capacity()),
            String.valueOf(Sizes.parse(options.words("limit")[0])),
            certificate.store().toString(),
            certificate.pem().toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private void measure(Scheme scheme, String wire, int port, SelfSigned certificate)
      throws Exception {
    List<Contender> contenders = new ArrayList<>();
    try {
      addRaw(contenders, wire, port, certificate);
      addClients(contenders, scheme, wire + "://127.0.0.1:" + port, certificate);
      warmUp(contenders);
      for (Cell cell : cells()) {
        print(scheme, wire, cell, costs(contenders, cell));
      }
    } finally {
      for (Contender contender : contenders) {
        contender.close();
      }
    }
  }

  /** With the smallest objects, for the compiler goes by the number of calls. */
  private void warmUp(List<Contender> contenders) throws Exception {
    int size = sizes.stream().min(Integer::compare).orElseThrow();
    for (String work : options.words("work")) {
      for (Contender contender : contenders) {
        if (contender.does(work(work), size)) {
          Cost.of(contender, work(work), size, options.seconds("warmup"));
        }
      }
    }
  }

  private Map<Contender, List<Cost>> costs(List<Contender> contenders, Cell cell) throws Exception {
    double window = options.seconds("window");
    int rounds = options.number("rounds");
    Map<Contender, List<Cost>> costs = new LinkedHashMap<>();
    for (Contender contender : contenders) {
      if (contender.does(cell.work, cell.size)) {
        costs.put(contender, new ArrayList<>());
        Cost.of(contender, cell.work, cell.size, window); // not counted
      }
    }
    for (int round = 0; round < rounds; round++) {
      for (Contender contender : costs.keySet()) {
        costs.get(contender).add(Cost.of(contender, cell.work, cell.size, window));
      }
    }
    return costs;
  }

  private static Contender.Work work(String name) {
    return Contender.Work.valueOf(name.toUpperCase(Locale.ROOT));
  }

  private List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    for (String name : options.words("work")) {
      Contender.Work work = work(name);
      for (int size : sizes) {
        if (work != Contender.Work.MANY || size <= LARGEST_OF_MANY) {
          cells.add(new Cell(work, size));
        }
      }
    }
    return cells;
  }

  private void addRaw(List<Contender> contenders, String wire, int port, SelfSigned certificate)
      throws Exception {
    if (isAsked("raw")) {
      Wire raw = connect(wire, port, certificate);
      if (raw instanceof TlsWire tls) {
        System.out.println("raw https: " + tls.cipher());
      }
      contenders.add(new RawContender(raw, memory));
    }
    int parts = ParallelRaw.parts(memory.capacity());
    if (isAsked("raw in parts") && parts > 1) {
      List<RawContender> connections = new ArrayList<>();
      for (int i = 0; i < parts; i++) {
        int part = memory.capacity() / parts;
        ByteBuffer own = memory.slice(i * part, part);
        connections.add(new RawContender(connect(wire, port, certificate), own));
      }
      contenders.add(new ParallelRaw(connections));
    }
  }

  private void addClients(
      List<Contender> contenders, Scheme scheme, String endpoint, SelfSigned certificate)
      throws Exception {
    String keys = scheme.name().toLowerCase(Locale.ROOT);
    StoreConfig config =
        scheme.config(endpoint).with(keys + ".ca-bundle", certificate.pem().toString());
    for (String transport : transports(keys)) {
      String name = transport.isEmpty() ? "s3dlio" : "s3dlio " + transport;
      if (isAsked(name)) {
        contenders.add(
            new LibraryContender(
                name,
                scheme.base(),
                transport.isEmpty() ? config : config.with(keys + ".transport", transport),
                memory));
      }
    }
    if (isAsked(scheme.sdkName())) {
      contenders.add(scheme.sdk(URI.create(endpoint), certificate));
    }
  }

  private boolean isAsked(String name) {
    return Stream.of(options.words("rows")).anyMatch(name::startsWith);
  }

  /** The values that the transport setting of a store has; an empty one if there is none. */
  private static List<String> transports(String keys) {
    return ObjectStores.knownKeys().stream()
        .filter(key -> key.name().equals(keys + ".transport"))
        .findFirst()
        .map(key -> Arrays.asList(key.form().replace("one of ", "").split(", ")))
        .orElse(List.of(""));
  }

  private static Wire connect(String wire, int port, SelfSigned certificate) throws Exception {
    SocketChannel channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.socket().setTcpNoDelay(true);
    if (wire.equals("http")) {
      return new PlainWire(channel);
    }
    SSLEngine engine = certificate.clientContext().createSSLEngine("127.0.0.1", port);
    engine.setUseClientMode(true);
    return new TlsWire(channel, engine);
  }

  private static void print(
      Scheme scheme, String wire, Cell cell, Map<Contender, List<Cost>> costs) {
    System.out.printf(
        "%n%-24s %8s %10s %8s %10s %8s %14s %12s %14s%n",
        "%s %s %s %s".formatted(scheme, wire, cell.work, Sizes.format(cell.size)),
        "GB/s",
        "CPU-s/GB",
        "x raw",
        "x in parts",
        "x SDK",
        "CPU us/object",
        "heap B/GB",
        "heap B/object");
    double raw = cpu(costs, RawContender.class::isInstance);
    double inParts = cpu(costs, ParallelRaw.class::isInstance);
    double sdk = cpu(costs, contender -> contender.name().equals(scheme.sdkName()));
    for (Map.Entry<Contender, List<Cost>> row : costs.entrySet()) {
      List<Cost> runs = row.getValue();
      double cpu = Cost.median(runs, Cost::cpuSecondsPerGigabyte);
      System.out.printf(
          "%-24s %8.2f %10.3f %8s %10s %8s %14.1f %12.0f %14.0f%n",
          row.getKey().name(),
          Cost.median(runs, Cost::gigabytesPerSecond),
          cpu,
          times(cpu, raw),
          times(cpu, inParts),
          times(cpu, sdk),
          Cost.median(runs, Cost::cpuMicrosPerObject),
          Cost.median(runs, Cost::heapPerGigabyte),
          Cost.median(runs, Cost::heapPerObject));
    }
  }

  /** What a row took, or 0 if there is no such row. */
  private static double cpu(Map<Contender, List<Cost>> costs, Predicate<Contender> row) {
    return costs.entrySet().stream()
        .filter(entry -> row.test(entry.getKey()))
        .mapToDouble(entry -> Cost.median(entry.getValue(), Cost::cpuSecondsPerGigabyte))
        .findFirst()
        .orElse(0);
  }

  private static String times(double cpu, double other) {
    return other == 0 ? "" : "%.2f".formatted(cpu / other);
  }

  static String machine() throws IOException {
    Path cpus = Path.of("/proc/cpuinfo");
    String cpu = System.getProperty("os.arch");
    if (Files.isReadable(cpus)) {
      cpu =
          Files.readAllLines(cpus).stream()
              .filter(line -> line.startsWith("model name"))
              .map(line -> line.substring(line.indexOf(':') + 2))
              .findFirst()
              .orElse(cpu);
    }
    return "%s, %d CPUs, %s %s, %s %s"
        .formatted(
            cpu,
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("java.vm.name"),
            System.getProperty("java.vm.version"));
  }
}
