package io.s3dlio.cli;

import io.s3dlio.ByteRange;
import io.s3dlio.ByteRange.Span;
import io.s3dlio.ByteSink;
import io.s3dlio.GetOptions;
import io.s3dlio.GetResult;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectNotFoundException;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.ProgressListener;
import io.s3dlio.datagen.CheckResult;
import io.s3dlio.datagen.CheckingSink;
import io.s3dlio.datagen.Misplaced;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads objects and compares them with what {@code put} wrote. Thread-safe. */
final class ContentCheck {

  /** The user metadata in which an object's description is. */
  static final String METADATA = "s3dlio-gen";

  /**
   * An object known to be no larger is read with one request, into memory, as its description comes
   * with it. Of others it is asked for first, and the bytes are checked as they arrive.
   */
  private static final long SMALL = 4 << 20;

  private final ObjectStore store;
  private final ByteRange range;
  private final Optional<SyntheticFile> common;
  private final Optional<Manifest.Lookup> manifest;

  /**
   * A check of objects in a store.
   *
   * @param common describes all objects but for their keys, in place of their own descriptions
   * @param manifest knows the keys of objects whose bytes are found elsewhere
   */
  ContentCheck(
      ObjectStore store,
      ByteRange range,
      Optional<SyntheticFile> common,
      Optional<Manifest.Lookup> manifest) {
    this.store = store;
    this.range = range;
    this.common = common;
    this.manifest = manifest;
  }

  /**
   * What is to be checked.
   *
   * @param uri the object
   * @param size in bytes, where it is known
   * @param listed what a manifest says of it
   */
  record Wanted(ObjectUri uri, OptionalLong size, Optional<SyntheticFile> listed) {}

  /** What was read, and what it should be. */
  private record Finding(
      ObjectMeta meta, SyntheticFile expected, CheckResult result, boolean whole) {}

  /** Returns how many bytes were read and found right; what is wrong is thrown. */
  long check(Wanted wanted, ProgressListener progress) throws IOException {
    GetOptions options = GetOptions.DEFAULT.withRange(range).withProgress(progress);
    Finding finding;
    try {
      finding =
          wanted.size().isPresent() && wanted.size().getAsLong() <= SMALL
              ? readAtOnce(wanted, options)
              : readInParts(wanted, options);
    } catch (ObjectNotFoundException e) {
      throw wanted.listed().isPresent()
          ? CommandException.wrongData(wanted.uri() + " is missing: the manifest has it")
          : e;
    }
    judge(finding, wanted);
    return finding.result.checkedBytes();
  }

  private Finding readAtOnce(Wanted wanted, GetOptions options) throws IOException {
    try (GetResult read = store.get(wanted.uri(), options)) {
      SyntheticFile expected = expected(wanted, read.meta());
      CheckingSink sink = new CheckingSink(expected.bytes());
      if (isHopeless(read.meta(), expected)) {
        return finding(read.meta(), expected, sink);
      }
      long at = read.offset();
      for (ByteBuffer piece : read.bytes().asByteBuffers()) {
        int length = piece.remaining();
        sink.write(at, piece);
        at += length;
      }
      return finding(read.meta(), expected, sink);
    }
  }

  private Finding readInParts(Wanted wanted, GetOptions options) throws IOException {
    ObjectMeta meta = store.head(wanted.uri());
    SyntheticFile expected = expected(wanted, meta);
    CheckingSink sink = new CheckingSink(expected.bytes());
    if (isHopeless(meta, expected)) {
      return finding(meta, expected, sink);
    }
    long start = range.resolve(meta.size()).map(Span::offset).orElse(0L);
    ByteSink shifted = (offset, src) -> sink.write(start + offset, src);
    GetOptions pinned = meta.etag().map(options::withIfMatch).orElse(options);
    try {
      store.get(wanted.uri(), shifted, pinned);
    } catch (ObjectStoreException e) {
      if (e.kind() != Kind.CHECKSUM_MISMATCH || sink.result().isRight()) {
        throw e;
      }
    }
    return finding(meta, expected, sink);
  }

  /**
   * Whether there is nothing to compare: what is around the data depends on its size, and to make
   * it may cost as much as that says.
   */
  private static boolean isHopeless(ObjectMeta meta, SyntheticFile expected) {
    return !expected.isPlain() && meta.size() != expected.size();
  }

