package io.s3dlio.cli;

import io.s3dlio.ByteSource;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectSource;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.spi.Secrets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code demo}: runs other commands, shows what they say, and ends with what it measured. */
@Command(
    name = "demo",
    description = {"Shows what s3dlio does, in a directory of its own or below URI.", ""},
    customSynopsis = "s3dlio demo [URI]",
    footer = {
      "",
      "Writes 230 MB below a new name, and removes all of it at the end. Without URI, in the directory",
      "for temporary files. With --json: the summary of each transfer.",
      "",
      "Examples:",
      "  s3dlio demo",
      "  s3dlio demo s3://bucket/"
    })
final class DemoCommand implements Callable<Integer> {

  private static final int OBJECTS = 32;
  private static final String SIZE = "4MiB";
  private static final String SEED = "42";
  private static final long FLIPPED = 1_234_567;

  @ParentCommand private Root root;

  @Parameters(arity = "0..1", paramLabel = "URI", description = "What to work below.")
  private ObjectUri uri;

  private final Table table = new Table("", "objects", "GB", "seconds", "GB/s", "CPU-s/GB");

  @Override
  public Integer call() throws IOException {
    ObjectUri base = base();
    Arguments.requireBucket(base);
    ObjectUri place = base.resolve("s3dlio-demo-" + UUID.randomUUID().toString().substring(0, 8));
    try (ObjectStore store = root.open(place, 1)) {
      show(store, place);
    } finally {
      cleanUp(place);
    }
    return ExitStatus.DONE;
  }

  private ObjectUri base() {
    return uri != null
        ? uri
        : ObjectUri.parse("file://" + System.getProperty("java.io.tmpdir") + "/");
  }

  private void show(ObjectStore store, ObjectUri place) throws IOException {
    ObjectUri data = place.resolve("data");
    ObjectUri victim = data.resolve("17.bin");
    ObjectUri copy = place.resolve("copy.bin");

    say(
        "Put: 32 objects of 4 MiB, each different, made while they are sent. What it takes to check");
    say("an object goes with it as metadata.");
    step(
        "put", 0, "put", data + "", "-n", "" + OBJECTS, "-s", SIZE, "--seed", SEED, "-t", "{}.bin");

    say("List:");
    step(null, 0, "ls", "-l", "--limit", "3", data + "/");

    say("Get: read all, keep nothing.");
    step("get", 0, "get", "-r", data + "");

    say("Verify: make every byte once more and compare. No other copy is needed.");
    step("get --verify", 0, "get", "-r", "--verify", data + "");

    say("Ranges: 64 KiB out of the middle of each, compared as well.");
    step("get --range", 0, "get", "-r", "--verify", "--range", "1MiB:64KiB", data + "");

    say(
        "Copy an object. The bytes of an object depend on its key, so that a copy which is passed off");
    say("as another object is found:");
    step("cp", 0, "cp", victim + "", copy + "");
    step(null, ExitStatus.WRONG_DATA, "get", "--verify", copy + "");

    say("Now one byte of one object is changed. Its size, name and metadata stay the same:");
    flip(store, victim);
    show("(the byte at offset " + String.format("%,d", FLIPPED) + " of " + victim + ")");
    blank();
    step(null, ExitStatus.WRONG_DATA, "get", "-r", "--verify", data + "");

    say("Found. Now a checkpoint of 8 ranks, with the tensors of Llama 3 8B, but much smaller:");
    showCheckpoints(place.resolve("run"));

    say("This is what was measured, in a JVM that has just started:");
    if (!root.output().isJson()) {
      for (String line : table.lines()) {
        show(line);
      }
      blank();
      show("GB: 10^9 bytes. CPU-s/GB: CPU seconds that this process took for one of them.");
    }
  }

  /** Changes one byte of an object and nothing else. */
  private static void flip(ObjectStore store, ObjectUri object) throws IOException {
    ObjectSource source = store.source(object);
    ObjectMeta meta = source.meta();
    PutOptions options = PutOptions.DEFAULT;
    if (store.capabilities().userMetadata()) {
      options = options.withUserMetadata(meta.userMetadata());
    }
    store.put(object, new Flipped(source, FLIPPED), options);
  }

  /** A source of which one bit is another. */
  private record Flipped(ByteSource original, long at) implements ByteSource {
    @Override
    public long size() {
      return original.size();
    }

