package io.s3dlio.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.s3dlio.cli.Main;
import io.s3dlio.security.Server.Reply;
import io.s3dlio.security.Server.Request;
import io.s3dlio.testkit.process.JavaCommand;
import io.s3dlio.testkit.server.S3Server;
import io.s3dlio.testkit.server.TestCertificate;
import io.s3dlio.testkit.server.TestServers;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Secrets that a process is given in every way there is do not show, whatever happens and however
 * much it is asked to say. Servers repeat all that they are told.
 */
class CanaryTest {

  private static final String S3_SECRET = "CANARYs3Secret/with+slashes0123456789=";
  private static final String TOKEN = "CANARYsession//token+0123456789abcdef==";
  private static final String AZURE_KEY =
      Base64.getEncoder().encodeToString("CANARY-azure-key-CANARY-azure-key".getBytes(UTF_8));
  private static final String CUSTOMER_KEY =
      Base64.getEncoder().encodeToString("CANARY-key-of-a-customer-32-byte".getBytes(UTF_8));
  private static final String SAS_SIGNATURE = "CANARYsas0123456789abcdefABCDEF";
  private static final String SAS = "sv=2021-12-02&ss=b&srt=sco&sp=rl&sig=" + SAS_SIGNATURE + "%3D";
  private static final String PASSWORD = "CANARYproxy-password";
  private static final String CLIENT_SECRET = "CANARYclient~secret.0123456789";
  private static final String GOOGLE_TOKEN = "ya29.CANARYgoogle-access-token_0123456789";

  @TempDir static Path directory;

  private static TestCertificate certificate;
  private static TestCertificate unknown;

