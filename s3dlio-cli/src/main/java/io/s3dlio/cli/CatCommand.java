package io.s3dlio.cli;

import io.s3dlio.ByteRange;
import io.s3dlio.ByteRange.Span;
import io.s3dlio.ObjectSource;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectUri;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code cat}. */
@Command(
    name = "cat",
    description = {"Writes an object to standard output.", ""},
    customSynopsis = "s3dlio cat URI [--range OFFSET:LENGTH] [--version-id ID]",
    footer = {
      "",
      "Reads 32 MiB at a time, whatever the object's size is. If the object is replaced meanwhile, it",
      "fails instead of mixing both.",
      "",
      "Examples:",
      "  s3dlio cat s3://bucket/log.gz | zcat",
      "  s3dlio cat --range 1MiB:64KiB s3://bucket/data | xxd | head"
    })
final class CatCommand implements Callable<Integer> {

  /** Enough for parts to be read in parallel. */
  private static final int STEP = 32 << 20;

  @ParentCommand private Root root;

  @Option(
      names = "--range",
      paramLabel = "OFFSET:LENGTH",
      description = "Only these bytes; without LENGTH, to the end.")
  private ByteRange range = ByteRange.WHOLE;

  @Mixin private VersionOption version;

  @Parameters(paramLabel = "URI", description = "The object.")
  private ObjectUri uri;

  @Override
  public Integer call() throws IOException {
    Arguments.requireObject(uri);
    try (ObjectStore store = root.open(uri, 1)) {
      ObjectSource source = version.source(store, uri);
      Span span =
          range
              .resolve(source.size())
              .orElseThrow(
                  () ->
                      CommandException.failed(
                          uri + " has " + source.size() + " bytes, none in this range"));
      ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(STEP, span.length()));
      for (long done = 0; done < span.length(); done += buffer.limit()) {
        buffer.clear().limit((int) Math.min(buffer.capacity(), span.length() - done));
        source.read(span.offset() + done, buffer);
        root.output().bytes(buffer.flip());
      }
    }
    return ExitStatus.DONE;
  }
}
