package io.s3dlio.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.testkit.server.TestServers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Ctrl-C and SIGTERM at any moment of a transfer leave no temporary file and no unfinished upload.
 * Every transfer logs more than fits into a pipe, and the test reads no further than the line after
 * which it sends the signal: none comes to its end before, however fast it is. {@code
 * -Ds3dlio.test.signals=N} makes N rounds of each.
 */
@Timeout(900)
class SignalTest {

  private static final int ROUNDS = Integer.getInteger("s3dlio.test.signals", 2);

  private static final int OBJECTS = 1000;
  private static final int JOBS = 4;
  private static final Pattern KEY = Pattern.compile("object_([0-9]{3})_of_1000\\.dat");

  private static final Map<String, String> NONE = Map.of();

  private enum Signal {
    TERM(143),
    INT(130);

    final int status;

    Signal(int status) {
      this.status = status;
    }
  }

  @TempDir Path temporary;
  private Path target;

  @BeforeEach
  void makeTarget() throws IOException {
    target = Files.createDirectory(temporary.toRealPath().resolve("target"));
  }

  private interface Check {
    /** Looks at what is left; the log has a line for each request that has ended. */
    void run(List<String> log) throws Exception;
  }

  private static void interrupt(Map<String, String> environment, List<String> args, Check check)
      throws Exception {
    for (Signal signal : Signal.values()) {
      for (int round = 0; round < ROUNDS; round++) {
        int lines = 1 + new Random(31L * round + signal.status).nextInt(40);
        String what = "SIG%s after line %d of the log".formatted(signal, lines);
        Process process = start(environment, args);
        Thread input = new Thread(() -> feed(process));
        input.start();
        List<String> log = new ArrayList<>();
        try (BufferedReader reader = process.errorReader()) {
          while (log.size() < lines) {
            String line = reader.readLine();
            assertThat(line).as("%s: %s", what, log).isNotNull();
            log.add(line);
          }
          send(signal, process);
          reader.lines().forEach(log::add);
          assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(what).isTrue();
          assertThat(process.exitValue()).as("%s: %s", what, log).isEqualTo(signal.status);
          check.run(log);
        } catch (AssertionError e) {
          throw new AssertionError(what, e);
        } finally {
          process.destroyForcibly();
          input.join();
        }
      }
    }
  }

