package io.s3dlio.cli;

import io.s3dlio.ByteSources;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectUri;
import io.s3dlio.ObjectWriter;
import io.s3dlio.ProgressListener;
import io.s3dlio.PutOptions;
import io.s3dlio.WriterOptions;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code upload}. */
@Command(
    name = "upload",
    description = {"Stores files, directories and standard input as objects.", ""},
    customSynopsis = {
      "s3dlio upload PATH... URI/ [-j JOBS] [--tag NAME=VALUE]...",
      "       s3dlio upload - URI [--tag NAME=VALUE]..."
    },
    footer = {
      "",
      "A file keeps its name below URI; of a directory, all files at any depth go below URI under their",
      "path relative to it. Objects that are there are overwritten. A symbolic link to a file is read",
      "as that file; a link to a directory is followed if it is a PATH, and left out with a note if it",
      "lies in one. What is no regular file fails.",
      "",
      "With - as the only PATH, standard input is the object URI, of any length. It appears when the",
      "input ends, or not at all; what fed the input is not asked whether it had failed, so set",
      "pipefail in a shell. `s3dlio cat` is the way back.",
      "",
      "Examples:",
      "  s3dlio upload a.bin b.bin s3://bucket/",
      "  s3dlio upload -j 64 /data/train s3://bucket/train/",
      "  tar c train | s3dlio upload - s3://bucket/train.tar"
    })
final class UploadCommand implements Callable<Integer> {

  /** Stands for standard input. */
  private static final String INPUT = "-";

  @ParentCommand private Root root;

  @Option(
      names = "-j",
      paramLabel = "JOBS",
      converter = Arguments.JobCount.class,
      description = "Objects in flight at a time, 1 to 4096; ${DEFAULT-VALUE} if not given.")
  private int jobs = 16;

  @Mixin private TagOptions tags;

  @Parameters(
      arity = "1..*",
      paramLabel = "PATH... URI/",
      hideParamSyntax = true,
      description = "Files and directories, then what their objects lie below.")
  private List<String> arguments;

  @Override
  public Integer call() throws IOException {
    int last = arguments.size() - 1;
    if (last == 0) {
      throw CommandException.usage("upload takes one PATH or more, and then a URI");
    }
    ObjectUri target = target(arguments.get(last));
    if (arguments.get(0).equals(INPUT) && last == 1) {
      return uploadInput(target);
    }
    List<Path> paths = new ArrayList<>();
    for (String path : arguments.subList(0, last)) {
      paths.add(Arguments.path(path));
    }
    try (ObjectStore store = root.open(target, jobs);
        Transfer transfer = new Transfer(root, "upload", jobs, OptionalLong.empty())) {
      LocalFiles files = new LocalFiles(transfer::failed, root.output()::note);
      Map<String, Path> taken = new HashMap<>();
      for (Path path : paths) {
        try (Stream<LocalFiles.Found> found = files.below(path)) {
          Iterator<LocalFiles.Found> objects =
              paths.size() == 1
                  ? found.iterator()
                  : found.filter(file -> isFirst(file, taken, transfer)).iterator();
          transfer.<LocalFiles.Found>run(
              objects, (file, progress) -> upload(store, target, file, progress));
        }
      }
      return transfer.finish();
    }
  }

  private int uploadInput(ObjectUri target) throws IOException {
    Arguments.requireObject(target);
    try (ObjectStore store = root.open(target, 1);
        Transfer transfer = new Transfer(root, "upload", 1, OptionalLong.empty());
        FileInputStream input = new FileInputStream(FileDescriptor.in)) {
      transfer.<FileChannel>run(
          List.of(input.getChannel()).iterator(),
          (channel, progress) -> upload(store, target, channel, progress));
      return transfer.finish();
    }
  }

  private long upload(
      ObjectStore store, ObjectUri target, FileChannel input, ProgressListener progress)
      throws IOException {
    WriterOptions options =
        WriterOptions.DEFAULT.withPut(tags.with(PutOptions.DEFAULT.withProgress(progress)));
    try (ObjectWriter writer = store.writer(target, options)) {
      writer.transferFrom(input);
      writer.finish();
      return writer.written();
    }
  }

  private static ObjectUri target(String text) throws CommandException {
    try {
      ObjectUri uri = ObjectUri.parse(text);
      Arguments.requireBucket(uri);
      return uri;
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("the last argument is the URI to upload to: " + e.getMessage());
    }
  }

  /** Two files with one key would overwrite each other. */
  private static boolean isFirst(
      LocalFiles.Found file, Map<String, Path> taken, Transfer transfer) {
    Path other = taken.putIfAbsent(file.key(), file.path());
    if (other != null) {
      transfer.failed(
          CommandException.failed(
              file.path() + " is not uploaded: it has the same key as " + other));
    }
    return other == null;
  }

  private long upload(
      ObjectStore store, ObjectUri target, LocalFiles.Found file, ProgressListener progress)
      throws IOException {
    try (ByteSources.FileSource source = ByteSources.file(file.path())) {
      store.put(
          target.resolve(file.key()), source, tags.with(PutOptions.DEFAULT.withProgress(progress)));
      return source.size();
    }
  }
}
