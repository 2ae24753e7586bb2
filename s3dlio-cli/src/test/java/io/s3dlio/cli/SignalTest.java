package io.s3dlio.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.testkit.server.TestServers;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/**
 * Ctrl-C and SIGTERM at any moment of an upload leave no temporary file and no unfinished upload.
 * {@code -Ds3dlio.test.signals=N} makes N rounds of each.
 */
@Timeout(600)
class SignalTest {

  private static final int ROUNDS = Integer.getInteger("s3dlio.test.signals", 3);

  /** More than are ever begun. */
  private static final int OBJECTS = 60;

  private enum Signal {
    TERM(143),
    INT(130);

    final int status;

    Signal(int status) {
      this.status = status;
    }
  }

  @TempDir Path directory;

  private interface Check {
    void run() throws Exception;
  }

  /** Each object is two parts; a line of the log is a request that has ended. */
  private void interrupt(
      String uri, int firstLines, Map<String, String> environment, Check nothingLeft)
      throws Exception {
    for (Signal signal : Signal.values()) {
      for (int round = 0; round < ROUNDS; round++) {
        int after = new Random(31L * round + signal.status).nextInt(firstLines);
        String what = "SIG%s after line %d of the log".formatted(signal, after);
        Process process = upload(uri, environment);
        try (BufferedReader log = process.errorReader()) {
          for (int line = 0; line <= after; line++) {
            assertThat(log.readLine()).as(what).isNotNull();
          }
          send(signal, process);
          List<String> rest = log.lines().toList();
          assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(what).isTrue();
          assertThat(process.exitValue()).as("%s: %s", what, rest).isEqualTo(signal.status);
          nothingLeft.run();
        } catch (AssertionError e) {
          throw new AssertionError(what, e);
        } finally {
          process.destroyForcibly();
        }
      }
    }
  }

  private static Process upload(String uri, Map<String, String> environment) throws IOException {
    List<String> command =
        List.of(
            "env",
            "--default-signal=INT", // which it may have been told to ignore
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "io.s3dlio.cli.Main",
            "put",
            uri,
            "-v",
            "-j4",
            "-n" + OBJECTS,
            "-s6MiB",
            "--set=part-size=5MiB",
            "--set=multipart-threshold=5MiB");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(k -> k.startsWith("AWS_") || k.startsWith("S3DLIO_"));
    builder.environment().putAll(environment);
    return builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static void send(Signal signal, Process process) throws Exception {
    Process kill =
        new ProcessBuilder("kill", "-s", signal.name(), String.valueOf(process.pid())).start();
    assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(kill.exitValue()).isZero();
  }

  @Test
  void inFiles() throws Exception {
    Path target = directory.toRealPath().resolve("target");
    interrupt(
        "file://" + target + "/",
        60,
        Map.of(),
        () -> {
          try (Stream<Path> files = Files.list(target)) {
            for (Path file : files.toList()) {
              assertThat(file.getFileName().toString()).doesNotStartWith(".s3dlio-tmp-");
              assertThat(file).hasSize(6 << 20);
              Files.delete(file);
            }
          }
        });
  }

  @Test
  void onMinio() throws Exception {
    assertThat(TestServers.minio()).isNotNull();
    try (MinioAccess minio = MinioAccess.toNewBucket();
        S3AsyncClient client = client(minio)) {
      String bucket = minio.bucketUri().substring("s3://".length()).replace("/", "");
      interrupt(
          minio.bucketUri(),
          40,
          minio.environment(),
          () -> assertThat(unfinished(client, bucket)).isEmpty());
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

  /** MinIO lists the uploads of one key only. */
  private static List<String> unfinished(S3AsyncClient client, String bucket) throws Exception {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < OBJECTS; i++) {
      String key = "object_%d_of_%d.dat".formatted(i, OBJECTS);
      client
          .listMultipartUploads(b -> b.bucket(bucket).prefix(key))
          .get(30, TimeUnit.SECONDS)
          .uploads()
          .forEach(upload -> all.add(upload.key() + " " + upload.uploadId()));
    }
    return all;
  }
}
