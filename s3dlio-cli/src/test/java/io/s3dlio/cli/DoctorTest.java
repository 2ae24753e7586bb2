package io.s3dlio.cli;

import static io.s3dlio.cli.Ran.s3dlio;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.s3dlio.platform.CpuSet;
import io.s3dlio.platform.NumaNode;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoctorTest {

  private interface Check {
    void run(Checkup checkup) throws IOException;
  }

  private static String findings(Check check) throws IOException {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    Output output = new Output(said, said, false);
    check.run(new Checkup(output));
    output.flush();
    return said.toString(StandardCharsets.UTF_8);
  }

  private static List<String> names(Ran ran) {
    return ran.json().stream().map(line -> line.get("check").asText()).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0-1 | 0-1 | 3 with CPUs 0-1, 1GiB",
        "0-1 | 0   | 3 with CPUs 0-1 (of these CPU 0 alone may be used), 1GiB",
        "0-7 | 0-3 | 3 with CPUs 0-7 (of these CPUs 0-3 alone may be used), 1GiB",
        "0-1 | ''  | 3 with CPUs 0-1 (none of them may be used), 1GiB",
        "''  | ''  | 3 with no CPUs, 1GiB"
      })
  void namesTheCpusThatMayBeUsed(String cpus, String allowed, String said) {
    NumaNode node =
        new NumaNode(
            3,
            CpuSet.parse(cpus),
            CpuSet.parse(allowed),
            OptionalLong.of(1 << 30),
            true,
            new TreeMap<>());
    assertThat(MachineCheck.describe(node)).isEqualTo(said);
  }

  @Test
  void looksAtTheMachine() {
    Ran ran = s3dlio("doctor", "--json").done();
    assertThat(names(ran))
        .contains(
            "s3dlio",
            "java",
            "file names",
            "machine",
            "cpus",
            "numa",
            "memory",
            "heap",
            "direct memory",
            "generator",
            "generator numa",
            "O_DIRECT",
            "credentials");
    for (JsonNode line : ran.json()) {
      assertThat(line.fieldNames()).toIterable().containsExactly("check", "result", "detail");
      assertThat(line.get("result").asText()).isIn("ok", "warn");
    }
  }

  @Test
  void triesAStoreAndLeavesNothing(@TempDir Path directory) throws IOException {
    Path place = directory.toRealPath();
    for (String scheme : List.of("file", "direct")) {
      Ran ran = s3dlio("doctor", "--json", scheme + "://" + place + "/").done();
      assertThat(names(ran)).contains("store", "put", "list", "get", "get range", "delete");
      assertThat(place).isEmptyDirectory();
    }
    assertThat(s3dlio("doctor", "memory://doctor-test").done().lines())
        .anyMatch(line -> line.matches("ok +get +the same bytes come back \\(.* ms\\)"));
  }

  @Test
  void saysWhatDoesNotWork(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.toRealPath().resolve("file"), "x");
    Ran ran = s3dlio("doctor", "file://" + file + "/below").ends(ExitStatus.FAILED);
    assertThat(ran.lines()).anyMatch(line -> line.startsWith("fail  put"));
  }

  @Test
  void triesMinio() throws IOException {
    try (MinioAccess minio = MinioAccess.toNewBucket()) {
      List<String> args = new ArrayList<>(List.of("doctor", "--json", minio.bucketUri()));
      args.addAll(minio.options());
      Ran ran = s3dlio(args.toArray(new String[0])).done();
      assertThat(names(ran)).contains("put", "delete", "endpoint", "clock");
      assertThat(ran.json()).noneMatch(line -> line.get("result").asText().equals("fail"));

      args.set(2, "s3://no-such-bucket-here/");
      Ran wrong = s3dlio(args.toArray(new String[0])).ends(ExitStatus.FAILED);
      assertThat(names(wrong)).contains("put", "endpoint").doesNotContain("delete");
    }
  }

  @Test
  void credentialsAreNamedAndNeverShown(@TempDir Path home) throws IOException {
    Path aws = Files.createDirectory(home.resolve(".aws"));
    Files.writeString(
        aws.resolve("credentials"),
        """
        [default]
        aws_access_key_id = CANARY1
        aws_secret_access_key = CANARY2
        [work]
        aws_secret_access_key = CANARY3
        """);
    Files.setPosixFilePermissions(
        aws.resolve("credentials"), PosixFilePermissions.fromString("rw-r--r--"));
    Map<String, String> environment =
        Map.of("AWS_ACCESS_KEY_ID", "CANARY4", "AWS_SESSION_TOKEN", "CANARY5");
    String said = findings(c -> new CredentialsCheck(c, environment, home).run(Optional.of("s3")));
    assertThat(said)
        .contains("AWS_ACCESS_KEY_ID, AWS_SESSION_TOKEN", "(default, work)")
        .contains("AWS_SECRET_ACCESS_KEY is not set")
        .contains("can be read by others")
        .doesNotContain("CANARY");

    assertThat(
            findings(
                c ->
                    new CredentialsCheck(c, Map.of(), home.resolve("none")).run(Optional.of("s3"))))
        .startsWith("warn  credentials    none");
  }

  @Test
  void credentialsAreThoseOfTheScheme(@TempDir Path home) throws IOException {
    Path gcloud = Files.createDirectories(home.resolve(".config/gcloud"));
    Files.writeString(gcloud.resolve("application_default_credentials.json"), "CANARY1");
    Map<String, String> environment =
        Map.of("AZURE_STORAGE_KEY", "CANARY2", "AWS_ACCESS_KEY_ID", "CANARY3");
    assertThat(findings(c -> new CredentialsCheck(c, environment, home).run(Optional.of("az"))))
        .contains("AZURE_STORAGE_KEY")
        .doesNotContain("AWS", "CANARY");
    assertThat(findings(c -> new CredentialsCheck(c, environment, home).run(Optional.of("gs"))))
        .contains("application_default_credentials.json")
        .doesNotContain("AZURE", "CANARY");
    assertThat(findings(c -> new CredentialsCheck(c, environment, home).run(Optional.empty())))
        .contains("AWS_ACCESS_KEY_ID", "AZURE_STORAGE_KEY", "application_default_credentials");
    Path none = home.resolve("none");
    assertThat(findings(c -> new CredentialsCheck(c, Map.of(), none).run(Optional.of("az"))))
        .startsWith("warn  credentials    none for az://");
    assertThat(findings(c -> new CredentialsCheck(c, Map.of(), none).run(Optional.of("gs"))))
        .startsWith("warn  credentials    none for gs://");
    assertThat(findings(c -> new CredentialsCheck(c, Map.of(), none).run(Optional.of("file"))))
        .isEmpty();
  }

  /** What is said of an endpoint whose clock is wrong. */
  private static String ofClockThatIsOff(Duration by) throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread thread = new Thread(() -> answerOnce(server, by));
      thread.start();
      String endpoint = "http://127.0.0.1:" + server.getLocalPort();
      return findings(c -> new EndpointCheck(c).run(endpoint));
    }
  }

  private static void answerOnce(ServerSocket server, Duration by) {
    try (Socket socket = server.accept()) {
      BufferedReader request =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      while (!request.readLine().isEmpty()) {
        // the headers do not matter
      }
      String time =
          DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC).plus(by));
      String answer =
          "HTTP/1.1 403 Forbidden\r\nDate: "
              + time
              + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void clocksAreCompared() throws IOException {
    assertThat(ofClockThatIsOff(Duration.ZERO)).contains("ok    clock");
    assertThat(ofClockThatIsOff(Duration.ofMinutes(-5)))
        .contains("warn  clock")
        .containsPattern("(300|299|301) s behind");
    assertThat(ofClockThatIsOff(Duration.ofHours(1))).contains("fail  clock", "ahead");
  }

  @Test
  void anEndpointThatDoesNotAnswerFails() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    assertThat(findings(c -> new EndpointCheck(c).run("http://127.0.0.1:" + port)))
        .startsWith("fail  endpoint");
    assertThat(findings(c -> new EndpointCheck(c).run("nonsense"))).startsWith("fail  endpoint");
    s3dlio("doctor", "--endpoint-url", "http://127.0.0.1:" + port).ends(ExitStatus.FAILED);
  }
}