  private static Process start(Map<String, String> environment, List<String> args)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("env", "--default-signal=INT")); // which it may be told to ignore
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add("io.s3dlio.cli.Main");
    command.add("-vv"); // parts, too
    command.addAll(args);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(k -> k.startsWith("AWS_") || k.startsWith("S3DLIO_"));
    builder.environment().putAll(environment);
    return builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
  }

  /** Input without end. */
  private static void feed(Process process) {
    byte[] zeros = new byte[1 << 20];
    try (OutputStream out = process.getOutputStream()) {
      while (process.isAlive()) {
        out.write(zeros);
      }
    } catch (IOException e) {
      // It reads no more.
    }
  }

  private static void send(Signal signal, Process process) throws Exception {
    Process kill =
        new ProcessBuilder("kill", "-s", signal.name(), String.valueOf(process.pid())).start();
    assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(kill.exitValue()).as("it was still there").isZero();
  }

  private static List<String> put(String uri, String size, String part) {
    return List.of("put", uri, "-j" + JOBS, "-n" + OBJECTS, "-s" + size, parts(part), atMost(part));
  }

  private static String parts(String size) {
    return "--set=part-size=" + size;
  }

  private static String atMost(String size) {
    return "--set=multipart-threshold=" + size;
  }

  /** Objects that are whole may be there, nothing else. */
  private void assertWhole(long size) throws IOException {
    try (Stream<Path> files = Files.list(target)) {
      for (Path file : files.toList()) {
        assertThat(file.getFileName().toString()).doesNotStartWith(".s3dlio-tmp-");
        assertThat(file).hasSize(size);
        Files.delete(file);
      }
    }
  }

  @Test
  void putToFiles() throws Exception {
    for (String scheme : List.of("file", "direct")) {
      String uri = scheme + "://" + target + "/";
      interrupt(NONE, put(uri, "192KiB", "64KiB"), log -> assertWhole(192 << 10));
    }
  }

  @Test
  void standardInputToAFile() throws Exception {
    String uri = "file://" + target + "/object";
    List<String> args = List.of("upload", "-", uri, parts("64KiB"), atMost("64KiB"));
    interrupt(NONE, args, log -> assertThat(target).isEmptyDirectory());
  }

  @Test
  void downloadOfFiles() throws Exception {
    Path source = Files.createDirectory(temporary.resolve("source"));
    for (int i = 0; i < OBJECTS; i++) {
      try (var file = new RandomAccessFile(source.resolve("object-" + i).toFile(), "rw")) {
        file.setLength(192 << 10);
      }
    }
    String uri = "file://" + source.toRealPath() + "/";
    List<String> args =
        List.of("download", "-r", uri, target.toString(), parts("64KiB"), atMost("64KiB"));
    interrupt(NONE, args, log -> assertWhole(192 << 10));
  }

  @Test
  void onMinio() throws Exception {
    assertThat(TestServers.minio()).isNotNull();
    try (MinioAccess minio = MinioAccess.toNewBucket();
        S3AsyncClient client = client(minio)) {
      String uri = minio.bucketUri();
      String bucket = uri.substring("s3://".length()).replace("/", "");
      assertSeesWhatIsUnfinished(client, bucket);

      interrupt(
          minio.environment(),
          put(uri, "6MiB", "5MiB"),
          log -> assertThat(unfinished(client, bucket, begun(log))).isEmpty());

      interrupt(
          minio.environment(),
          List.of("upload", "-", uri + "input", parts("5MiB"), atMost("5MiB")),
          log -> {
            assertThat(unfinished(client, bucket, List.of("input"))).isEmpty();
            assertThat(keys(client, bucket)).doesNotContain("input");
          });

      client
          .putObject(
              b -> b.bucket(bucket).key("large"), AsyncRequestBody.fromBytes(new byte[64 << 20]))
          .get(60, TimeUnit.SECONDS);
      interrupt(
          minio.environment(),
          List.of("download", uri + "large", target + "/", parts("64KiB"), atMost("64KiB")),
          log -> assertThat(target).isEmptyDirectory());
    }
  }

  private static S3AsyncClient client(MinioAccess minio) {
    Map<String, String> environment = minio.environment();
    return S3AsyncClient.builder()
        .endpointOverride(URI.create(minio.endpoint()))
        .region(Region.of(environment.get("AWS_REGION")))
        .forcePathStyle(true)
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(
                    environment.get("AWS_ACCESS_KEY_ID"),
                    environment.get("AWS_SECRET_ACCESS_KEY"))))
        .build();
  }

  private static String key(int number) {
    return "object_%03d_of_%d.dat".formatted(number, OBJECTS);
  }

  /** The keys of all objects that were begun: they are in their order, and so many at a time. */
  private static List<String> begun(List<String> log) {
    int last = -1;
    for (String line : log) {
      for (Matcher key = KEY.matcher(line); key.find(); ) {
        last = Math.max(last, Integer.parseInt(key.group(1)));
      }
    }
    assertThat(last).as("the log names objects: %s", log).isNotNegative();
    return IntStream.range(0, last + 1 + JOBS).mapToObj(SignalTest::key).toList();
  }

  /** Were it blind, nothing would ever be left. */
  private static void assertSeesWhatIsUnfinished(S3AsyncClient client, String bucket)
      throws Exception {
    String id =
        client
            .createMultipartUpload(b -> b.bucket(bucket).key(key(7)))
            .get(30, TimeUnit.SECONDS)
            .uploadId();
    assertThat(unfinished(client, bucket, List.of(key(6), key(7)))).hasSize(1);
    client
        .abortMultipartUpload(b -> b.bucket(bucket).key(key(7)).uploadId(id))
        .get(30, TimeUnit.SECONDS);
  }

  /** MinIO lists the uploads of one key only. */
  private static List<String> unfinished(S3AsyncClient client, String bucket, List<String> keys)
      throws Exception {
    List<String> all = new ArrayList<>();
    for (String key : keys) {
      client
          .listMultipartUploads(b -> b.bucket(bucket).prefix(key))
          .get(30, TimeUnit.SECONDS)
          .uploads()
          .forEach(upload -> all.add(upload.key() + " " + upload.uploadId()));
    }
    return all;
  }

  private static List<String> keys(S3AsyncClient client, String bucket) throws Exception {
    return client.listObjectsV2(b -> b.bucket(bucket)).get(30, TimeUnit.SECONDS).contents().stream()
        .map(S3Object::key)
        .toList();
  }
}