  private Finding finding(ObjectMeta meta, SyntheticFile expected, CheckingSink sink) {
    return new Finding(meta, expected, named(sink.result()), range.equals(ByteRange.WHOLE));
  }

  /** Calls an object whose bytes were found by its key, where the manifest has it. */
  private CheckResult named(CheckResult result) {
    Optional<Misplaced> found = result.misplaced();
    if (found.isEmpty() || found.get().object().isPresent() || manifest.isEmpty()) {
      return result;
    }
    return new CheckResult(
        result.checkedBytes(),
        result.wrongBytes(),
        result.missingBytes(),
        result.firstWrongOffset(),
        manifest.get().find(found.get()).or(() -> found));
  }

  private SyntheticFile expected(Wanted wanted, ObjectMeta meta) throws CommandException {
    if (wanted.listed().isPresent()) {
      return wanted.listed().get();
    }
    if (common.isPresent()) {
      return common(wanted.uri().key(), common.get());
    }
    String text = meta.userMetadata().get(METADATA);
    if (text == null) {
      throw CommandException.failed(
          wanted.uri()
              + " cannot be checked: it has no metadata "
              + METADATA
              + "; it was not written by `s3dlio put`, or lost it. --gen or --manifest tell what it"
              + " should be");
    }
    try {
      return SyntheticFile.parse(text);
    } catch (IllegalArgumentException e) {
      throw CommandException.failed(
          wanted.uri() + " cannot be checked by its metadata " + METADATA + ": " + e.getMessage());
    }
  }

  private static SyntheticFile common(String key, SyntheticFile any) throws CommandException {
    try {
      return any.withKey(key);
    } catch (IllegalArgumentException e) {
      throw CommandException.failed(
          "--gen cannot say what " + key + " should be, --manifest can: " + e.getMessage());
    }
  }

  private static void judge(Finding finding, Wanted wanted) throws CommandException {
    String damage = damage(finding);
    if (damage != null && wanted.listed().isPresent()) {
      String own = finding.meta.userMetadata().get(METADATA);
      if (own != null && !own.equals(finding.expected.toText())) {
        throw CommandException.wrongData(
            wanted.uri()
                + " is stale: the manifest says "
                + finding.expected.toText()
                + ", the object says "
                + own
                + "; against the manifest it "
                + damage);
      }
    }
    boolean renamed = !finding.expected.key().equals(wanted.uri().key());
    if (renamed) {
      String origin = " a renamed copy of '" + finding.expected.key() + "'";
      throw CommandException.wrongData(
          damage == null
              ? wanted.uri() + " is" + origin
              : wanted.uri() + " says it is" + origin + ", and it " + damage);
    }
    if (damage != null) {
      throw CommandException.wrongData(wanted.uri() + " " + damage);
    }
  }

  private static String damage(Finding finding) {
    return damage(finding.meta.size(), finding.expected.size(), finding.result, finding.whole);
  }

  /**
   * What is wrong with bytes, as the end of a sentence; null if nothing is.
   *
   * @param size bytes that there are
   * @param due bytes that there should be
   * @param result what the check found
   * @param whole whether all were to be checked, and not a range
   */
  static String damage(long size, long due, CheckResult result, boolean whole) {
    long wrong = result.wrongBytes() - Math.max(0, whole ? size - due : 0);
    String bytes =
        wrong <= 0
            ? ""
            : String.format(
                "%,d of %,d bytes are wrong, the first at offset %,d%s",
                wrong,
                result.checkedBytes(),
                result.firstWrongOffset().orElseThrow(),
                result.misplaced().map(found -> "; " + found).orElse(""));
    if (size < due) {
      return String.format("is truncated: %,d of %,d bytes", size, due) + also(bytes);
    }
    if (size > due) {
      return String.format("is extended: %,d bytes instead of %,d", size, due) + also(bytes);
    }
    if (whole && result.missingBytes() > 0) {
      return String.format("came without %,d of its bytes", result.missingBytes()) + also(bytes);
    }
    return bytes.isEmpty() ? null : "is damaged: " + bytes;
  }

  private static String also(String bytes) {
    return bytes.isEmpty() ? "" : "; " + bytes;
  }
}