    @Override
    public void read(long offset, ByteBuffer dst) throws IOException {
      int start = dst.position();
      original.read(offset, dst);
      if (at >= offset && at < offset + dst.position() - start) {
        int index = start + (int) (at - offset);
        dst.put(index, (byte) (dst.get(index) ^ 1));
      }
    }
  }

  /** Runs a command and shows it; that it ends as it must is part of what is shown. */
  private void step(String name, int expected, String... command) throws IOException {
    Ran ran = run(command);
    if (root.output().isJson()) {
      if (name != null) {
        root.output().summary(ran.output.lastSummary());
      }
    } else {
      show("$ s3dlio " + String.join(" ", command));
      for (String line : ran.said.lines().toList()) {
        show(line);
      }
      if (ran.status != ExitStatus.DONE) {
        show("exit status " + ran.status);
      }
      blank();
    }
    if (ran.status != expected) {
      throw CommandException.failed(
          "the demo went wrong: status "
              + ran.status
              + " instead of "
              + expected
              + " of `s3dlio "
              + String.join(" ", command)
              + "`"
              + (root.output().isJson() ? ": " + ran.said.strip() : ""));
    }
    if (name != null) {
      Summary summary = ran.output.lastSummary();
      table.row(
          name,
          String.valueOf(summary.objects()),
          Units.digits(summary.bytes() / 1e9),
          Units.digits(summary.seconds()),
          Units.digits(summary.bytesPerSecond() / 1e9),
          Units.digits(summary.cpuSecondsPerGB()));
    }
  }

  /** A save that is killed, and what is there afterwards. */
  private void showCheckpoints(ObjectUri run) throws IOException {
    step("ckpt save", 0, save(run, 100));
    if (KilledSave.isPossible(run)) {
      say("The next one is saved by a JVM of its own, which is killed half-way:");
      kill(run);
    }
    say("The newest is a whole one. Load it: every byte is made once more and compared.");
    step("ckpt load", 0, "ckpt", "load", run + "");
    say("Save once more, and delete what is left of saves that came to nothing:");
    step(null, 0, save(run, 200));
    step(null, 0, "ckpt", "gc", run + "");
    step(null, 0, "ckpt", "ls", run + "");
  }

  private void kill(ObjectUri run) throws IOException {
    String[] command = save(run, 200);
    show("$ s3dlio " + String.join(" ", command));
    try (ObjectStore store = root.open(run, 1)) {
      int status = new KilledSave(store, run).run(with(command));
      show("(SIGKILL, when the first shard was there)");
      show("exit status " + status);
    }
    blank();
  }

  private static String[] save(ObjectUri run, int step) {
    List<String> command = new ArrayList<>(List.of("ckpt", "save", "--step", "" + step));
    command.addAll(List.of("--synthetic", "llama3-8b", "--scale", "0.0003", "-j", "1", run + ""));
    return command.toArray(new String[0]);
  }

  /** The command with the options of this one. */
  private List<String> with(String... command) {
    List<String> arguments = new ArrayList<>(Arrays.asList(command));
    arguments.addAll(1, root.optionsForOthers());
    return arguments;
  }

  private record Ran(int status, String said, Output output) {}

  private Ran run(String... command) {
    List<String> arguments = with(command);
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    Output output = new Output(said, said, false);
    int status = Main.run(arguments.toArray(new String[0]), output);
    root.prepare(); // what is logged between commands is this one's again
    return new Ran(status, said.toString(StandardCharsets.UTF_8), output);
  }

  private void cleanUp(ObjectUri place) throws IOException {
    // Also after Ctrl-C: what was written is removed all the same.
    boolean interrupted = Thread.interrupted();
    Ran removed = run("rm", "-r", place.toString());
    if (Arguments.isLocal(place) && Files.isDirectory(Arguments.path("/" + place.key()))) {
      run("rb", place.toString());
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (removed.status != ExitStatus.DONE) {
      throw CommandException.failed("the demo's objects are left: " + removed.said.strip());
    }
  }

  private void say(String text) throws IOException {
    if (!root.output().isJson()) {
      root.output().line(text);
    }
  }

  private void show(String line) throws IOException {
    if (!root.output().isJson()) {
      root.output().line("  " + Secrets.masked(line));
    }
  }

  private void blank() throws IOException {
    if (!root.output().isJson()) {
      root.output().line("");
    }
  }
}
