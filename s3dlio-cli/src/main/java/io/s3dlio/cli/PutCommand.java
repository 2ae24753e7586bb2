package io.s3dlio.cli;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectUri;
import io.s3dlio.ProgressListener;
import io.s3dlio.PutMode;
import io.s3dlio.PutOptions;
import io.s3dlio.datagen.GeneratorPool;
import io.s3dlio.datagen.GeneratorRing;
import io.s3dlio.datagen.GeneratorSpec;
import io.s3dlio.formats.FileFormat;
import io.s3dlio.platform.SystemInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code put}. */
@Command(
    name = "put",
    description = {"Writes synthetic objects, each different, that get --verify can check.", ""},
    customSynopsis = {
      "s3dlio put PREFIX -n COUNT -s SIZE [-j JOBS] [--seed N] [-x RATIO] [-d RATIO]",
      "                  [--dedup-block SIZE] [--dedup-scope WHERE] [--threads N] [--numa NODE]",
      "                  [--format FORMAT] [-t TEMPLATE] [--if-absent] [--manifest FILE]",
      "                  [--tag NAME=VALUE]..."
    },
    footer = {
      "",
      "The objects lie below PREFIX; their bytes depend on seed, ratios, key and offset alone (with",
      "--dedup-scope dataset, on the object's number in place of its key). What it takes to check",
      "one goes with it as user metadata s3dlio-gen (on file:// and direct://, the extended attribute",
      "user.s3dlio-gen); where a store keeps no metadata, the text for get --verify --gen is printed.",
      "",
      "FORMAT puts the data into a file that loaders read:",
      "  npz                    NumPy's: the data as bytes in array x, and one label in array y;",
      "                         made once more, for a checksum in front of it",
      "  hdf5                   the data as bytes in dataset records, and one label in labels",
      "  tfrecord[:BYTES]       TensorFlow's: records of so many bytes, 131072 if not given",
      "  parquet[:COLUMNSxROWS] columns of 32-bit floats, in row groups of ROWS rows; 16x65536",
      "                         if not given; -s must be a whole number of rows",
      "",
      "The manifest has a line of JSON for each object that was written: {\"key\",\"size\",\"gen\"}.",
      "",
      "Examples:",
      "  s3dlio put s3://bucket/data/ -n 1000 -s 8MiB -j 32",
      "  s3dlio put file:///mnt/x -n 10K -s 64KiB -t 'shard-{}.bin' --seed 7 --manifest x.jsonl",
      "  s3dlio put s3://bucket/data/ -n 100 -s 1GiB -x 2 -d 1.5",
      "  s3dlio put s3://bucket/unet3d/ -n 100 -s 140MiB --format npz -t 'case_{}.npz'"
    })
final class PutCommand implements Callable<Integer> {

  @ParentCommand private Root root;

  @Option(
      names = "-n",
      required = true,
      paramLabel = "COUNT",
      converter = Arguments.Count.class,
      description = "How many objects; 10K is 10,000.")
  private long count;

  @Option(
      names = "-s",
      required = true,
      paramLabel = "SIZE",
      converter = Arguments.Size.class,
      description = "Bytes of each object; with --format, of the data in it.")
  private long size;

  @Option(
      names = "-j",
      paramLabel = "JOBS",
      converter = Arguments.JobCount.class,
      description = "Objects in flight at a time, 1 to 4096; ${DEFAULT-VALUE} if not given.")
  private int jobs = 16;

  @Mixin private DataOptions data;

  @Mixin private WorkerOptions workers;

