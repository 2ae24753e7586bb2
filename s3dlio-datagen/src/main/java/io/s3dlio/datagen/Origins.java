package io.s3dlio.datagen;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Tells whose bytes were found, by the tags in them.
 *
 * <p>Any 16 bytes are a tag of something. What makes it one is that the bytes behind it are those
 * of the unit that it names. Not thread-safe.
 */
final class Origins {

  /** What is looked through in one check, so that a lot of garbage does not take long. */
  private static final int MAX_PLACES = 1 << 20;

  /** Bytes that have to be right behind a tag. */
  private static final int PROOF = 8;

  /** A data set, and the objects in it that are known. */
  private record Known(GeneratedObject any, Map<Long, GeneratedObject> objects) {}

  private final GeneratedObject expected;
  private final List<Known> dataSets = new ArrayList<>();
  private final Kernel kernel = new ScalarKernel();
  private final byte[] row = new byte[Kernel.ROW];
  private int places;

  /**
   * What is to be recognised.
   *
   * @param expected the object that is checked: all of its data set is recognised
   * @param others other objects, of any data set
   */
  Origins(GeneratedObject expected, Collection<GeneratedObject> others) {
    this.expected = expected;
    Map<GeneratorSpec, Known> bySpec = new HashMap<>();
    add(expected, bySpec);
    others.forEach(object -> add(object, bySpec));
  }

  private void add(GeneratedObject object, Map<GeneratorSpec, Known> bySpec) {
    Known known = bySpec.get(object.spec());
    if (known == null) {
      known = new Known(object, new HashMap<>());
      bySpec.put(object.spec(), known);
      dataSets.add(known);
    }
    if (!object.spec().sharesBlocks()) {
      known.objects.putIfAbsent(object.id(), object);
    }
  }

  /** The first bytes up to the buffer's limit that belong elsewhere. */
  Optional<Misplaced> find(long offset, ByteBuffer bytes) {
    ByteBuffer src = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int end = src.limit() - 2 * Long.BYTES - PROOF;
    for (int at = src.position(); at <= end && places < MAX_PLACES; at++, places++) {
      long tag0 = src.getLong(at);
      long tag1 = src.getLong(at + Long.BYTES);
      for (Known known : dataSets) {
        Optional<Misplaced> found =
            identify(known, tag0, tag1, offset + at - src.position(), src, at);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Misplaced> identify(
      Known known, long tag0, long tag1, long offset, ByteBuffer src, int at) {
    DataSetKey dataSet = known.any.dataSet();
    long unit = dataSet.unitOf(tag0, tag1);
    OptionalLong original = known.any.firstOffset(unit);
    if (original.isEmpty()) {
      return Optional.empty();
    }
    long id = dataSet.objectOf(tag0, tag1);
    boolean inPlace =
        known.any == expected
            && id == expected.id()
            && offset % expected.shape().unit() == 0
            && unit == expected.unitAt(offset);
    if (inPlace || !isUnit(dataSet.stream(id), unit, known.any.shape(), src, at)) {
      return Optional.empty();
    }
    return Optional.of(
        new Misplaced(
            offset, Optional.ofNullable(known.objects.get(id)), id, original.getAsLong()));
  }

  /** Whether the bytes behind a tag are those of its unit. */
  private boolean isUnit(StreamKey stream, long unit, Shape shape, ByteBuffer src, int at) {
    kernel.seed(stream, unit);
    kernel.make(1, row, 0);
    int end = Math.min(Math.min(row.length, shape.head()), src.limit() - at);
    for (int i = 2 * Long.BYTES; i < end; i++) {
      if (row[i] != src.get(at + i)) {
        return false;
      }
    }
    return true;
  }
}
