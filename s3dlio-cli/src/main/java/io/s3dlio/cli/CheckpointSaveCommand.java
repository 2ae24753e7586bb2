package io.s3dlio.cli;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectUri;
import io.s3dlio.bench.Model;
import io.s3dlio.bench.SyntheticModel;
import io.s3dlio.checkpoint.CheckpointInfo;
import io.s3dlio.checkpoint.CheckpointStore;
import io.s3dlio.checkpoint.CheckpointWriter;
import io.s3dlio.checkpoint.SaveAttempt;
import io.s3dlio.checkpoint.ShardDescription;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ckpt save}. */
@Command(
    name = "save",
    description = {"Saves a checkpoint: of files, or one that is generated.", ""},
    customSynopsis = {
      "s3dlio ckpt save --step N [--note NAME=VALUE]... [-j JOBS] BASE FILE...",
      "       s3dlio ckpt save --step N --synthetic MODEL --scale SHARE [--world RANKS] [--seed N]",
      "                        [--note NAME=VALUE]... [-j JOBS] BASE"
    },
    footer = {
      "",
      "Each FILE is what one rank saves, in their order. Of a .safetensors file the tensors are saved;",
      "where it says which pieces of larger tensors they are, as those of PyTorch and of `s3dlio ckpt",
      "load` do, as these pieces. Any other file is saved as it is.",
      "",
      "MODEL is one of llama3-8b, llama3-70b, llama3-405b and llama3-1t: the checkpoints of MLPerf",
      "Storage, with a weight and three numbers of the optimiser for each parameter, which are 112 GB,",
      "988 GB, 5.68 TB and 18.6 TB at --scale 1. Their bytes are made while they are sent.",
      "",
      "It is a checkpoint from one moment on, or never. If it fails or is cancelled before, what was",
      "written is deleted; what a killed one leaves, `s3dlio ckpt gc` finds. Steps ascend: `s3dlio ckpt",
      "rollback` goes back.",
      "",
      "Examples:",
      "  s3dlio ckpt save --step 100 --note loss=2.31 s3://bucket/run-7/ rank0.safetensors",
      "  s3dlio ckpt save --step 100 --synthetic llama3-8b --scale 0.001 file:///data/run-7/"
    })
final class CheckpointSaveCommand implements Callable<Integer> {

  /** The note that says how to make a synthetic checkpoint again. */
  static final String SYNTHETIC = "s3dlio-synthetic";

  @ParentCommand private CheckpointCommand group;

  @Mixin private CheckpointPlace place;

  @Option(
      names = "--step",
      required = true,
      paramLabel = "N",
      description = "The step of the training: larger than that of the newest checkpoint.")
  private long step;

  @Option(names = "--synthetic", paramLabel = "MODEL", description = "Generate it.")
  private String model;

  @Option(
      names = "--scale",
      paramLabel = "SHARE",
      description = "How large it is, as a share of the model: above 0, at most 1.")
  private Double scale;

  @Option(
      names = "--world",
      paramLabel = "RANKS",
      description = "How many ranks share it; the model's number if not given.")
  private Integer world;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "What the bytes depend on, beside the model; the step if not given.")
  private Long seed;

  @Option(
      names = "--note",
      paramLabel = "NAME=VALUE",
      description = "Something to remember, such as loss=2.31; retain can go by it.")
  private Map<String, String> notes = new LinkedHashMap<>();

  @Option(
      names = "-j",
      paramLabel = "JOBS",
      converter = Arguments.JobCount.class,
      description = "Ranks in flight at a time, 1 to 4096; ${DEFAULT-VALUE} if not given.")
  private int jobs = 4;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "FILE",
      description = "What the ranks save.")
  private List<String> files = new ArrayList<>();

  /** What the ranks save. */
  interface Content {
    int world();

    /** Registers what a rank saves. */
    void register(int rank, CheckpointWriter writer) throws IOException;
  }

  @Override
  public Integer call() throws IOException {
    check();
    if (model != null) {
      return save(synthetic());
    }
    List<Path> paths = new ArrayList<>();
    for (String file : files) {
      paths.add(Arguments.path(file));
    }
    try (ObjectStore local = group.root().open(ObjectUri.parse("file:///"), jobs);
        ShardFiles shards = ShardFiles.open(local, paths)) {
      return save(shards);
    }
  }

  private void check() throws CommandException {
    if (step < 0) {
      throw CommandException.usage("--step is 0 or more: " + step);
    }
    if ((model == null) == files.isEmpty()) {
      throw CommandException.usage(
          model == null
              ? "say what to save: files, or --synthetic MODEL"
              : "--synthetic saves no files; leave one of the two out");
    }
    if (model == null && (scale != null || world != null || seed != null)) {
      throw CommandException.usage("--scale, --world and --seed are for --synthetic");
    }
    if (model != null && scale == null) {
      throw CommandException.usage(
          "say how large it is to be: --scale 1 is all of the model, --scale 0.001 a thousandth");
    }
  }

  private Content synthetic() throws CommandException {
    try {
      Model shape = Model.named(model);
      SyntheticModel synthetic =
          new SyntheticModel(
              shape, scale, world == null ? shape.ranks() : world, seed == null ? step : seed);
      notes.put(SYNTHETIC, synthetic.toText());
      return new SyntheticRanks(synthetic);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e.getMessage());
    }
  }

  private int save(Content content) throws IOException {
    try (CheckpointPlace.Opened opened = place.open(group.root(), jobs);
        Transfer transfer = new Transfer(group.root(), "ckpt save", jobs, OptionalLong.empty())) {
      CheckpointStore history = opened.history();
      SaveAttempt attempt = history.begin(step, content.world());
      Queue<ShardDescription> shards = new ConcurrentLinkedQueue<>();
      CheckpointInfo committed = null;
      try {
        transfer.<Integer>run(
            IntStream.range(0, content.world()).iterator(),
            (rank, progress) -> {
              ShardDescription shard = write(history.writer(attempt, rank), rank, content);
              shards.add(shard);
              return shard.bytes();
            });
        if (transfer.summary().failed() > 0) {
          return transfer.finish();
        }
        committed = history.commit(attempt, shards);
      } finally {
        if (committed == null) {
          giveUp(history, attempt);
        }
      }
      return transfer.finish(json -> json.writeNumberField("step", step));
    }
  }

  private ShardDescription write(CheckpointWriter writer, int rank, Content content)
      throws IOException {
    if (rank == 0) {
      notes.forEach(writer::note);
    }
    content.register(rank, writer);
    return writer.finish();
  }

  /** Also after Ctrl-C: what was written is deleted all the same. */
  private void giveUp(CheckpointStore history, SaveAttempt attempt) {
    boolean interrupted = Thread.interrupted();
    try {
      history.abort(attempt);
    } catch (IOException e) {
      group
          .root()
          .output()
          .note(
              "what was written is left: "
                  + Messages.of(e)
                  + "; `s3dlio ckpt gc --abort "
                  + attempt.id()
                  + " "
                  + place.base()
                  + "` deletes it");
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
