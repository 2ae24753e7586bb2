package io.s3dlio.cli;

import io.s3dlio.ByteRange;
import io.s3dlio.ByteSinks;
import io.s3dlio.GetOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectUri;
import io.s3dlio.ProgressListener;
import io.s3dlio.cli.ContentCheck.Wanted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Spliterators;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code get}. */
@Command(
    name = "get",
    description = {"Reads objects and keeps nothing: measures, and with --verify proves.", ""},
    customSynopsis = {
      "s3dlio get URI [-r] [-j JOBS] [--verify] [--range OFFSET:LENGTH]",
      "                  [--gen TEXT | --manifest FILE]"
    },
    footer = {
      "",
      "With -r, the object that URI names, if there is one, and all below URI/.",
      "",
      "--verify makes the bytes that `s3dlio put` wrote once more and compares: it finds a flipped bit,",
      "a truncated, an extended and a renamed object, and ends with status 3. What an object should",
      "hold stands in its user metadata s3dlio-gen; --gen gives the text that put printed where a",
      "store keeps no metadata, and each object's own key is put into it. With --manifest, the objects",
      "are those that the file lists and that lie below URI, so that missing and stale ones are found",
      "too, and bytes of another object are called by its key, but for files of put --format.",
      "`s3dlio download` and `s3dlio cat` keep what they read.",
      "",
      "Examples:",
      "  s3dlio get -r -j 64 s3://bucket/data/",
      "  s3dlio get -r --verify s3://bucket/data/",
      "  s3dlio get --verify --manifest data.jsonl s3://bucket/data/"
    })
final class GetCommand implements Callable<Integer> {

  @ParentCommand private Root root;

  @Option(names = "-r", description = "All objects below URI too.")
  private boolean recursive;

  @Option(
      names = "-j",
      paramLabel = "JOBS",
      converter = Arguments.JobCount.class,
      description = "Objects in flight at a time, 1 to 4096; ${DEFAULT-VALUE} if not given.")
  private int jobs = 16;

  @Option(names = "--verify", description = "Check that the bytes are those that put wrote.")
  private boolean verify;

  @Option(
      names = "--range",
      paramLabel = "OFFSET:LENGTH",
      description = "Only these bytes of each object; without LENGTH, to the end.")
  private ByteRange range = ByteRange.WHOLE;

  @Option(
      names = "--gen",
      paramLabel = "TEXT",
      description = "What the objects should hold, as put printed it.")
  private String gen;

  @Option(
      names = "--manifest",
      paramLabel = "FILE",
      description = "Which objects there are, and what they should hold, as put wrote it.")
  private Path manifestFile;

  @Parameters(paramLabel = "URI", description = "The object, or what it lies below.")
  private ObjectUri uri;

  @Override
  public Integer call() throws IOException {
    Arguments.requireBucket(uri);
    if (!recursive && manifestFile == null) {
      Arguments.requireObject(uri);
    }
    if (!verify && (gen != null || manifestFile != null)) {
      throw CommandException.usage("--gen and --manifest say what to check; add --verify");
    }
    if (gen != null && manifestFile != null) {
      throw CommandException.usage("--gen and --manifest exclude each other");
    }
    Optional<SyntheticFile> common = common();
    try (ObjectStore store = root.open(uri, jobs);
        Stream<Wanted> wanted = wanted(store);
        Transfer transfer = new Transfer(root, "get", jobs, OptionalLong.empty())) {
      ContentCheck check =
          new ContentCheck(
              store, range, common, Optional.ofNullable(manifestFile).map(Manifest.Lookup::new));
      Iterator<Wanted> objects = wanted.iterator();
      if (!objects.hasNext()) {
        transfer.failed(CommandException.failed("there is no object below " + uri));
      }
      transfer.<Wanted>run(
          objects,
          (object, progress) ->
              verify ? check.check(object, progress) : read(store, object, progress));
      return transfer.finish();
    }
  }

  private long read(ObjectStore store, Wanted object, ProgressListener progress)
      throws IOException {
    GetOptions options = GetOptions.DEFAULT.withRange(range).withProgress(progress);
    return store.get(object.uri(), ByteSinks.nowhere(), options).length();
  }

  private Optional<SyntheticFile> common() throws CommandException {
    try {
      return Optional.ofNullable(gen).map(SyntheticFile::parse);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("--gen: " + e.getMessage());
    }
  }

  private Stream<Wanted> wanted(ObjectStore store) throws IOException {
    if (manifestFile != null) {
      return listedInManifest();
    }
    if (recursive) {
      return Tree.list(store, uri).map(GetCommand::listed);
    }
    return Stream.of(new Wanted(uri, OptionalLong.empty(), Optional.empty()));
  }

  private static Wanted listed(ObjectMeta object) {
    return new Wanted(object.uri(), OptionalLong.of(object.size()), Optional.empty());
  }

  private Stream<Wanted> listedInManifest() throws IOException {
    Manifest.Reader manifest = new Manifest.Reader(manifestFile);
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(manifest, 0), false)
        .filter(object -> Tree.contains(uri, object.key()))
        .map(
            object ->
                new Wanted(uri.withKey(object.key()), OptionalLong.empty(), Optional.of(object)))
        .onClose(() -> close(manifest));
  }

  private static void close(Manifest.Reader manifest) {
    try {
      manifest.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
