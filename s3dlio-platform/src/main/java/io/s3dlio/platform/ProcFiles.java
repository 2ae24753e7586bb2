package io.s3dlio.platform;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The small text files in which the kernel says what there is, below a directory that stands for
 * the root of the file system. What is absent or makes no sense reads as nothing: the machine may
 * not be a Linux, and a container may hide any of them.
 */
record ProcFiles(Path root) {

  /** No such file is longer; one that never ends must not fill the memory. */
  private static final int MAX_BYTES = 8 << 20;

  private static final Pattern KIBIBYTES = Pattern.compile("([0-9]{1,15}) kB");

  /** All lines. */
  List<String> lines(String path) {
    try (InputStream in = Files.newInputStream(resolve(path))) {
      return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException | InvalidPathException e) {
      return List.of();
    }
  }

  boolean exists(String path) {
    return Files.exists(resolve(path));
  }

  /** The first line, without the blanks around it; "" if there is none. */
  String line(String path) {
    List<String> lines = lines(path);
    return lines.isEmpty() ? "" : lines.get(0).strip();
  }

  /** The value on the line that begins with "name:"; "" if there is none. */
  String field(String path, String name) {
    return lines(path).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).strip())
        .filter(rest -> rest.startsWith(":"))
        .map(rest -> rest.substring(1).strip())
        .findFirst()
        .orElse("");
  }

  /** A list of CPUs, or of nodes, as the kernel writes them, "0-3,8"; empty if it is not one. */
  static CpuSet cpuList(String text) {
    try {
      return CpuSet.parse(text);
    } catch (IllegalArgumentException e) {
      return CpuSet.NONE;
    }
  }

  /** A number of bytes as /proc/meminfo writes it, "1024 kB". */
  static OptionalLong kibibytes(String text) {
    Matcher m = KIBIBYTES.matcher(text);
    return m.matches() ? OptionalLong.of(Long.parseLong(m.group(1)) << 10) : OptionalLong.empty();
  }

  /** A decimal number; empty if it is not one that a long holds ("max", say). */
  static OptionalLong number(String text) {
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** The words of a line. */
  static List<String> words(String line) {
    return Arrays.asList(line.strip().split(" +"));
  }

  private Path resolve(String path) {
    return root.resolve(path.substring(1));
  }
}
