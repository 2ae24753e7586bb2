package io.s3dlio.cli;

import io.s3dlio.ByteRange;
import io.s3dlio.ByteSink;
import io.s3dlio.GetOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectUri;
import io.s3dlio.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code download}. */
@Command(
    name = "download",
    description = {"Keeps objects as files.", ""},
    customSynopsis = {
      "s3dlio download URI PATH [--range OFFSET:LENGTH] [--version-id ID]",
      "       s3dlio download -r URI PATH [-j JOBS] [--range OFFSET:LENGTH]"
    },
    footer = {
      "",
      "Without -r, PATH is the file, or a directory in which the object keeps its name. With -r, PATH is",
      "a directory, made if need be, and the objects below URI/ go below it under their keys relative to",
      "URI. A file that is there is replaced when the new one is complete.",
      "",
      "Nothing is written outside of PATH: a key with '..', '//', a backslash, a drive letter or a name",
      "that some system treats as another is refused by name, and so is one in whose way there is a",
      "symbolic link, or an object such as a beside a/b; the others go on, and the status is 1. A key",
      "that ends with / and has no content makes a directory.",
      "",
      "Examples:",
      "  s3dlio download s3://bucket/model.safetensors .",
      "  s3dlio download -r -j 64 s3://bucket/train/ /data/train"
    })
final class DownloadCommand implements Callable<Integer> {

  @ParentCommand private Root root;

  @Option(names = "-r", description = "All objects below URI too.")
  private boolean recursive;

  @Option(
      names = "-j",
      paramLabel = "JOBS",
      converter = Arguments.JobCount.class,
      description = "Objects in flight at a time, 1 to 4096; ${DEFAULT-VALUE} if not given.")
  private int jobs = 16;

  @Option(
      names = "--range",
      paramLabel = "OFFSET:LENGTH",
      description = "Only these bytes of each object; without LENGTH, to the end.")
  private ByteRange range = ByteRange.WHOLE;

  @Mixin private VersionOption version;

  @Parameters(index = "0", paramLabel = "URI", description = "The object, or what it lies below.")
  private ObjectUri uri;

  @Parameters(index = "1", paramLabel = "PATH", description = "The file or directory.")
  private String path;

  @Override
  public Integer call() throws IOException {
    Arguments.requireBucket(uri);
    if (!recursive) {
      Arguments.requireObject(uri);
    } else if (version.isGiven()) {
      throw CommandException.usage("--version-id names a version of one object; leave -r out");
    }
    Path target = Arguments.path(path);
    try (ObjectStore store = root.open(uri, recursive ? jobs : 1);
        Transfer transfer =
            new Transfer(root, "download", recursive ? jobs : 1, OptionalLong.empty())) {
      if (recursive) {
        downloadTree(store, target, transfer);
      } else {
        downloadOne(store, target, transfer);
      }
      return transfer.finish();
    }
  }

  private void downloadOne(ObjectStore store, Path target, Transfer transfer) throws IOException {
    boolean within = path.endsWith("/") || Files.isDirectory(target);
    Path file = target.toAbsolutePath();
    if (!within && file.getFileName() == null) {
      throw CommandException.usage(path + " is not a file name");
    }
    List<String> name =
        within ? SafeName.segments(uri, uri.name()) : List.of(file.getFileName().toString());
    try (LandingDirectory directory = LandingDirectory.open(within ? file : file.getParent())) {
      transfer.<ObjectUri>run(
          List.of(uri).iterator(),
          (object, progress) ->
              directory.receive(object, name, sink -> read(store, object, sink, progress)));
    }
  }

  private void downloadTree(ObjectStore store, Path target, Transfer transfer) throws IOException {
    try (Stream<ObjectMeta> listing = Tree.list(store, uri)) {
      Iterator<ObjectMeta> objects = listing.iterator();
      if (!objects.hasNext()) {
        transfer.failed(CommandException.failed("there is no object below " + uri));
        return;
      }
      try (LandingDirectory directory = LandingDirectory.open(target)) {
        transfer.<ObjectMeta>run(
            objects, (object, progress) -> land(store, directory, object, progress));
      }
    }
  }

  private long land(
      ObjectStore store, LandingDirectory directory, ObjectMeta object, ProgressListener progress)
      throws IOException {
    String name = Tree.relative(uri, object.uri());
    if (object.size() == 0 && (name.isEmpty() || name.endsWith("/"))) {
      if (!name.isEmpty()) {
        String marked = name.substring(0, name.length() - 1);
        directory.makeDirectory(object.uri(), SafeName.segments(object.uri(), marked));
      }
      return 0;
    }
    return directory.receive(
        object.uri(),
        SafeName.segments(object.uri(), name),
        sink -> read(store, object.uri(), sink, progress));
  }

  private long read(ObjectStore store, ObjectUri object, ByteSink sink, ProgressListener progress)
      throws IOException {
    return store
        .get(object, sink, version.with(GetOptions.DEFAULT.withRange(range).withProgress(progress)))
        .length();
  }
}