  @Mixin private TagOptions tags;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      converter = Arguments.Format.class,
      description =
          "What is around the data: raw (nothing, if not given), npz, hdf5, tfrecord or parquet; see"
              + " below.")
  private FileFormat format = FileFormat.RAW;

  @Option(
      names = "-t",
      paramLabel = "TEMPLATE",
      description =
          "Names of the objects: the first {} is the object's number, from 0 and padded so that"
              + " names list in order, the second {} is COUNT; ${DEFAULT-VALUE} if not given.")
  private String template = KeyTemplate.DEFAULT;

  @Option(names = "--if-absent", description = "Do not overwrite: an object that is there fails.")
  private boolean ifAbsent;

  @Option(
      names = "--manifest",
      paramLabel = "FILE",
      description = "Write down what was written, for get --verify --manifest.")
  private Path manifestFile;

  @Parameters(paramLabel = "PREFIX", description = "What the objects lie below.")
  private ObjectUri prefix;

  @Override
  public Integer call() throws IOException {
    Arguments.requireBucket(prefix);
    KeyTemplate names;
    try {
      names = new KeyTemplate(template, count);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e.getMessage());
    }
    GeneratorSpec spec = data.spec(count, size);
    SyntheticFile first;
    try {
      first = file(spec, names, 0);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e.getMessage());
    }
    Iterator<SyntheticFile> files =
        LongStream.range(0, count).mapToObj(i -> file(spec, names, i)).iterator();
    try (GeneratorPool pool = workers.open(root.output());
        ObjectStore store = root.open(prefix, jobs);
        GeneratorRing ring = new GeneratorRing(pool, store.pool());
        Manifest.Writer manifest = manifestFile == null ? null : new Manifest.Writer(manifestFile);
        Transfer transfer = new Transfer(root, "put", jobs, total(first))) {
      transfer.<GeneratorRing.Source<SyntheticFile>>run(
          ring.openAll(files, store.requestSize(prefix.withKey(first.key()), first.size())),
          (source, progress) -> put(store, source, manifest, progress));
      data.tellSeed(root.output(), spec);
      if (!store.capabilities().userMetadata() && transfer.summary().objects() > 0) {
        tellHowToCheck(first);
      }
      if (!root.isVerbose()) {
        return transfer.finish();
      }
      GeneratorUse use =
          new GeneratorUse(ring.load(), transfer.summary(), SystemInfo.current().usableCpus());
      int status = transfer.finish(use::write);
      if (!root.output().isJson()) {
        root.output().line(use.toString());
      }
      return status;
    }
  }

  private SyntheticFile file(GeneratorSpec spec, KeyTemplate names, long i) {
    return new SyntheticFile(spec.object(prefix.resolve(names.name(i)).key(), size, i), format);
  }

  /** All files are of one size. */
  private OptionalLong total(SyntheticFile any) {
    return any.size() > 0 && count > Long.MAX_VALUE / any.size()
        ? OptionalLong.empty()
        : OptionalLong.of(count * any.size());
  }

  private long put(
      ObjectStore store,
      GeneratorRing.Source<SyntheticFile> source,
      Manifest.Writer manifest,
      ProgressListener progress)
      throws IOException {
    SyntheticFile object = source.object();
    PutOptions options = tags.with(PutOptions.DEFAULT.withProgress(progress));
    if (ifAbsent) {
      options = options.withMode(PutMode.CREATE);
    }
    if (store.capabilities().userMetadata()) {
      options = options.withUserMetadata(Map.of(ContentCheck.METADATA, object.toText()));
    }
    try (source) {
      store.put(prefix.withKey(object.key()), source, options);
    }
    if (manifest != null) {
      manifest.add(object);
    }
    return object.size();
  }

  /** One text serves all, if get may put each object's own key into it. */
  private void tellHowToCheck(SyntheticFile any) throws IOException {
    String text =
        "this store keeps no metadata; to check: "
            + (data.sharesBlocks()
                ? "put them with --manifest FILE, then s3dlio get --verify --manifest FILE "
                : "s3dlio get -r --verify --gen '" + any.toText() + "' ")
            + prefix;
    if (root.output().isJson()) {
      root.output().note(text);
    } else {
      root.output().line(text);
    }
  }
}
