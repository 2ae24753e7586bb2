package io.s3dlio.internal;

import io.s3dlio.ByteRange;
import io.s3dlio.ByteRange.Span;
import io.s3dlio.BytesView;
import io.s3dlio.GetOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.PreconditionFailedException;
import io.s3dlio.RangesOptions;
import io.s3dlio.RangesResult;
import io.s3dlio.ReadResult;
import io.s3dlio.buffer.Lease;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Reads ranges of one object: those that are near each other in one request, all of them in
 * parallel, into one piece of memory that has no room for what nobody asked for.
 */
public final class Ranges {

  private static final String OPERATION = "getRanges";

  private final Engine engine;
  private final ObjectUri uri;
  private final List<ByteRange> ranges;
  private final RangesOptions options;

  private Ranges(Engine engine, ObjectUri uri, List<ByteRange> ranges, RangesOptions options) {
    this.engine = engine;
    this.uri = uri;
    this.ranges = ranges;
    this.options = options;
  }

  /**
   * Reads ranges.
   *
   * @param engine of the store
   * @param uri the object
   * @param ranges which bytes
   * @param options how
   * @return them, in order; the caller closes it
   * @throws ObjectStoreException what went wrong
   */
  public static RangesResult read(
      Engine engine, ObjectUri uri, List<? extends ByteRange> ranges, RangesOptions options)
      throws ObjectStoreException {
    return new Ranges(engine, uri, List.copyOf(ranges), options).read();
  }

  private RangesResult read() throws ObjectStoreException {
    engine.checkNotInterrupted(OPERATION, uri);
    Optional<List<Span>> known = ranges.isEmpty() ? Optional.empty() : whatIsSaid();
    if (known.isPresent()) {
      return read(known.get(), options.ifMatch(), Optional.empty());
    }
    ObjectMeta meta = engine.call(OPERATION, uri, () -> engine.backend.head(uri));
    if (options.ifMatch().isPresent() && !meta.etag().equals(options.ifMatch())) {
      throw new PreconditionFailedException(
          OPERATION, uri, "the object's ETag is not the one asked for; read it anew", null);
    }
    return read(clipped(ranges, meta.size()), meta.etag(), Optional.of(meta));
  }

  /**
   * The ranges, if no size is needed to tell what they are: both ends are given, and it is not more
   * than there can be memory for.
   */
  private Optional<List<Span>> whatIsSaid() {
    List<Span> spans = new ArrayList<>(ranges.size());
    for (ByteRange range : ranges) {
      if (!(range instanceof ByteRange.Bounded bounded)) {
        return Optional.empty();
      }
      spans.add(new Span(bounded.offset(), bounded.length()));
    }
    boolean fits = PackedRanges.of(spans).size() <= engine.pool().limit();
    return fits ? Optional.of(spans) : Optional.empty();
  }

  private List<Span> clipped(List<ByteRange> wanted, long size) throws ObjectStoreException {
    List<Span> spans = new ArrayList<>(wanted.size());
    for (int i = 0; i < wanted.size(); i++) {
      Optional<Span> span = wanted.get(i).resolve(size);
      if (span.isEmpty()) {
        throw new ObjectStoreException(
            Kind.RANGE_NOT_SATISFIABLE,
            OPERATION,
            uri,
            "range " + i + " (" + wanted.get(i) + ") selects no byte of " + size,
            null);
      }
      spans.add(span.get());
    }
    return spans;
  }

  private RangesResult read(List<Span> spans, Optional<String> pin, Optional<ObjectMeta> headed)
      throws ObjectStoreException {
    PackedRanges packed = PackedRanges.of(spans);
    List<Span> requests = packed.requests(options.maxGap(), options.maxRequest());
    AtomicReference<ObjectMeta> meta = new AtomicReference<>(headed.orElse(null));
    try (Lease memory = engine.memory(OPERATION, uri, packed.size())) {
      engine.parallel(
          requests.size(),
          (index, scope) -> {
            Span request = requests.get(index);
            GetOptions get =
                new GetOptions(
                    ByteRange.of(request.offset(), request.length()),
                    pin,
                    Optional.empty(),
                    options.progress());
            ReadResult read =
                Download.toSink(
                    scope, engine, OPERATION, uri, packed.sink(request, memory.sink()), get);
            if (!meta.compareAndSet(null, read.meta())) {
              checkSame(meta.get(), read.meta());
            }
          });
      // Of ranges that reach beyond the end there is less than was thought.
      List<Span> there = clipped(ranges, meta.get().size());
      return new RangesResult(meta.get(), slices(memory, packed, there));
    }
  }

  private void checkSame(ObjectMeta one, ObjectMeta other) throws PreconditionFailedException {
    if (!one.etag().equals(other.etag()) || one.size() != other.size()) {
      throw new PreconditionFailedException(
          OPERATION, uri, "the object was replaced while it was read; read it again", null);
    }
  }

  private static List<BytesView> slices(Lease memory, PackedRanges packed, List<Span> spans) {
    List<BytesView> views = new ArrayList<>(spans.size());
    try (BytesView all = memory.freeze()) {
      for (Span span : spans) {
        views.add(all.slice(packed.position(span), span.length()));
      }
      return views;
    }
  }
}
