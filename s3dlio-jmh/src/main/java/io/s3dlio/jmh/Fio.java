package io.s3dlio.jmh;

import io.s3dlio.jmh.Contender.Work;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The flexible I/O tester, if it is there: what the device and the system give with O_DIRECT. */
final class Fio {

  private static final String ABSENT =
      "fio: NOT THERE, so direct:// is measured against nothing but calls by hand; install fio";

  private static final int PART = 8 << 20;
  private static final int BLOCK = 4 << 20;

  private final Path directory;
  private final int depth;
  private final boolean fsync;
  private final String version;

  Fio(Path directory, int depth, boolean fsync) throws Exception {
    this.directory = directory;
    this.depth = depth;
    this.fsync = fsync;
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

  /**
   * Reads a file again and again, or writes new ones, in the blocks and by the threads that the
   * library has.
   */
  Cost run(Work work, Path object, int size) throws Exception {
    boolean put = work == Work.PUT;
    int jobs = Math.min(depth, Math.max(1, size / PART));
    int times = Math.max(3, (256 << 20) / size);
    List<String> command =
        new ArrayList<>(
            List.of(
                "fio",
                "--name=" + work,
                "--rw=" + (put ? "write" : "read"),
                "--bs=" + Math.min(BLOCK, size),
                "--direct=1",
                "--ioengine=psync",
                "--thread",
                "--numjobs=" + jobs,
                "--fallocate=none",
                "--group_reporting",
                "--output-format=json"));
    if (fsync && put) {
      command.add("--end_fsync=1");
    }
    if (jobs > 1 || !put) {
      command.add("--filename=" + (put ? directory.resolve(FileSet.PUT + "fio") : object));
      command.add("--size=" + size / jobs);
      command.add("--offset_increment=" + size / jobs);
      command.add("--loops=" + (put ? 1 : times));
    } else {
      command.add("--directory=" + directory);
      command.add("--filename_format=" + FileSet.PUT + "fio-$filenum");
      command.add("--nrfiles=" + times);
      command.add("--filesize=" + size);
      command.add("--create_on_open=1");
      command.add("--file_service_type=sequential");
      command.add("--openfiles=1");
    }
    String said = execute(command);
    String part = said.substring(said.indexOf(put ? "\"write\" :" : "\"read\" :"));
    double perSecond = number(part, "bw_bytes");
    double bytes = number(part, "io_bytes");
    double busy = number(said, "job_runtime") / 1e3;
    double cpu = busy * (number(said, "usr_cpu") + number(said, "sys_cpu")) / 100;
    return new Cost((long) bytes, (long) bytes / size, bytes / perSecond, cpu, 0);
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
