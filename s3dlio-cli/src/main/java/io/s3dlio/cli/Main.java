package io.s3dlio.cli;

import io.s3dlio.datagen.GeneratorKernel;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Where the command begins and ends. */
public final class Main {

  private Main() {}

  /**
   * Runs the command and ends the JVM with its exit status.
   *
   * @param args what the user typed
   */
  public static void main(String[] args) {
    Console console = System.console();
    Output output =
        new Output(
            new FileOutputStream(FileDescriptor.out),
            new FileOutputStream(FileDescriptor.err),
            console != null);
    Thread cleanup = Cancellation.onShutdown(Thread.currentThread());
    int status = run(args, output);
    if (Cancellation.isOver(cleanup)) {
      System.exit(status);
    }
  }

  /**
   * Runs the command within this JVM.
   *
   * @param args what the user typed
   * @param out takes standard output; stays the caller's
   * @param err takes standard error; stays the caller's
   * @return the exit status: 0 done, 1 something failed, 2 bad usage or configuration, 3 data read
   *     is not the data written
   */
  public static int run(String[] args, OutputStream out, OutputStream err) {
    return run(args, new Output(out, err, false));
  }

  /** Runs the command, which may be part of another. */
  static int run(String[] args, Output output) {
    StringWriter help = new StringWriter();
    Root root = new Root(output);
    CommandLine command = new CommandLine(root);
    Commands.addTo(command, args);
    command
        .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
        .setOut(new PrintWriter(help))
        .setExecutionStrategy(
            parsed -> {
              root.prepare();
              Integer helped = CommandLine.executeHelpRequest(parsed);
              return helped == null ? go(parsed, output) : helped;
            })
        .setParameterExceptionHandler((e, given) -> usageError(output, unknownOption(e, given)))
        .setExecutionExceptionHandler((e, ignored, parsed) -> failure(output, e));
    Arguments.register(command);
    Help.arrange(command);
    try {
      int status = command.execute(args);
      if (help.getBuffer().length() > 0) {
        for (String line : help.toString().lines().toList()) {
          output.line(line);
        }
      }
      output.flush();
      return status;
    } catch (IOException e) {
      return failure(output, e);
    } catch (Error e) {
      output.failure(e);
      return ExitStatus.FAILED;
    }
  }

  /** A kernel that cannot be had is known before a command opens what it would write to. */
  private static int go(ParseResult parsed, Output output) {
    if (System.getProperty(GeneratorKernel.PROPERTY) != null) {
      try {
        GeneratorKernel.name();
      } catch (IllegalStateException e) {
        return failure(output, CommandException.usage(e.getMessage()));
      }
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  private static int failure(Output output, Exception failure) {
    Throwable e = Messages.unwrapped(failure);
    if (e instanceof Output.ClosedException) {
      return ExitStatus.DONE;
    }
    try {
      output.flush();
    } catch (IOException also) {
      e.addSuppressed(also);
    }
    output.failure(e);
    return CommandException.statusOf(e);
  }

  /** An option that nobody knows, if there is one: what stands behind it is taken for wrong too. */
  private static ParameterException unknownOption(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    return Stream.of(args)
        .takeWhile(arg -> !arg.equals("--"))
        .filter(arg -> arg.startsWith("--") || arg.matches("-[A-Za-z]"))
        .map(arg -> arg.split("=", 2)[0])
        .filter(name -> !command.getCommandSpec().optionsMap().containsKey(name))
        .findFirst()
        .<ParameterException>map(name -> new UnmatchedArgumentException(command, List.of(name)))
        .orElse(e);
  }

  private static int usageError(Output output, ParameterException e) {
    StringBuilder message = new StringBuilder(e.getMessage());
    if (e instanceof UnmatchedArgumentException unmatched) {
      List<String> suggestions = unmatched.getSuggestions();
      if (!suggestions.isEmpty()) {
        message.append("; did you mean ").append(String.join(", ", suggestions)).append('?');
      }
    }
    message.append("; see ").append(e.getCommandLine().getCommandSpec().qualifiedName());
    output.note(message.append(" --help").toString());
    return ExitStatus.USAGE;
  }
}
