package io.s3dlio.platform;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files of a machine below a directory, recorded or written down as the kernel would. */
final class RecordedMachine {

  private final Path root;

  RecordedMachine(Path root) {
    this.root = root;
  }

  /** Lays out a recorded tree: "== PATH" begins a file. */
  RecordedMachine recorded(String name) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                RecordedMachine.class.getResourceAsStream(name + ".txt"),
                StandardCharsets.UTF_8))) {
      String file = null;
      StringBuilder text = new StringBuilder();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.startsWith("== ")) {
          write(file, text);
          file = line.substring("== ".length());
          text.setLength(0);
        } else {
          text.append(line).append('\n');
        }
      }
      write(file, text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** CPUs that are switched on, all of which the process may run on. */
  RecordedMachine cpus(String online) {
    file("/sys/devices/system/cpu/online", online);
    return allowed(online, "0-7");
  }

  RecordedMachine allowed(String cpus, String memoryNodes) {
    return file(
        "/proc/self/status",
        "Name:\tjava\nCpus_allowed_list:\t" + cpus + "\nMems_allowed_list:\t" + memoryNodes);
  }

  RecordedMachine nodes(String online) {
    return file("/sys/devices/system/node/online", online);
  }

  RecordedMachine node(int id, String cpus, long gibibytes, String distances) {
    String directory = "/sys/devices/system/node/node" + id;
    file(directory + "/cpulist", cpus);
    file(directory + "/distance", distances);
    return file(
        directory + "/meminfo",
        "Node %d MemTotal:       %d kB\nNode %d MemFree:        1 kB"
            .formatted(id, gibibytes << 20, id));
  }

  /** CPUs that are one core. */
  RecordedMachine core(String cpus) {
    CpuSet.parse(cpus).stream()
        .forEach(
            cpu -> file("/sys/devices/system/cpu/cpu" + cpu + "/topology/core_cpus_list", cpus));
    return this;
  }

  RecordedMachine file(String path, String text) {
    write(path, text + "\n");
    return this;
  }

  SystemInfo read() {
    return SystemInfo.read(root);
  }

  List<Integer> ids() {
    return read().numa().nodes().stream().map(NumaNode::id).toList();
  }

  private void write(String path, CharSequence text) {
    if (path == null) {
      return;
    }
    try {
      Path file = root.resolve(path.substring(1));
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
