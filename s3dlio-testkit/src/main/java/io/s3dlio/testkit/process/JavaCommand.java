package io.s3dlio.testkit.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * How to start a JVM for a {@code main} method: that of this JVM's {@code java.home}, with this
 * JVM's class path and environment, unless told otherwise. It may be started many times. Not
 * thread-safe.
 */
public final class JavaCommand {

  private static final Duration USUAL_LIMIT = Duration.ofSeconds(60);

  private final String main;
  private final List<String> arguments;
  private final List<String> options = new ArrayList<>();
  private final List<String> prefix = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();
  private Predicate<String> inherited = name -> true;
  private Predicate<String> entries = name -> true;
  private Optional<Path> input = Optional.empty();
  private Duration limit = USUAL_LIMIT;

  private JavaCommand(String main, List<String> arguments) {
    this.main = main;
    this.arguments = arguments;
  }

  /**
   * For a class with a {@code main} method.
   *
   * @param main the class; it need not be public
   * @param arguments what {@code main} is given
   * @return the command
   */
  public static JavaCommand of(Class<?> main, String... arguments) {
    return new JavaCommand(main.getName(), List.of(arguments));
  }

  /**
   * Adds options of the JVM.
   *
   * @param more such as {@code -Xmx64m}
   * @return this
   */
  public JavaCommand options(String... more) {
    options.addAll(List.of(more));
    return this;
  }

  /**
   * Leaves entries of the class path out.
   *
   * @param kept which stay, by the name of the file or directory
   * @return this
   */
  public JavaCommand classPath(Predicate<String> kept) {
    entries = kept;
    return this;
  }

  /**
   * Leaves variables of this JVM's environment out.
   *
   * @param names a regular expression that has to match a whole name
   * @return this
   */
  public JavaCommand without(String names) {
    inherited = inherited.and(name -> !name.matches(names));
    return this;
  }

  /**
   * Adds variables.
   *
   * @param variables take the place of those of the same name
   * @return this
   */
  public JavaCommand environment(Map<String, String> variables) {
    environment.putAll(variables);
    return this;
  }

  /**
   * Has another program start the JVM.
   *
   * @param words the program and its arguments, such as {@code taskset -c 0}; it must become the
   *     JVM (exec) and not wait for it, or killing does not reach the JVM
   * @return this
   */
  public JavaCommand under(List<String> words) {
    prefix.addAll(words);
    return this;
  }

  /**
   * Gives it a file for its standard input.
   *
   * @param file is read from its start
   * @return this
   */
  public JavaCommand input(Path file) {
    input = Optional.of(file);
    return this;
  }

  /**
   * Sets how long each wait for it may take.
   *
   * @param duration a minute, unless this says otherwise
   * @return this
   */
  public JavaCommand limit(Duration duration) {
    limit = duration;
    return this;
  }

  /**
   * Starts it. It does not end with this JVM of itself.
   *
   * @return the running JVM; to be closed by the caller
   * @throws IOException if it cannot be started
   */
  public JavaProcess start() throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", chosenClassPath(), main));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(inherited.negate());
    builder.environment().putAll(environment);
    input.ifPresent(file -> builder.redirectInput(file.toFile()));
    return new JavaProcess(builder.start(), main, limit);
  }

  private String chosenClassPath() {
    // Surefire may put all of it into the manifest of one jar.
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Arrays.stream(all.split(File.pathSeparator))
        .filter(entry -> entries.test(String.valueOf(Path.of(entry).getFileName())))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /**
   * Runs it to its end, with nothing to read but what {@link #input} gives.
   *
   * @return what it printed, on both outputs
   * @throws IOException if it cannot be started
   * @throws InterruptedException if this thread is interrupted; the JVM is killed then
   * @throws AssertionError if it does not end in time, or with another status than 0; says what it
   *     printed
   */
  public String run() throws IOException, InterruptedException {
    try (JavaProcess process = start()) {
      process.endInput();
      int status = process.awaitEnd();
      if (status != 0) {
        throw process.failed("ended with status " + status);
      }
      return process.output();
    }
  }
}
