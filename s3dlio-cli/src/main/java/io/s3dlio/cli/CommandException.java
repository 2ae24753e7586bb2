package io.s3dlio.cli;

import io.s3dlio.checkpoint.CorruptCheckpointException;
import java.io.IOException;

/** A failure with its exit status; the message is one line for the user. */
final class CommandException extends IOException {

  private static final long serialVersionUID = 1L;

  /** What the command ends with. */
  private final int status;

  private CommandException(int status, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  static CommandException usage(String message) {
    return new CommandException(ExitStatus.USAGE, message, null);
  }

  static CommandException usage(Exception cause) {
    return new CommandException(ExitStatus.USAGE, Messages.of(cause), cause);
  }

  static CommandException failed(String message) {
    return new CommandException(ExitStatus.FAILED, message, null);
  }

  static CommandException failed(String message, Throwable cause) {
    return new CommandException(ExitStatus.FAILED, message, cause);
  }

  static CommandException wrongData(String message) {
    return new CommandException(ExitStatus.WRONG_DATA, message, null);
  }

  int status() {
    return status;
  }

  /** The exit status that a failure stands for. */
  static int statusOf(Throwable failure) {
    if (failure instanceof CommandException e) {
      return e.status;
    }
    return failure instanceof CorruptCheckpointException
        ? ExitStatus.WRONG_DATA
        : ExitStatus.FAILED;
  }
}
