package io.s3dlio.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.cli.Main;
import io.s3dlio.testkit.server.AzuriteServer;
import io.s3dlio.testkit.server.S3Server;
import io.s3dlio.testkit.server.TestServers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command in the documentation works, and the transcript in README is what the demo says. */
class CommandExamplesTest {

  static List<Docs.Block> examples() throws IOException {
    List<Docs.Block> examples = Docs.blocks().stream().filter(b -> b.is("sh")).toList();
    assertThat(examples).as("commands in the documentation").isNotEmpty();
    return examples;
  }

  /** The credentials of the store that the examples speak to come from the SDK's default chain. */
  @AfterEach
  void forgetCredentials() {
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }

  @ParameterizedTest
  @MethodSource("examples")
  void works(Docs.Block example, @TempDir Path dir) {
    List<String> options = List.of();
    if (example.is("sh s3")) {
      S3Server server = TestServers.s3proxy();
      System.setProperty("aws.accessKeyId", server.accessKey());
      System.setProperty("aws.secretAccessKey", server.secretKey());
      options = List.of("--endpoint-url", server.endpoint().toString());
      run(Stream.concat(Stream.of("mb", "s3://my-bucket/"), options.stream()).toList());
    }
    if (example.is("sh gs")) {
      options = List.of("--set", "gs.endpoint=" + TestServers.fakeGcs().endpoint());
      run(Stream.concat(Stream.of("mb", "gs://my-bucket/"), options.stream()).toList());
    }
    Map<String, String> environment = Map.of();
    if (example.is("sh az")) {
      AzuriteServer server = TestServers.azurite();
      environment =
          Map.of(
              "AZURE_STORAGE_KEY", server.key(),
              "AZURE_STORAGE_ENDPOINT", server.endpoint().toString());
      run(List.of("mb", "az://" + server.account() + "/my-container/"), environment);
    }
    for (String line : example.text()) {
      if (line.startsWith("./s3dlio ")) {
        List<String> words =
            new ArrayList<>(List.of(line.replaceFirst("\\s+#.*", "").trim().split("\\s+")));
        words.remove(0);
        words.replaceAll(word -> word.replace("/tmp/s3dlio-docs", dir.toString()));
        words.replaceAll(word -> word.equals("README.md") ? readme() : word);
        words.replaceAll(CommandExamplesTest::inAzurite);
        words.addAll(options);
        assertThat(run(words, environment)).as("%s: %s", example, line).startsWith("0\n");
      }
    }
  }

  @Test
  void transcriptIsWhatTheDemoSays(@TempDir Path dir) throws IOException {
    List<Docs.Block> transcripts = Docs.blocks().stream().filter(b -> b.is("console")).toList();
    assertThat(transcripts).hasSize(1);
    List<String> shown = transcripts.get(0).text();
    assertThat(shown.get(0)).isEqualTo("$ ./s3dlio demo");
    String said = run(List.of("demo"));
    assertThat(said).startsWith("0\n");
    assertThat(masked(said.substring(2)))
        .isEqualTo(masked(String.join("\n", shown.subList(1, shown.size()))));
  }

  /**
   * Without what differs from run to run: names of temporary directories, times, figures, units.
   */
  private static String masked(String text) {
    return text.replaceAll("s3dlio-demo-[0-9a-z]+", "s3dlio-demo-X")
        .replaceAll("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z", "TIME")
        .replaceAll("[0-9][0-9,.]*( [kMGT]?B(?![a-z]))?(/s)?", "N")
        .replaceAll(" +", " ")
        .strip();
  }

  private static String readme() {
    return Docs.root().resolve("README.md").toString();
  }

  private static String inAzurite(String word) {
    return word.startsWith("az://myaccount/")
        ? word.replace("myaccount", TestServers.azurite().account())
        : word;
  }

  /** In a process of its own where the example needs variables: keys are no options. */
  private static String run(List<String> words, Map<String, String> environment) {
    if (environment.isEmpty()) {
      return run(words);
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add("io.s3dlio.cli.Main");
    command.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(k -> k.startsWith("AZURE_") || k.startsWith("S3DLIO_"));
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() + "\n" + said;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The exit status on a line of its own, then what was said, on both outputs. */
  private static String run(List<String> words) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    int status = Main.run(words.toArray(String[]::new), said, said);
    return status + "\n" + said.toString(StandardCharsets.UTF_8);
  }
}
