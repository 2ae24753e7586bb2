package io.s3dlio.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ckpt}: the commands for checkpoints. */
@Command(
    name = "ckpt",
    description = {
      "Saves, lists, loads, checks, copies and clears up checkpoints of training jobs.",
      ""
    },
    customSynopsis = "s3dlio ckpt COMMAND [OPTION]... BASE [ARGUMENT]...",
    commandListHeading = "%nCommands:%n",
    subcommands = {
      CheckpointSaveCommand.class,
      CheckpointListCommand.class,
      CheckpointShowCommand.class,
      CheckpointVerifyCommand.class,
      CheckpointLoadCommand.class,
      CheckpointDiffCommand.class,
      CheckpointCopyCommand.class,
      CheckpointRetainCommand.class,
      CheckpointRollbackCommand.class,
      CheckpointCleanCommand.class,
      CheckpointWatchCommand.class
    },
    footer = {
      "",
      "BASE is what the checkpoints of a run lie below, in any store. A checkpoint is there whole, from",
      "the moment its commit is in the log, or not at all, whoever is killed when. Its bytes are never",
      "changed, and are compared with their checksums whenever they are read.",
      "",
      "Examples:",
      "  s3dlio ckpt save s3://bucket/run-7/ --step 100 --synthetic llama3-8b --scale 0.001",
      "  s3dlio ckpt ls s3://bucket/run-7/",
      "  s3dlio ckpt load s3://bucket/run-7/ -o /data/run-7",
      "  s3dlio ckpt save --help"
    })
final class CheckpointCommand implements Runnable {

  @ParentCommand private Root root;

  @Spec private CommandSpec spec;

  Root root() {
    return root;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command named");
  }
}
