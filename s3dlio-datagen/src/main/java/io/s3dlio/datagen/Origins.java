package io.s3dlio.datagen;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Tells whose bytes were found, by the tags in them.
 *
 * <p>Any 16 bytes are a tag of something. What makes it one is that the bytes behind it are those
 * of the unit that it names. Not thread-safe.
 */
final class Origins {

  /** What is looked through in one check, so that a lot of garbage does not take long. */
  private static final int MAX_PLACES = 1 << 20;

  private static final int TAG = 2 * Long.BYTES;

  /** A tag, and the bytes that have to be right behind it. */
  static final int PROOF = TAG + 8;

  /**
   * A data set.
   *
   * @param objects those that are known
   */
  private record Known(
      GeneratorSpec spec, DataSetKey key, Shape shape, List<GeneratedObject> objects) {

    static Known of(GeneratorSpec spec) {
      return new Known(spec, DataSetKey.of(spec), Shape.of(spec), new ArrayList<>());
    }
  }

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
      known = Known.of(object.spec());
      bySpec.put(object.spec(), known);
      dataSets.add(known);
    }
    known.objects.add(object);
  }

  /** The first bytes up to the buffer's limit that belong elsewhere. */
  Optional<Misplaced> find(long offset, ByteBuffer bytes) {
    ByteBuffer src = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int end = src.limit() - PROOF;
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
    long unit = known.key.unitOf(tag0, tag1);
    if (unit < 0 || unit > Long.MAX_VALUE / known.shape.unit()) {
      return Optional.empty();
    }
    long id = known.key.objectOf(tag0, tag1);
    boolean inPlace =
        id == expected.id()
            && known.spec.equals(expected.spec())
            && expected.has(unit, PROOF, offset);
    return inPlace || !isUnit(known.key.stream(id), unit, known.shape, src, at)
        ? Optional.empty()
        : origin(known, id, unit, offset);
  }

  /** Whether the bytes behind a tag are those of its unit. */
  private boolean isUnit(StreamKey stream, long unit, Shape shape, ByteBuffer src, int at) {
    kernel.seed(stream, unit);
    kernel.make(1, row, 0);
    int end = Math.min(Math.min(row.length, shape.head()), src.limit() - at);
    for (int i = TAG; i < end; i++) {
      if (row[i] != src.get(at + i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whose bytes they are; of several objects, one that has them at the same offset, as one that was
   * swapped with the expected one does.
   */
  private Optional<Misplaced> origin(Known known, long id, long unit, long offset) {
    Stream<Misplaced> named =
        known.objects.stream()
            .filter(object -> object.id() == id)
            .flatMap(object -> in(object, Optional.of(object), unit, offset));
    return Stream.concat(named, unnamed(known, id, unit, offset))
        .min(Comparator.comparing(found -> found.originalOffset() != offset));
  }

  /** Of objects of which only the number is known. */
  private Stream<Misplaced> unnamed(Known known, long id, long unit, long offset) {
    GeneratorSpec spec = known.spec;
    if (spec.sharesBlocks()) {
      return sharing(spec, unit / (spec.dedupBlock() / known.shape.unit()))
          .flatMap(object -> in(object, Optional.empty(), unit, offset));
    }
    if (id == expected.id() && spec.equals(expected.spec())) {
      return Stream.empty(); // of this key there is only the expected object
    }
    return spec.object("", Long.MAX_VALUE).firstOffset(unit, PROOF).stream()
        .mapToObj(at -> new Misplaced(offset, Optional.empty(), spec, id, at));
  }

  /** Objects that may have a block, without their keys. */
  private static Stream<GeneratedObject> sharing(GeneratorSpec spec, long block) {
    DedupScope.DataSet all = (DedupScope.DataSet) spec.dedupScope();
    long size = all.objectSize();
    long ratio = GeneratorSpec.millionths(spec.dedup());
    return DataSetDedup.sharing(all.objects(), size / spec.dedupBlock(), ratio, block)
        .mapToObj(index -> spec.object("", size, index));
  }

  private static Stream<Misplaced> in(
      GeneratedObject object, Optional<GeneratedObject> named, long unit, long offset) {
    LongStream place =
        object.has(unit, PROOF, offset)
            ? LongStream.of(offset)
            : object.firstOffset(unit, PROOF).stream();
    return place.mapToObj(
        at -> new Misplaced(offset, named, object.spec(), Misplaced.number(object), at));
  }
}
