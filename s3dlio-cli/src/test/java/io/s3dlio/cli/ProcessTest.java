package io.s3dlio.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.s3dlio.platform.SystemInfo;
import io.s3dlio.testkit.server.TestServers;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** The command as a process of its own. */
@Timeout(120)
class ProcessTest {

  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin/java").toString();

  @TempDir Path temporary;
  private Path directory;

  @BeforeEach
  void resolve() throws IOException {
    directory = temporary.toRealPath();
  }

  private ProcessBuilder command(Map<String, String> environment, String... args) {
    List<String> command =
        new ArrayList<>(
            List.of(
                JAVA,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.s3dlio.cli.Main"));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(k -> k.startsWith("AWS_") || k.startsWith("S3DLIO_"));
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().putAll(environment);
    return builder.redirectError(directory.resolve("stderr").toFile());
  }

  private Ran run(Map<String, String> environment, String... args)
      throws IOException, InterruptedException {
    return run(command(environment, args));
  }

  private Ran run(ProcessBuilder command) throws IOException, InterruptedException {
    Process process = command.start();
    process.getOutputStream().close();
    byte[] out = process.getInputStream().readAllBytes();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ran(process.exitValue(), out, Files.readString(directory.resolve("stderr")));
  }

  private Ran run(String... args) throws IOException, InterruptedException {
    return run(Map.of(), args);
  }

  @Test
  void statusAndStreamsAreThoseOfTheCommand() throws Exception {
    String uri = "file://" + directory + "/d/";
    Ran put = run("put", uri, "-n", "4", "-s", "1MiB", "--seed", "1", "--json").done();
    assertThat(put.summary().get("objects").asInt()).isEqualTo(4);
    assertThat(put.err()).as("no bar, no log").isEmpty();
    Ran verified = run("get", "-r", "--verify", uri).done();
    assertThat(verified.lines()).hasSize(1);
    assertThat(verified.err()).isEmpty();

    Path object = directory.resolve("d/object_2_of_4.dat");
    byte[] bytes = Files.readAllBytes(object);
    bytes[99] ^= 1;
    Files.write(object, bytes);
    Ran wrong = run("get", "-r", "--verify", uri).ends(ExitStatus.WRONG_DATA);
    assertThat(wrong.err()).contains(object.toString(), "offset 99");
    run("stat", uri + "none").ends(ExitStatus.FAILED);
    run("stat", "none").ends(ExitStatus.USAGE);
  }

  @Test
  void keysInUtf8AreWrittenInUtf8() throws Exception {
    Files.writeString(directory.resolve("é😀"), "x");
    Ran ran = run("ls", "file://" + directory + "/é").done();
    assertThat(ran.text()).isEqualTo("file://" + directory + "/é😀\n");
  }

  @Test
  void anUnknownVariableIsNotIgnored() throws Exception {
    Ran ran = run(Map.of("S3DLIO_PART_SIZ", "8MiB"), "ls", "file:///tmp/").ends(ExitStatus.USAGE);
    assertThat(ran.errors()).hasSize(1);
    assertThat(ran.err()).contains("S3DLIO_PART_SIZ", "S3DLIO_PART_SIZE");
    run(Map.of("S3DLIO_PART_SIZE", "8"), "ls", "file:///tmp/").ends(ExitStatus.USAGE);
    run(Map.of("S3DLIO_PART_SIZE", "8MiB"), "ls", "file://" + directory + "/").done();
  }

  @Test
  void writesNothingWithAKernelThatCannotBeHad() throws Exception {
    Path file = directory.resolve("keep");
    Files.writeString(file, "kept");
    Map<String, String> wrong = Map.of("JDK_JAVA_OPTIONS", "-Ds3dlio.kernel=foo");
    for (List<String> args :
        List.of(
            List.of("gen", "-s", "10", "-o", file.toString()),
            List.of("put", "file://" + directory + "/x/", "-n", "2", "-s", "10"))) {
      Ran ran = run(wrong, args.toArray(String[]::new)).ends(ExitStatus.USAGE);
      assertThat(ran.err())
          .contains("s3dlio: s3dlio.kernel=foo: must be auto, scalar or vector")
          .doesNotContain("Exception");
    }
    assertThat(file).hasContent("kept");
    assertThat(directory.resolve("x")).doesNotExist();
  }

  @Test
  void optionsWinOverVariables() throws Exception {
    Map<String, String> environment = Map.of("S3DLIO_S3_ENDPOINT", "http://127.0.0.1:1");
    Ran ran =
        run(environment, "doctor", "--endpoint-url", "http://127.0.0.1:2", "--json")
            .ends(ExitStatus.FAILED);
    assertThat(ran.text()).contains("http://127.0.0.1:2").doesNotContain("127.0.0.1:1 ");
  }

  @Test
  void aReaderThatHasEnoughEndsItQuietly() throws Exception {
    Path many = Files.createDirectory(directory.resolve("many"));
    for (int i = 0; i < 3000; i++) {
      Files.createFile(many.resolve("a-name-that-is-long-enough-to-fill-the-pipe-" + i));
    }
    Process process = command(Map.of(), "ls", "file://" + many + "/").start();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(reader.readLine()).startsWith("file://");
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(directory.resolve("stderr")).isEmptyFile();
    assertThat(process.exitValue()).isZero();
  }

  @Test
  void aFullDeviceIsAFailure() throws Exception {
    Process process =
        command(Map.of(), "ls", "file:///dev/")
            .redirectOutput(Path.of("/dev/full").toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(ExitStatus.FAILED);
    assertThat(Files.readString(directory.resolve("stderr")))
        .contains("cannot write to standard output");
  }

  @Test
  void whatASignalCutsOffLeavesNothingBehind() throws Exception {
    Path target = Files.createDirectory(directory.resolve("target"));
    Process process =
        command(Map.of(), "put", "file://" + target + "/", "-n", "100K", "-s", "64MiB", "-j", "2")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (names(target).isEmpty() && System.nanoTime() < limit) {
        Thread.onSpinWait();
      }
      assertThat(names(target)).as("it has begun").isNotEmpty();
      process.destroy();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as("128 + SIGTERM").isEqualTo(143);
      assertThat(names(target)).noneMatch(name -> name.startsWith(".s3dlio-tmp-"));
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void standardInputOfAnyLengthIsAnObject() throws Exception {
    Path uploaded = directory.resolve("uploaded");
    for (int size : new int[] {0, 5, 20_000_000}) {
      byte[] content = new byte[size];
      new SplittableRandom(size).nextBytes(content);
      Process process = command(Map.of(), "upload", "-", "file://" + uploaded, "--json").start();
      try (OutputStream input = process.getOutputStream()) {
        input.write(content);
      }
      byte[] out = process.getInputStream().readAllBytes();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      Ran ran = new Ran(process.exitValue(), out, Files.readString(directory.resolve("stderr")));
      assertThat(ran.done().summary().get("bytes").asInt()).isEqualTo(size);
      assertThat(ran.err()).isEmpty();
      assertThat(uploaded).hasBinaryContent(content);
    }
    run("upload", "-", "file://" + directory + "/none/").ends(ExitStatus.FAILED);
  }

  @Test
  void inputThatASignalCutsOffIsNoObject() throws Exception {
    Path target = Files.createDirectory(directory.resolve("target"));
    Process process =
        command(Map.of(), "upload", "-", "file://" + target + "/o")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (OutputStream input = process.getOutputStream()) {
      input.write(new byte[20_000_000]); // more than a pipe holds: it has been read
      assertThat(names(target)).as("it has begun").isNotEmpty().doesNotContain("o");
      process.destroy();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as("128 + SIGTERM").isEqualTo(143);
      assertThat(names(target)).isEmpty();
    } finally {
      process.destroyForcibly();
    }
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void catNeedsLittleMemory() throws Exception {
    Path large = directory.resolve("large");
    try (var file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(3L << 30);
    }
    List<String> command = new ArrayList<>(command(Map.of(), "cat", "file://" + large).command());
    command.add(1, "-Xmx48m");
    Process process = new ProcessBuilder(command).start();
    long count = 0;
    byte[] chunk = new byte[1 << 20];
    try (InputStream out = process.getInputStream()) {
      for (int n = out.read(chunk); n >= 0; n = out.read(chunk)) {
        count += n;
      }
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(count).isEqualTo(3L << 30);
  }

  /** What is asked for by name is not left out in silence. */
  @Test
  void aNodeThatCannotBeHadIsSaid() throws Exception {
    if (SystemInfo.current().numa().nodesToRunOn().isEmpty()) {
      throw new TestAbortedException("this kernel tells of no NUMA nodes");
    }
    String node = "" + SystemInfo.current().numa().nodesToRunOn().get(0).id();
    Ran bench =
        runWithoutJna(
            "gen", "--bench", "--numa", node, "--seconds=1", "--threads=1", "--buffer=64KiB");
    assertThat(bench.ends(ExitStatus.FAILED).errors())
        .singleElement(STRING)
        .contains("--numa " + node, "JNA");
    assertThat(bench.text()).isEmpty();
    String file = directory.resolve("f").toString();
    Ran gen = runWithoutJna("gen", "-o", file, "-s1", "--seed=1", "--numa", node).done();
    assertThat(gen.errors()).singleElement(STRING).contains("--numa " + node, "not pinned", "JNA");
    Ran put = runWithoutJna("put", "memory://x/", "-n1", "-s1", "--seed=1", "--numa", node).done();
    assertThat(put.errors()).singleElement(STRING).contains("--numa " + node, "not pinned", "JNA");
    assertThat(runWithoutJna("gen", "-o", file, "-s1", "--seed=1").done().err()).isEmpty();
  }

  private Ran runWithoutJna(String... args) throws IOException, InterruptedException {
    String classPath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !Path.of(entry).getFileName().toString().startsWith("jna-"))
            .collect(Collectors.joining(File.pathSeparator));
    ProcessBuilder builder = command(Map.of(), args);
    builder.command().set(builder.command().indexOf("-cp") + 1, classPath);
    return run(builder);
  }

  @Test
  void onMinioNothingIsSaidThatWasNotAskedFor() throws Exception {
    assertThat(TestServers.minio()).isNotNull();
    try (MinioAccess minio = MinioAccess.toNewBucket()) {
      Map<String, String> environment = minio.environment();
      String uri = minio.bucketUri() + "p/";
      Ran put = run(environment, "put", uri, "-n", "3", "-s", "10KB", "--seed", "2", "--json");
      assertThat(put.done().summary().get("bytes").asLong()).isEqualTo(30_000);
      assertThat(put.err()).isEmpty();
      Ran ls = run(environment, "ls", "-r", "--json", uri).done();
      assertThat(ls.json()).hasSize(3);
      assertThat(ls.err()).isEmpty();

      Ran logged = run(environment, "-v", "stat", uri + "object_0_of_3.dat").done();
      assertThat(logged.errors()).anyMatch(line -> line.contains("head " + uri));
      String secret = environment.get("AWS_SECRET_ACCESS_KEY");
      Ran traced = run(environment, "-vv", "get", "-r", uri).done();
      assertThat(traced.err()).isNotEmpty().doesNotContain(secret);

      Map<String, String> wrong = new HashMap<>(environment);
      wrong.put("AWS_SECRET_ACCESS_KEY", "CANARY-not-the-secret");
      Ran refused = run(wrong, "-vv", "ls", uri).ends(ExitStatus.FAILED);
      assertThat(refused.err() + refused.text()).doesNotContain("CANARY", secret);
    }
  }
}
