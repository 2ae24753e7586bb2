package io.s3dlio.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.s3dlio.platform.NumaNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The measurement of {@link GenBench} in a JVM for each NUMA node, all at the same time. A JVM
 * first measures for itself, until its code is compiled; then it waits for a line on standard
 * input.
 */
final class NodeBench {

  private static final int STUCK_MINUTES = 130;

  private NodeBench() {}

  /**
   * Runs all of them.
   *
   * @param nodes where; none is a machine that does not tell of nodes
   * @param options of the measurement, for every JVM
   * @return what each came to
   */
  static List<GenBench.Rates> run(List<NumaNode> nodes, List<String> options) throws IOException {
    List<Process> started = new ArrayList<>();
    try {
      for (NumaNode node : nodes) {
        started.add(start(options, List.of("--numa", String.valueOf(node.id()))));
      }
      if (nodes.isEmpty()) {
        started.add(start(options, List.of()));
      }
      for (Process process : started) {
        rates(process.inputReader());
      }
      for (Process process : started) {
        Writer in = process.outputWriter();
        in.write('\n');
        in.flush();
      }
      List<GenBench.Rates> all = new ArrayList<>();
      for (Process process : started) {
        all.add(rates(process.inputReader()));
      }
      return all;
    } finally {
      started.forEach(Process::destroyForcibly);
    }
  }

  private static Process start(List<String> options, List<String> where) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("gen", "--bench", "--json", "--on-line"));
    command.addAll(options);
    command.addAll(where);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    process
        .onExit()
        .orTimeout(STUCK_MINUTES, TimeUnit.MINUTES)
        .exceptionally(
            e -> {
              process.destroyForcibly();
              return null;
            });
    return process;
  }

  private static GenBench.Rates rates(BufferedReader out) throws IOException {
    String line = out.readLine();
    if (line == null) {
      throw CommandException.failed("the JVM of a node ended before it had measured; see above");
    }
    Map<String, String> fields = new HashMap<>();
    try (JsonParser json = new JsonFactory().createParser(line)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        json.nextToken();
        fields.put(json.currentName(), json.getText());
      }
    }
    return GenBench.Rates.of(fields);
  }
}
