package io.s3dlio.cli;

import io.s3dlio.ByteRange;
import io.s3dlio.Capabilities;
import io.s3dlio.ListEntry;
import io.s3dlio.ListOptions;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectUri;
import io.s3dlio.ProgressListener;
import io.s3dlio.PutMode;
import io.s3dlio.PutOptions;
import io.s3dlio.cli.ContentCheck.Wanted;
import io.s3dlio.datagen.GeneratedObject;
import io.s3dlio.datagen.GeneratorSpec;
import io.s3dlio.formats.FileFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;

/** Whether a store can be written, listed, read and deleted from. */
final class StoreCheck {

  private static final long SIZE = 1 << 20;

  private final Checkup checkup;
  private final ObjectStore store;
  private final ObjectUri object;
  private final GeneratedObject content;

  /** A check with one object of a new name below a URI. */
  StoreCheck(Checkup checkup, ObjectStore store, ObjectUri uri) {
    this.checkup = checkup;
    this.store = store;
    this.object = uri.resolve("s3dlio-doctor-" + UUID.randomUUID());
    this.content = GeneratorSpec.random().object(object.key(), SIZE);
  }

  private interface Step {
    void run() throws IOException;
  }

  void run() throws IOException {
    Capabilities can = store.capabilities();
    checkup.ok(
        "store",
        "create-if-absent "
            + yes(can.createIfAbsent())
            + ", if-match "
            + yes(can.ifMatch())
            + ", metadata "
            + yes(can.userMetadata())
            + ", checksums "
            + yes(can.checksums()));
    if (!passes("put", "1 MiB to " + object, this::put)) {
      return;
    }
    passes("list", "finds it", this::list);
    passes("get", "the same bytes come back", () -> get(ByteRange.WHOLE));
    passes("get range", "the right bytes come back", () -> get(ByteRange.of(SIZE / 2, 1000)));
    passes("delete", "and it is gone", this::delete);
  }

  private boolean passes(String name, String detail, Step step) throws IOException {
    long start = System.nanoTime();
    try {
      step.run();
    } catch (IOException | UncheckedIOException e) {
      checkup.fail(name, Messages.of(e));
      return false;
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    checkup.ok(name, detail + " (" + EndpointCheck.millis(took) + ")");
    return true;
  }

  private void put() throws IOException {
    PutMode mode = store.capabilities().createIfAbsent() ? PutMode.CREATE : PutMode.OVERWRITE;
    store.put(object, content, PutOptions.DEFAULT.withMode(mode));
  }

  private void list() throws IOException {
    try (Stream<ListEntry> found = store.list(object, ListOptions.ALL)) {
      if (found.noneMatch(entry -> entry.uri().equals(object))) {
        throw CommandException.failed(object + " was written, but is not listed");
      }
    }
  }

  private void get(ByteRange range) throws IOException {
    new ContentCheck(
            store, range, Optional.of(new SyntheticFile(content, FileFormat.RAW)), Optional.empty())
        .check(new Wanted(object, OptionalLong.empty(), Optional.empty()), ProgressListener.NONE);
  }

  private void delete() throws IOException {
    store.delete(object);
    if (store.exists(object)) {
      throw CommandException.failed(object + " was deleted, but is still there");
    }
  }

  private static String yes(boolean can) {
    return can ? "yes" : "no";
  }
}
