package io.s3dlio.checkpoint;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import io.s3dlio.safetensors.DType;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * A tensor of random bytes, and the parts in which ranks have saved it, with checksums of few
 * bytes.
 */
final class SavedTensor {

  static final int CHUNK = 16;

  final String name;
  final DType dtype;
  final List<Long> shape;
  final byte[] bytes;
  final List<TensorPart> parts = new ArrayList<>();

  /** Elements that make up whole bytes together. */
  final int unit;

  private SavedTensor(String name, DType dtype, List<Long> shape, Random random) {
    this.name = name;
    this.dtype = dtype;
    this.shape = shape;
    this.unit = unit(dtype);
    this.bytes = new byte[(int) dtype.bytes(array(shape))];
    random.nextBytes(bytes);
  }

  static int unit(DType dtype) {
    int unit = 1;
    while (unit * dtype.bits() % 8 != 0) {
      unit++;
    }
    return unit;
  }

  static long[] array(List<Long> numbers) {
    return numbers.stream().mapToLong(Long::longValue).toArray();
  }

  /** The shards of all ranks that have saved something. */
  static final class Shards {

    final Map<String, ByteArrayOutputStream> bytes = new LinkedHashMap<>();

    private final ObjectUri base;

    Shards(ObjectUri base) {
      this.base = base;
    }

    ObjectUri place(Extent extent) {
      return base.resolve(name(extent.attempt(), extent.rank()));
    }

    private static String name(UUID attempt, int rank) {
      return attempt + "-" + rank;
    }

    Extent add(UUID attempt, int rank, byte[] more, int gap) {
      ByteArrayOutputStream shard =
          bytes.computeIfAbsent(name(attempt, rank), n -> new ByteArrayOutputStream());
      shard.writeBytes(new byte[gap]);
      int offset = shard.size();
      shard.writeBytes(more);
      int[] crcs = new int[(more.length + CHUNK - 1) / CHUNK];
      for (int i = 0; i < crcs.length; i++) {
        CRC32C crc = new CRC32C();
        crc.update(more, i * CHUNK, Math.min(CHUNK, more.length - i * CHUNK));
        crcs[i] = (int) crc.getValue();
      }
      return new Extent(attempt, rank, offset, more.length, crcs, "");
    }

    void save(ObjectStore store) throws ObjectStoreException {
      for (Map.Entry<String, ByteArrayOutputStream> shard : bytes.entrySet()) {
        store.put(base.resolve(shard.getKey()), ByteBuffer.wrap(shard.getValue().toByteArray()));
      }
    }
  }

  /** Saved in these boxes, each by a random rank of a random attempt. */
  static SavedTensor of(
      String name,
      DType dtype,
      List<Long> shape,
      List<TensorSlice> boxes,
      Shards shards,
      Random random) {
    SavedTensor tensor = new SavedTensor(name, dtype, shape, random);
    for (TensorSlice box : boxes) {
      UUID attempt = new UUID(0, random.nextInt(2));
      int rank = random.nextInt(3);
      Extent extent = shards.add(attempt, rank, tensor.slice(box), random.nextInt(40));
      tensor.parts.add(new TensorPart(name, dtype, shape, box, extent));
    }
    return tensor;
  }

  /** Of any shape and layout. */
  static SavedTensor random(String name, Shards shards, Random random) {
    DType dtype = DType.values()[random.nextInt(DType.values().length)];
    int dimensions = random.nextInt(4);
    dimensions = unit(dtype) > 1 ? Math.max(1, dimensions) : dimensions;
    List<Long> units = new ArrayList<>();
    for (int d = 0; d < dimensions; d++) {
      units.add(1L + random.nextInt(random.nextBoolean() ? 4 : 14));
    }
    List<TensorSlice> boxes = new ArrayList<>(tiling(TensorSlice.whole(units), random));
    for (TensorSlice box : List.copyOf(boxes)) {
      for (int copies = random.nextInt(3); copies > 1; copies--) {
        boxes.add(box);
      }
    }
    if (random.nextInt(5) == 0) {
      boxes.add(TensorSlice.whole(units));
    }
    if (dimensions > 0 && random.nextInt(5) == 0) {
      boxes.add(new TensorSlice(units, Collections.nCopies(dimensions, 0L)));
    }
    Collections.shuffle(boxes, random);
    int unit = unit(dtype);
    return of(
        name,
        dtype,
        scaled(units, unit),
        boxes.stream().map(box -> scaled(box, unit)).toList(),
        shards,
        random);
  }

  /** Cuts a box, and what comes of it, at random places. */
  static List<TensorSlice> tiling(TensorSlice whole, Random random) {
    List<TensorSlice> boxes = new ArrayList<>(List.of(whole));
    for (int cuts = random.nextInt(9); cuts > 0; cuts--) {
      TensorSlice box = boxes.get(random.nextInt(boxes.size()));
      int d = box.shape().isEmpty() ? 0 : random.nextInt(box.shape().size());
      if (!box.shape().isEmpty() && box.shape().get(d) > 1) {
        long at = 1L + random.nextInt((int) (box.shape().get(d) - 1));
        boxes.remove(box);
        boxes.add(part(box, d, 0, at));
        boxes.add(part(box, d, at, box.shape().get(d) - at));
      }
    }
    return boxes;
  }

  private static TensorSlice part(TensorSlice box, int d, long begin, long size) {
    List<Long> offsets = new ArrayList<>(box.offsets());
    List<Long> shape = new ArrayList<>(box.shape());
    offsets.set(d, offsets.get(d) + begin);
    shape.set(d, size);
    return new TensorSlice(offsets, shape);
  }

  private static TensorSlice scaled(TensorSlice box, int unit) {
    return new TensorSlice(scaled(box.offsets(), unit), scaled(box.shape(), unit));
  }

  private static List<Long> scaled(List<Long> numbers, int unit) {
    List<Long> scaled = new ArrayList<>(numbers);
    if (unit > 1) {
      scaled.set(scaled.size() - 1, unit * scaled.get(scaled.size() - 1));
    }
    return scaled;
  }

  /** A random box, empty perhaps, whose rows begin and end at bytes. */
  TensorSlice anySlice(Random random) {
    List<Long> offsets = new ArrayList<>();
    List<Long> sizes = new ArrayList<>();
    for (int d = 0; d < shape.size(); d++) {
      int scale = d == shape.size() - 1 ? unit : 1;
      int size = (int) (shape.get(d) / scale);
      int begin = random.nextInt(3) == 0 ? 0 : random.nextInt(size);
      int length = random.nextInt(3) == 0 ? size - begin : random.nextInt(size - begin + 1);
      offsets.add((long) begin * scale);
      sizes.add((long) length * scale);
    }
    return new TensorSlice(offsets, sizes);
  }

  /** The bytes of a box, found one by one. */
  byte[] slice(TensorSlice box) {
    int width = unit * dtype.bits() / 8;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    long[] index = new long[shape.size()];
    if (box.shape().contains(0L)) {
      return new byte[0];
    }
    while (true) {
      long element = 0;
      for (int d = 0; d < index.length; d++) {
        element = element * shape.get(d) + box.offsets().get(d) + index[d];
      }
      out.write(bytes, (int) (element / unit) * width, width);
      int d = index.length - 1;
      while (d >= 0) {
        index[d] += d == index.length - 1 ? unit : 1;
        if (index[d] < box.shape().get(d)) {
          break;
        }
        index[d--] = 0;
      }
      if (d < 0) {
        return out.toByteArray();
      }
    }
  }
}
