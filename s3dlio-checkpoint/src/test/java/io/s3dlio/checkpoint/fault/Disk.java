package io.s3dlio.checkpoint.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a directory tree may look like after the power failed while a process changed it, told by
 * the system calls that the process made. A weak model of a file system: what was written is there
 * for certain once the file was flushed, and else all, half, zeros or nothing of it; a change of a
 * directory is there for certain once the directory was flushed, and else it is there or not,
 * whatever became of the others.
 */
final class Disk {

  private static final Pattern CALL = Pattern.compile("[0-9]+ +([a-z0-9_]+)\\((.*)\\) += +0?.*");
  private static final Pattern PATH = Pattern.compile("\"([^\"]*)\"|[0-9]+<([^>]*)>");

  /** What a process did. */
  private sealed interface Step {
    /** A change of a directory: a name for a file, or for none any more. */
    record Name(Path path, Optional<Integer> file, Optional<Path> gone) implements Step {}

    /** A new directory. */
    record Directory(Path path) implements Step {}

    record Data(int file) implements Step {}

    record FlushFile(int file) implements Step {}

    record FlushDirectory(Path directory) implements Step {}
  }

  private final Path root;
  private final Map<Path, Integer> before = new TreeMap<>();
  private final Map<Path, Integer> now = new HashMap<>();
  private final Map<Integer, byte[]> contents = new HashMap<>();
  private final List<Step> steps = new ArrayList<>();

  /**
   * Takes note of a tree.
   *
   * @param onDisk the files whose names are on the disk; those of the others were not flushed
   */
  Disk(Path root, List<Path> onDisk) throws IOException {
    this.root = root;
    for (Path file : files(root)) {
      int number = contents.size();
      contents.put(number, Files.readAllBytes(file));
      if (onDisk.contains(file)) {
        before.put(file, number);
      } else {
        name(file, Optional.of(number), Optional.empty());
      }
    }
    now.putAll(before);
  }

