package io.s3dlio.checkpoint;

import io.s3dlio.checkpoint.SlicePlan.ObjectId;
import io.s3dlio.checkpoint.SlicePlan.Source;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * The requests that fetch what some plans need, shard by shard and in the order of the bytes: as
 * few as possible, none with a needless stretch above the limit. Found as they are asked for, since
 * there may be millions.
 */
final class Fetches implements Iterator<Fetches.Fetch> {

  /**
   * A request.
   *
   * @param offset where it begins in the shard
   * @param length its bytes
   * @param sections what is of use in it, in the order of the bytes
   */
  record Fetch(long offset, long length, List<Section> sections) {
    Extent extent() {
      return sections.get(0).source().part().extent();
    }
  }

  /**
   * What a request brings of a source.
   *
   * @param plan whose source it is: an index
   * @param begin where it begins in the source's extent; the first byte of a chunk if it is to be
   *     verified
   * @param end where it ends there
   */
  record Section(int plan, Source source, long begin, long end) {
    /** Where it begins in the shard. */
    long offset() {
      return source.part().extent().offset() + begin;
    }

    long length() {
      return end - begin;
    }
  }

  private record Numbered(int plan, Source source) {
    ObjectId object() {
      return ObjectId.of(source.part());
    }

    long offset() {
      return source.part().extent().offset();
    }
  }

  private final Fetching how;
  private final Iterator<Numbered> sources;
  private Walk walk;
  private Section pending;

  /**
   * What to fetch.
   *
   * @throws IllegalArgumentException if an extent has not as many checksums as chunks
   */
  Fetches(List<SlicePlan> plans, Fetching how) {
    this.how = how;
    List<Numbered> all = new ArrayList<>();
    for (int i = 0; i < plans.size(); i++) {
      for (Source source : plans.get(i).sources()) {
        check(source.part());
        all.add(new Numbered(i, source));
      }
    }
    all.sort(
        Comparator.comparing((Numbered one) -> one.object().attempt())
            .thenComparing(one -> one.object().rank())
            .thenComparing(Numbered::offset)
            .thenComparing(Numbered::plan));
    sources = all.iterator();
    pending = section();
  }

  private void check(TensorPart part) {
    Extent extent = part.extent();
    long chunks = extent.length() / how.chunk() + (extent.length() % how.chunk() == 0 ? 0 : 1);
    if (how.verify() && extent.crc32c().length != chunks) {
      throw new IllegalArgumentException(
          "'" + part.name() + "' has not one checksum for each " + how.chunk() + " bytes");
    }
  }

  @Override
  public boolean hasNext() {
    return pending != null;
  }

  @Override
  public Fetch next() {
    if (pending == null) {
      throw new NoSuchElementException("there are no more requests");
    }
    List<Section> sections = new ArrayList<>(1);
    long offset = pending.offset();
    long end = offset;
    do {
      sections.add(pending);
      end = pending.offset() + pending.length();
      pending = section();
    } while (pending != null && isNear(sections.get(0), end, pending));
    return new Fetch(offset, end - offset, List.copyOf(sections));
  }

  /** Whether a request that begins with a section and ends here takes another one, too. */
  private boolean isNear(Section first, long end, Section other) {
    return ObjectId.of(first.source().part()).equals(ObjectId.of(other.source().part()))
        && other.offset() >= end
        && other.offset() - end <= how.maxGap()
        && other.offset() + other.length() <= how.limit(first.offset());
  }

  private Section section() {
    while (walk == null || walk.at == Runs.NONE) {
      if (!sources.hasNext()) {
        return null;
      }
      walk = new Walk(sources.next());
    }
    return walk.next();
  }

  /** Goes through the runs of a source. */
  private final class Walk {

    private final Numbered of;
    private final Runs runs;
    private final Runs joined;
    private long at;

    Walk(Numbered of) {
      this.of = of;
      this.runs = of.source.copy().from();
      this.joined = runs.joined(how.join());
      this.at = runs.start();
    }

    /** From the next byte that is needed on, as far as gaps and the size of a request allow. */
    Section next() {
      long begin = how.floor(at);
      long limit = how.limit(begin);
      long length = of.source.part().extent().length();
      long end;
      do {
        long reach = Math.min(joined.endOf(at), limit);
        end = how.ceiling(runs.endBefore(reach), length);
        at = runs.next(end);
      } while (at != Runs.NONE && how.floor(at) - end <= how.maxGap() && how.floor(at) < limit);
      return new Section(of.plan, of.source, begin, end);
    }
  }
}
