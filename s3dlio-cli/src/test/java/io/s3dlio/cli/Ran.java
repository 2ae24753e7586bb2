package io.s3dlio.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run of the command came to.
 *
 * @param status what it ended with
 * @param out standard output
 * @param err standard error
 */
record Ran(int status, byte[] out, String err) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Runs the command in this JVM. */
  static Ran s3dlio(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status = Main.run(args, out, err);
    return new Ran(status, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
  }

  String text() {
    return new String(out, StandardCharsets.UTF_8);
  }

  List<String> lines() {
    return text().lines().toList();
  }

  List<String> errors() {
    return err.lines().toList();
  }

  Ran ends(int expected) {
    assertThat(status).as("exit status; said:%n%s%n%s", text(), err).isEqualTo(expected);
    return this;
  }

  Ran done() {
    return ends(ExitStatus.DONE);
  }

  /** Every line of standard output, each of which must be a JSON object. */
  List<JsonNode> json() {
    List<JsonNode> objects = new ArrayList<>();
    for (String line : lines()) {
      try {
        JsonNode node = JSON.readTree(line);
        assertThat(node.isObject()).as(line).isTrue();
        objects.add(node);
      } catch (JsonProcessingException e) {
        throw new AssertionError("not JSON: " + line, e);
      }
    }
    return objects;
  }

  /** The one line of JSON that a transfer ends with. */
  JsonNode summary() {
    List<JsonNode> objects = json();
    assertThat(objects).hasSize(1);
    return objects.get(0);
  }
}