  /** All files of a tree. */
  static List<Path> files(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  /** Takes note of what was done: the lines of strace, after all of it. */
  void done(List<String> lines) throws IOException {
    for (String line : whole(lines)) {
      Matcher call = CALL.matcher(line);
      if (call.matches() && !line.contains(" = -1 ")) {
        List<Path> paths = new ArrayList<>();
        Matcher path = PATH.matcher(call.group(2));
        while (path.find()) {
          paths.add(Path.of(path.group(1) == null ? path.group(2) : path.group(1)));
        }
        paths.removeIf(one -> !one.startsWith(root));
        if (!paths.isEmpty()) {
          step(call.group(1), call.group(2), paths);
        }
      }
    }
    for (Path file : files(root)) {
      contents.put(now.get(file), Files.readAllBytes(file));
    }
  }

  /** Calls by the order of their ends; strace cuts one in two where another comes between. */
  private static List<String> whole(List<String> lines) {
    Map<String, String> begun = new HashMap<>();
    List<String> calls = new ArrayList<>();
    for (String line : lines) {
      String thread = line.substring(0, line.indexOf(' '));
      if (line.endsWith(" <unfinished ...>")) {
        begun.put(thread, line.substring(0, line.lastIndexOf(" <unfinished")));
      } else if (line.contains(" <... ")) {
        calls.add(begun.remove(thread) + line.replaceFirst("[0-9]+ +<[^>]*>", ""));
      } else {
        calls.add(line);
      }
    }
    return calls;
  }

  private void step(String call, String arguments, List<Path> paths) {
    Path path = paths.get(0);
    switch (call) {
      case "openat" -> {
        if (arguments.contains("O_CREAT") && !now.containsKey(path)) {
          name(path, Optional.of(newFile()), Optional.empty());
        }
      }
      case "write", "pwrite64", "writev", "pwritev", "ftruncate", "fallocate" ->
          steps.add(new Step.Data(now.get(path)));
      case "fsync", "fdatasync" ->
          steps.add(
              now.containsKey(path)
                  ? new Step.FlushFile(now.get(path))
                  : new Step.FlushDirectory(path));
      case "link" -> name(paths.get(1), Optional.of(now.get(path)), Optional.empty());
      case "rename" -> name(paths.get(1), Optional.of(now.get(path)), Optional.of(path));
      case "unlink" -> name(path, Optional.empty(), Optional.empty());
      case "mkdir" -> steps.add(new Step.Directory(path));
      default -> {} // what an empty directory is or a time does not matter
    }
  }

  private int newFile() {
    contents.put(contents.size(), new byte[0]);
    return contents.size() - 1;
  }

  private void name(Path path, Optional<Integer> file, Optional<Path> gone) {
    steps.add(new Step.Name(path, file, gone));
    file.ifPresentOrElse(number -> now.put(path, number), () -> now.remove(path));
    gone.ifPresent(now::remove);
  }

  /** How many steps there were. */
  int steps() {
    return steps.size();
  }

  /** How what was not flushed looks. */
  enum Unflushed {
    WHOLE,
    HALF,
    ZEROS,
    NOTHING
  }

  /**
   * The trees that there may be if the power fails after so many steps.
   *
   * @param lost at most so many changes of directories are lost, or else at most so many are there
   */
  Set<Map<Path, Content>> after(int count, int lost) {
    List<Integer> open = new ArrayList<>(); // changes that need not be there
    for (int i = 0; i < count; i++) {
      Step step = steps.get(i);
      boolean unsure =
          (step instanceof Step.Name name && !isFlushed(name.path, i, count))
              || (step instanceof Step.Directory made && !isFlushed(made.path, i, count));
      if (unsure) {
        open.add(i);
      }
    }
    Set<Map<Path, Content>> trees = new HashSet<>();
    for (long mask = 0; mask < 1L << Math.min(open.size(), 14); mask++) {
      int bits = Long.bitCount(mask);
      if (bits <= lost || open.size() - bits <= lost) {
        Set<Integer> without = new HashSet<>();
        for (int i = 0; i < open.size(); i++) {
          if (((mask >> i) & 1) != 0) {
            without.add(open.get(open.size() - 1 - i)); // the latest first
          }
        }
        for (Unflushed unflushed : Unflushed.values()) {
          trees.add(tree(count, without, unflushed));
        }
      }
    }
    return trees;
  }

  private boolean isFlushed(Path path, int at, int count) {
    return steps.subList(at, count).contains(new Step.FlushDirectory(path.getParent()));
  }

  private Map<Path, Content> tree(int count, Set<Integer> without, Unflushed unflushed) {
    Map<Path, Integer> names = new TreeMap<>(before);
    Set<Integer> dirty = new HashSet<>();
    for (int i = 0; i < count; i++) {
      Step step = steps.get(i);
      if (step instanceof Step.Data data) {
        dirty.add(data.file);
      } else if (step instanceof Step.FlushFile flush) {
        dirty.remove(flush.file);
      } else if (step instanceof Step.Name name && !without.contains(i)) {
        name.gone.ifPresent(names::remove);
        name.file.ifPresentOrElse(
            file -> names.put(name.path, file), () -> names.remove(name.path));
      }
    }
    for (int lost : without) {
      if (steps.get(lost) instanceof Step.Directory made) {
        names.keySet().removeIf(path -> path.startsWith(made.path));
      }
    }
    Map<Path, Content> tree = new TreeMap<>();
    names.forEach(
        (path, file) ->
            tree.put(
                root.relativize(path),
                new Content(file, dirty.contains(file) ? unflushed : Unflushed.WHOLE)));
    return tree;
  }

  /** What is in a file. */
  record Content(int file, Unflushed how) {}

  /** Makes such a tree. */
  void write(Map<Path, Content> tree, Path where) throws IOException {
    for (Map.Entry<Path, Content> one : tree.entrySet()) {
      byte[] all = contents.get(one.getValue().file);
      Path path = where.resolve(one.getKey());
      Files.createDirectories(path.getParent());
      Files.write(
          path,
          switch (one.getValue().how) {
            case WHOLE -> all;
            case HALF -> Arrays.copyOf(all, all.length / 2);
            case ZEROS -> new byte[all.length];
            case NOTHING -> new byte[0];
          });
    }
  }
}
