package io.s3dlio.jmh;

import io.s3dlio.jmh.Contender.Work;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The flexible I/O tester, if it is there: what the device and the system give with O_DIRECT. */
final class Fio {

  private static final String ABSENT =
      "fio: NOT THERE, so direct:// is measured against nothing but calls by hand; install fio";

  private final Path directory;
  private final int depth;
  private final String version;

  Fio(Path directory, int depth) throws Exception {
    this.directory = directory;
    this.depth = depth;
    String said;
    try {
      said = execute(List.of("fio", "--version")).strip();
    } catch (IOException e) {
      said = null;
    }
    this.version = said;
  }

  boolean isThere() {
    return version != null;
  }

  String version() {
    return isThere() ? version + ", psync, a thread for each part in flight" : ABSENT;
  }

  /** Reads a file, or writes a new one, in the blocks and by the threads that the library has. */
  Cost run(Work work, String object, int size) throws Exception {
    boolean put = work == Work.PUT;
    Path file = directory.resolve(put ? "fio" : object);
    int jobs = (int) Math.min(depth, Math.max(1, size / (8L << 20)));
    String each = String.valueOf(size / jobs);
    String said =
        execute(
            List.of(
                "fio",
                "--name=" + work,
                "--filename=" + file,
                "--rw=" + (put ? "write" : "read"),
                "--bs=4M",
                "--direct=1",
                "--ioengine=psync",
                "--thread",
                "--numjobs=" + jobs,
                "--size=" + each,
                "--offset_increment=" + each,
                "--fallocate=none",
                "--group_reporting",
                "--loops=" + (put ? 1 : Math.max(1, (1 << 30) / size)),
                "--output-format=json"));
    if (put) {
      Files.delete(file);
    }
    String part = said.substring(said.indexOf(put ? "\"write\" :" : "\"read\" :"));
    double perSecond = number(part, "bw_bytes");
    double bytes = number(part, "io_bytes");
    double busy = number(said, "job_runtime") / 1e3;
    double cpu = busy * (number(said, "usr_cpu") + number(said, "sys_cpu")) / 100;
    return new Cost((long) bytes, 1, bytes / perSecond, cpu, 0);
  }

  private static double number(String json, String name) {
    Matcher found = Pattern.compile('"' + name + "\" : ([0-9.]+)").matcher(json);
    if (!found.find()) {
      throw new IllegalStateException("fio says nothing of " + name + ": " + json);
    }
    return Double.parseDouble(found.group(1));
  }

  private static String execute(List<String> command) throws Exception {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IllegalStateException(String.join(" ", command) + " failed: " + said);
    }
    return said;
  }
}