  /** The command by every name and with what it needs; URI, ENDPOINT and FILE are filled in. */
  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("ls", "URI"),
          List.of("ls", "-r", "-l", "--json", "URI"),
          List.of("stat", "URIkey"),
          List.of("cat", "URIkey"),
          List.of("put", "-n", "2", "-s", "1KB", "URI"),
          List.of("get", "-r", "--verify", "URI"),
          List.of("get", "URIkey"),
          List.of("upload", "FILE", "URI"),
          List.of("download", "URIkey", "DIRECTORY"),
          List.of("cp", "URIkey", "URIother"),
          List.of("rm", "-r", "URI"),
          List.of("rm", "URIkey"),
          List.of("rm", "--unfinished", "URI"),
          List.of("mb", "URI"),
          List.of("rb", "URI"),
          List.of("buckets", "URI"),
          List.of("gen", "-s", "1KB", "-o", "FILE2"),
          List.of("ckpt", "ls", "URI"),
          List.of("ckpt", "save", "--step", "1", "URI", "FILE"),
          List.of("ckpt", "load", "-o", "DIRECTORY", "URI"),
          List.of("doctor", "URI"),
          List.of("demo", "URI"));

  private static final Map<String, String> URIS =
      Map.of("s3", "s3://bucket/", "az", "az://account/container/", "gs", "gs://bucket/");

  @BeforeAll
  static void prepare() throws Exception {
    certificate = TestCertificate.of(directory, "known", TestCertificate.LOCAL);
    unknown = TestCertificate.of(directory, "unknown", TestCertificate.LOCAL);
    Files.write(directory.resolve("file"), new byte[1000]);
  }

  private static Reply refuse(Request request) {
    String said = request.text() + "\n" + new String(request.body(), UTF_8).strip();
    if (request.isOfGcs()) {
      String json = new String(JsonStringEncoder.getInstance().quoteAsString(said));
      return Reply.of(
          403,
          "{\"error\":{\"code\":403,\"message\":\""
              + json
              + "\",\"errors\":[{\"reason\":\""
              + json
              + "\"}]}}");
    }
    String xml =
        said.replace("&", "&amp;").replace("<", "&lt;").replaceAll("[^\\n\\x20-\\x7e]", "");
    return Reply.of(
        403,
        "<Error><Code>AccessDenied</Code><Message>%s</Message><CanonicalRequest>%s</CanonicalRequest><AuthenticationErrorDetail>%s</AuthenticationErrorDetail></Error>"
            .formatted(xml, xml, xml));
  }

  private static Reply garble(Request request) {
    return Reply.of(200, "<<{{" + request.text());
  }

  /** The command lines for a store at an endpoint. */
  private static List<String> commands(String scheme, String endpoint, String... options) {
    List<String> lines = new ArrayList<>();
    for (List<String> command : COMMANDS) {
      List<String> words = new ArrayList<>(List.of("command", command.get(0), "-vv"));
      words.addAll(List.of("--set=retry.max-attempts=1", "--set=request-timeout=10s"));
      words.add("--endpoint-url=" + endpoint);
      words.addAll(Arrays.asList(options));
      command.subList(1, command.size()).stream()
          .map(
              word ->
                  word.replace("URI", URIS.get(scheme))
                      .replace("FILE", directory.resolve("file").toString())
                      .replace("DIRECTORY", directory.resolve("down").toString()))
          .forEach(words::add);
      lines.add(String.join("\t", words));
    }
    return lines;
  }

  private static String library(String scheme, String endpoint, String... settings) {
    return String.join(
        "\t",
        Stream.concat(
                Stream.of(
                    "library",
                    URIS.get(scheme),
                    scheme + ".endpoint=" + endpoint,
                    "retry.max-attempts=1",
                    "request-timeout=10s"),
                Arrays.stream(settings))
            .toList());
  }

  /** Runs lines in a process; returns all that it says. */
  private static String said(Map<String, String> environment, List<String> lines) throws Exception {
    Path file = Files.write(Files.createTempFile(directory, "lines", ""), lines);
    String said =
        JavaCommand.of(Talkative.class, file.toString())
            .options(
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-Duser.home=" + directory,
                "-Djavax.net.ssl.trustStore=" + certificate.store(),
                "-Djavax.net.ssl.trustStorePassword=changeit")
            .without("(AWS|AZURE|GOOGLE|S3DLIO|STORAGE)_.*|(?i).*_proxy")
            .environment(Map.of("AWS_REGION", "us-east-1", "AWS_EC2_METADATA_DISABLED", "true"))
            .environment(environment)
            .limit(Duration.ofSeconds(200))
            .run();
    assertThat(said).contains("### all done");
    return said;
  }

  private static void assertSilent(String said, String... secrets) {
    Set<String> forms = new TreeSet<>();
    for (String secret : secrets) {
      forms.add(secret);
      forms.add(URLEncoder.encode(secret, UTF_8));
      for (String prefix : List.of("", ":", "user:")) {
        String base64 = Base64.getEncoder().encodeToString((prefix + secret).getBytes(UTF_8));
        forms.add(base64.replaceAll("=+$", ""));
      }
    }
    List<String> hits =
        said.lines()
            .filter(line -> forms.stream().anyMatch(line::contains))
            .map(line -> line.substring(0, Math.min(300, line.length())))
            .distinct()
            .limit(20)
            .toList();
    assertThat(hits).as("lines of %d with a secret", said.lines().count()).isEmpty();
  }

  @Test
  void theListNamesEveryCommand() {
    ByteArrayOutputStream help = new ByteArrayOutputStream();
    Main.run(new String[] {"--help"}, help, OutputStream.nullOutputStream());
    String text = help.toString(UTF_8);
    Set<String> commands =
        text.substring(text.indexOf("Commands:"), text.indexOf("\n\n", text.indexOf("Commands:")))
            .lines()
            .filter(line -> line.startsWith("  ") && line.charAt(2) != ' ')
            .map(line -> line.strip().split(" ")[0])
            .collect(Collectors.toSet());
    assertThat(COMMANDS.stream().map(c -> c.get(0)).collect(Collectors.toSet()))
        .isEqualTo(commands);
  }

  @Test
  void ofTheEnvironmentOverServersThatRepeatAll() throws Exception {
    Map<String, String> environment =
        Map.of(
            "AWS_ACCESS_KEY_ID", "AKIA",
            "AWS_SECRET_ACCESS_KEY", S3_SECRET,
            "AWS_SESSION_TOKEN", TOKEN,
            "AZURE_STORAGE_KEY", AZURE_KEY);
    try (Server refusing = Server.start(CanaryTest::refuse);
        Server garbling = Server.start(CanaryTest::garble);
        Server tls = Server.start(unknown.server(), CanaryTest::refuse)) {
      List<String> lines = new ArrayList<>();
      for (String endpoint :
          List.of(
              refusing.endpoint(),
              garbling.endpoint(),
              tls.endpoint(),
              "http://127.0.0.1:1",
              "http://no-such-host.invalid:9000")) {
        lines.addAll(commands("s3", endpoint));
        lines.addAll(commands("az", endpoint));
      }
      lines.addAll(commands("s3", refusing.endpoint(), "--set=s3.transport=sdk"));
      lines.addAll(commands("s3", garbling.endpoint(), "--set=s3.transport=sdk"));
      String said = said(environment, lines);
      assertThat(refusing.heard()).as("it was told").contains(TOKEN);
      assertSilent(said, S3_SECRET, TOKEN, AZURE_KEY);
    }
  }

  /**
   * As a program does that logs all there is. At DEBUG the AWS SDK says what it signs, with the
   * session token in it, which nobody but the program can forbid it; SECURITY.md says so.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void ofTheEnvironmentInAProgramThatLogsEverything(boolean sdkToo) throws Exception {
    Map<String, String> environment =
        Map.of(
            "AWS_ACCESS_KEY_ID", "AKIA",
            "AWS_SECRET_ACCESS_KEY", S3_SECRET,
            "AWS_SESSION_TOKEN", TOKEN,
            "AZURE_STORAGE_SAS_TOKEN", SAS);
    try (Server refusing = Server.start(CanaryTest::refuse);
        Server garbling = Server.start(CanaryTest::garble)) {
      List<String> lines = new ArrayList<>();
      if (!sdkToo) {
        lines.add("quiet\tsoftware.amazon.awssdk");
        lines.add("quiet\tio.netty.handler.logging"); // where the SDK's client logs the wire
      }
      for (Server server : List.of(refusing, garbling)) {
        lines.add(library("s3", server.endpoint()));
        lines.add(library("s3", server.endpoint(), "s3.transport=sdk"));
        lines.add(library("az", server.endpoint()));
      }
      String said = said(environment, lines);
      assertThat(refusing.heard()).as("it was told").contains(TOKEN, SAS_SIGNATURE);
      assertThat(said).as("all have their say").contains("io.netty", "io.s3dlio");
      if (sdkToo) {
        assertThat(said).contains("Sending Request: ");
        assertSilent(said, S3_SECRET, SAS_SIGNATURE);
      } else {
        assertSilent(said, S3_SECRET, SAS_SIGNATURE, TOKEN);
      }
    }
  }

  /** At DEBUG the AWS SDK says it, as it says the session token. */
  @Test
  void ofAKeyThatGoesWithEachRequest() throws Exception {
    Map<String, String> environment =
        Map.of(
            "AWS_ACCESS_KEY_ID",
            "AKIA",
            "AWS_SECRET_ACCESS_KEY",
            S3_SECRET,
            "S3DLIO_S3_ENCRYPTION",
            "sse-c",
            "S3DLIO_S3_CUSTOMER_KEY",
            CUSTOMER_KEY);
    try (Server refusing = Server.start(CanaryTest::refuse);
        Server garbling = Server.start(CanaryTest::garble)) {
      List<String> lines = new ArrayList<>();
      for (String endpoint : List.of(refusing.endpoint(), "http://no-such-host.invalid:9000")) {
        lines.addAll(commands("s3", endpoint));
      }
      lines.add("quiet\tsoftware.amazon.awssdk");
      lines.add("quiet\tio.netty.handler.logging");
      for (Server server : List.of(refusing, garbling)) {
        lines.add(library("s3", server.endpoint()));
        lines.add(library("s3", server.endpoint(), "s3.transport=sdk"));
      }
      String said = said(environment, lines);
      assertThat(refusing.heard()).as("it was told").contains(CUSTOMER_KEY);
      assertThat(said).contains("is not sent over http");
      assertSilent(said, S3_SECRET, CUSTOMER_KEY);
    }
  }

  @Test
  void ofFilesAndOfOurVariables() throws Exception {
    Path profiles = directory.resolve("profiles");
    Files.writeString(
        profiles,
        """
        [default]
        aws_access_key_id = AKIA
        aws_secret_access_key = %s
        aws_session_token = %s
        """
            .formatted(S3_SECRET, TOKEN));
    Path account = directory.resolve("account.json");
    try (Server tokens =
            Server.start(
                r ->
                    Reply.of(
                        200,
                        "{\"access_token\":\"%s\",\"expires_in\":3600,\"token_type\":\"Bearer\"}"
                            .formatted(GOOGLE_TOKEN)));
        Server refusing = Server.start(CanaryTest::refuse);
        Server refusingTls = Server.start(certificate.server(), CanaryTest::refuse);
        Server garblingTls = Server.start(certificate.server(), CanaryTest::garble);
        Server otherTls = Server.start(unknown.server(), CanaryTest::refuse)) {
      String privateKey = ServiceAccount.write(account, tokens.endpoint() + "/token");
      Map<String, String> environment =
          Map.of(
              "AWS_SHARED_CREDENTIALS_FILE", profiles.toString(),
              "S3DLIO_AZ_SAS_TOKEN", SAS,
              "GOOGLE_APPLICATION_CREDENTIALS", account.toString());
      List<String> lines = new ArrayList<>();
      lines.addAll(commands("s3", refusing.endpoint()));
      lines.addAll(commands("az", refusing.endpoint()));
      lines.addAll(commands("gs", refusingTls.endpoint()));
      lines.addAll(commands("gs", garblingTls.endpoint()));
      lines.addAll(commands("gs", otherTls.endpoint()));
      lines.add(library("gs", refusingTls.endpoint()));
      lines.add(library("gs", garblingTls.endpoint()));
      lines.add(library("gs", "http://localhost.invalid"));
      String said = said(environment, lines);
      assertThat(refusing.heard()).contains(TOKEN, SAS_SIGNATURE);
      assertThat(refusingTls.heard()).as("the token").contains(GOOGLE_TOKEN);
      assertSilent(
          said,
          S3_SECRET,
          TOKEN,
          SAS_SIGNATURE,
          GOOGLE_TOKEN,
          privateKey.substring(0, 64),
          privateKey.substring(privateKey.length() - 64));
    }
  }

  /** Nothing is sent: what is wrong with a secret is said without it. */
  @Test
  void ofWrongFormAndInWrongPlaces() throws Exception {
    Path file = Files.writeString(directory.resolve("wrong.json"), "{\"private_key\": \"" + TOKEN);
    Map<String, String> environment = new HashMap<>();
    environment.put("AZURE_STORAGE_KEY", S3_SECRET + "!");
    environment.put("http_proxy", "ftp://user:" + PASSWORD + "@127.0.0.1:1");
    environment.put("AWS_ENDPOINT_URL", "http://user:" + PASSWORD + "@127.0.0.1:1");
    environment.put("AWS_ACCESS_KEY_ID", "AKIA");
    environment.put("AWS_SECRET_ACCESS_KEY", S3_SECRET);
    List<String> lines = new ArrayList<>();
    String signed = "https://account.blob.core.windows.net/container/blob?" + SAS;
    String presigned =
        "https://bucket.s3.amazonaws.com/key?X-Amz-Credential=A&X-Amz-Security-Token="
            + URLEncoder.encode(TOKEN, UTF_8)
            + "&X-Amz-Signature="
            + SAS_SIGNATURE;
    for (String uri :
        List.of(
            signed,
            presigned,
            "az://account/container/blob?" + SAS,
            "s3://bucket/key?X-Amz-Signature=" + SAS_SIGNATURE,
            "account.blob.core.windows.net/container/blob?" + SAS,
            "s3://user:" + PASSWORD + "@127.0.0.1:1/bucket/key")) {
      for (List<String> command : COMMANDS) {
        List<String> words = new ArrayList<>(List.of("command", command.get(0), "-vv"));
        words.add("--set=retry.max-attempts=1");
        command.subList(1, command.size()).stream()
            .map(
                word ->
                    word.replaceAll(
                            "URI(key|other)?", java.util.regex.Matcher.quoteReplacement(uri))
                        .replace("FILE", directory.resolve("file").toString()))
            .forEach(words::add);
        lines.add(String.join("\t", words));
      }
    }
    lines.addAll(commands("s3", "http://user:" + PASSWORD + "@127.0.0.1:1"));
    lines.addAll(commands("az", "http://127.0.0.1:1?" + SAS));
    lines.add("command\tls\t-vv\tgs://bucket/\t--set=gs.credentials-file=" + file);
    lines.add(library("az", "http://127.0.0.1:1", "az.connection-string=" + S3_SECRET));
    lines.add(library("az", "http://127.0.0.1:1", "az.account-key=" + S3_SECRET));
    lines.add(library("az", "http://127.0.0.1:1", "az.sas-token=" + S3_SECRET));
    lines.add(library("gs", "https://127.0.0.1:1", "gs.credentials-file=" + file));
    lines.add(library("s3", "http://127.0.0.1:1", "s3.secret-key=" + S3_SECRET));
    assertSilent(said(environment, lines), S3_SECRET, TOKEN, SAS_SIGNATURE, PASSWORD);
  }

  @Test
  void ofProxiesAndIdentities() throws Exception {
    try (Server proxy = Server.start(r -> Reply.of(407, r.text()));
        Server authority = Server.start(certificate.server(), r -> Reply.of(401, r.text()))) {
      Map<String, String> environment =
          Map.of(
              "http_proxy",
              "http://user:" + PASSWORD + "@127.0.0.1:" + proxy.port(),
              "https_proxy",
              "http://user:" + PASSWORD + "@127.0.0.1:" + proxy.port(),
              "no_proxy",
              "127.0.0.1",
              "AZURE_TENANT_ID",
              "00000000-0000-0000-0000-000000000000",
              "AZURE_CLIENT_ID",
              "client",
              "AZURE_CLIENT_SECRET",
              CLIENT_SECRET,
              "AZURE_AUTHORITY_HOST",
              authority.endpoint());
      List<String> lines = new ArrayList<>();
      lines.addAll(commands("s3", "http://somewhere.example", "--no-sign-request"));
      lines.add(library("s3", "https://somewhere.example", "s3.anonymous=true"));
      lines.add(library("gs", "https://somewhere.example", "gs.anonymous=true"));
      lines.add("command\tls\t-vv\taz://account/container/\t--set=request-timeout=10s");
      lines.add(library("az", "https://somewhere.example"));
      String said = said(environment, lines);
      assertThat(proxy.requests).as("it was asked").isNotEmpty();
      assertSilent(said, PASSWORD, CLIENT_SECRET);
    }
  }

  @Test
  void ofARealStore() throws Exception {
    S3Server minio = TestServers.minio();
    Map<String, String> environment =
        Map.of(
            "AWS_ACCESS_KEY_ID", minio.accessKey(),
            "AWS_SECRET_ACCESS_KEY", minio.secretKey(),
            "AWS_REGION", minio.region());
    List<String> lines = new ArrayList<>();
    lines.add("command\tmb\ts3://bucket/\t--endpoint-url=" + minio.endpoint());
    lines.addAll(commands("s3", minio.endpoint().toString()));
    lines.add("command\tmb\ts3://bucket/\t--endpoint-url=" + minio.endpoint());
    lines.add(library("s3", minio.endpoint().toString()));
    lines.add("command\trb\ts3://bucket/\t--endpoint-url=" + minio.endpoint());
    assertSilent(said(environment, lines), minio.secretKey());
  }
}
