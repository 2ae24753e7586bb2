package io.s3dlio.checkpoint;

import io.s3dlio.ByteRange;
import io.s3dlio.ByteSink;
import io.s3dlio.GetOptions;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.buffer.Lease;
import io.s3dlio.checkpoint.Fetches.Fetch;
import io.s3dlio.checkpoint.Fetches.Section;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Where the bytes of one request land, and what becomes of them: those that are needed in one piece
 * in their destination, and the others in memory of their own, from where they are copied.
 */
final class Landing implements AutoCloseable {

  /** Where memory comes from. */
  interface Budget {
    Lease take(long size) throws ObjectStoreException;
  }

  /**
   * What a section has in one piece in its destination, if that is all that is needed of it.
   *
   * @param begin from where on, in the extent
   * @param end up to where
   * @param target where it goes
   */
  private record Straight(long begin, long end, long target) {

    static Straight of(Section section) {
      BoxCopy copy = section.source().copy();
      long begin = copy.from().next(section.begin());
      long end = copy.from().endBefore(section.end());
      return end <= copy.from().endOf(begin)
          ? new Straight(begin, end, copy.target(begin))
          : new Straight(section.begin(), section.begin(), 0); // nothing is
    }

    long length() {
      return end - begin;
    }
  }

  private final Fetch fetch;
  private final List<Memory> destinations;
  private final Optional<Lease> own;
  private final Memory memory;
  private final Optional<ChunkCrcs> crcs;

  private Landing(
      Fetch fetch,
      List<Memory> destinations,
      Optional<Lease> own,
      Memory memory,
      Optional<ChunkCrcs> crcs) {
    this.fetch = fetch;
    this.destinations = destinations;
    this.own = own;
    this.memory = memory;
    this.crcs = crcs;
  }

  static Landing of(Fetch fetch, List<Memory> destinations, Fetching how, Budget budget)
      throws ObjectStoreException {
    List<Straight> straight = fetch.sections().stream().map(Straight::of).toList();
    long inPlace = straight.stream().mapToLong(Straight::length).sum();
    long rest = fetch.length() - inPlace;
    Optional<Lease> own = rest == 0 ? Optional.empty() : Optional.of(budget.take(rest));
    Memory staging = new Memory(own.map(Lease::buffers).orElse(List.of()));
    List<ByteBuffer> pieces = new ArrayList<>();
    long staged = 0;
    long at = 0;
    for (int i = 0; i < straight.size(); i++) {
      Section section = fetch.sections().get(i);
      Straight part = straight.get(i);
      if (part.length() > 0) {
        long before = part.begin - section.begin() + section.offset() - fetch.offset() - at;
        pieces.addAll(staging.slices(staged, before));
        pieces.addAll(destinations.get(section.plan()).slices(part.target, part.length()));
        staged += before;
        at += before + part.length();
      }
    }
    pieces.addAll(staging.slices(staged, fetch.length() - at));
    Memory memory = new Memory(pieces);
    Optional<ChunkCrcs> crcs =
        how.verify() ? Optional.of(new ChunkCrcs(memory, chunks(fetch, how))) : Optional.empty();
    return new Landing(fetch, destinations, own, memory, crcs);
  }

  /** Where chunks end, and what is between them. */
  private static long[] chunks(Fetch fetch, Fetching how) {
    LongStream.Builder ends = LongStream.builder();
    long end = 0;
    for (Section section : fetch.sections()) {
      long begin = section.offset() - fetch.offset();
      if (begin > end) {
        ends.add(begin);
      }
      end = begin + section.length();
      for (long at = begin + how.chunk(); at < end; at += how.chunk()) {
        ends.add(at);
      }
      ends.add(end);
    }
    return ends.build().toArray();
  }

  /**
   * Makes the request.
   *
   * @throws ObjectStoreException what went wrong; {@link CorruptCheckpointException} if the shard
   *     is too short
   */
  void read(ObjectStore store, String checkpoint, ObjectUri shard) throws ObjectStoreException {
    GetOptions range = GetOptions.DEFAULT.withRange(ByteRange.of(fetch.offset(), fetch.length()));
    ByteSink landed = crcs.isPresent() ? crcs.get() : memory;
    long length;
    try {
      length = store.get(shard, landed, range).length();
    } catch (ObjectStoreException e) {
      if (e.kind() == Kind.RANGE_NOT_SATISFIABLE) {
        throw tooShort(0, checkpoint, shard, e);
      }
      throw e;
    }
    if (length < fetch.length()) {
      throw tooShort(length, checkpoint, shard, null);
    }
  }

  private CorruptCheckpointException tooShort(
      long length, String checkpoint, ObjectUri shard, Exception cause) {
    Section first = fetch.sections().get(0);
    return new CorruptCheckpointException(
        shard,
        "of %s, rank %d, tensor '%s': of the %d bytes at %d there are %d"
            .formatted(
                checkpoint,
                fetch.extent().rank(),
                first.source().part().name(),
                fetch.length(),
                fetch.offset(),
                length),
        cause);
  }

  /**
   * Compares what is needed with its checksums, and puts what is not in its destination there.
   *
   * @throws CorruptCheckpointException if they differ
   */
  void deliver(Fetching how, String checkpoint, ObjectUri shard) throws CorruptCheckpointException {
    for (Section section : fetch.sections()) {
      BoxCopy copy = section.source().copy();
      boolean inPlace = Straight.of(section).length() > 0;
      for (long at = section.begin(); at < section.end(); at += how.chunk()) {
        long end = Math.min(at + how.chunk(), section.end());
        if (copy.from().next(at) >= end) {
          continue; // it lies between what is needed
        }
        long here = section.offset() - fetch.offset() + at - section.begin();
        if (crcs.isPresent()) {
          int index = (int) (at / how.chunk());
          verify(section.source().part(), at, crcs.get().at(here), index, checkpoint, shard);
        }
        if (!inPlace) {
          ByteBuffer bytes = memory.slices(here, end - at).get(0);
          copy.copy(at, end, bytes, at, destinations.get(section.plan()));
        }
      }
    }
  }

  private static void verify(
      TensorPart part, long at, int actual, int chunk, String checkpoint, ObjectUri shard)
      throws CorruptCheckpointException {
    Extent extent = part.extent();
    int written = extent.crc32c()[chunk];
    if (actual != written) {
      throw new CorruptCheckpointException(
          shard,
          "of %s, rank %d, tensor '%s': the CRC-32C of the bytes at %d is %08x and must be %08x"
              .formatted(
                  checkpoint, extent.rank(), part.name(), extent.offset() + at, actual, written),
          null);
    }
  }

  @Override
  public void close() {
    own.ifPresent(Lease::close);
  }
}
