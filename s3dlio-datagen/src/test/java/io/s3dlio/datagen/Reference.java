package io.s3dlio.datagen;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The format once more, written from its documentation, as plainly as can be. */
final class Reference {

  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private final GeneratorSpec spec;
  private final BigDecimal dedup;
  private final byte[] dataSet;
  private final long id;
  private final ByteBuffer stream;

  private Reference(GeneratorSpec spec, String key) {
    this.spec = spec;
    this.dedup = new BigDecimal(String.valueOf(spec.dedup()));
    this.dataSet = sha256(text(spec).getBytes(StandardCharsets.UTF_8));
    boolean shared = spec.dedup() > 1 && spec.dedupScope() != DedupScope.OBJECT;
    this.id =
        shared
            ? 0
            : words(sha256(dataSet, new byte[] {0}, key.getBytes(StandardCharsets.UTF_8)))
                .getLong(0);
    this.stream = words(sha256(dataSet, new byte[] {1}, word(id)));
  }

  /** The first bytes of an object without dedup. */
  static byte[] bytes(long seed, String key, int size) {
    return bytes(GeneratorSpec.of(seed), key, size, 0);
  }

  /** All bytes of an object. */
  static byte[] bytes(GeneratorSpec spec, String key, int size, long index) {
    Reference reference = new Reference(spec, key);
    ByteBuffer out = ByteBuffer.allocate(size);
    if (spec.dedup() == 1) {
      for (long unit = 0; out.hasRemaining(); unit++) {
        put(out, reference.unit(unit, 32 << 10));
      }
      return out.array();
    }
    int block = spec.dedupBlock();
    int unit = Math.min(block, 32 << 10);
    for (long unique : reference.order(size, index)) {
      for (int i = 0; i < block / unit; i++) {
        put(out, reference.unit(unique * (block / unit) + i, unit));
      }
    }
    return out.array();
  }

  private static String text(GeneratorSpec spec) {
    return "v=1;seed="
        + spec.seed()
        + (spec.compression() == 1 ? "" : ";compress=" + decimal(spec.compression()))
        + (spec.dedup() == 1 ? "" : ";dedup=" + decimal(spec.dedup()))
        + (spec.dedupBlock() == 4096 ? "" : ";block=" + spec.dedupBlock())
        + (spec.dedupScope() instanceof DedupScope.DataSet all
            ? ";objects=" + all.objects() + ";each=" + all.objectSize()
            : "");
  }

  private static String decimal(double ratio) {
    return new BigDecimal(String.valueOf(ratio)).stripTrailingZeros().toPlainString();
  }

  private byte[] unit(long unit, int size) {
    int page = Math.min(4096, spec.dedupBlock());
    int head = page;
    if (spec.compression() > 1) {
      int budget =
          new BigDecimal(page)
              .divide(new BigDecimal(String.valueOf(spec.compression())), 0, RoundingMode.FLOOR)
              .intValueExact();
      head = budget - Math.min(53, page / 150 + budget / 39);
      head = Math.max(24, Math.min(head, page - 8));
    }
    long[][] lanes = new long[16][];
    for (int lane = 0; lane < 16; lane++) {
      lanes[lane] = seeded(unit, lane);
    }
    ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < size; from += page) {
      int made = 0;
      for (; made < head; made += 128) {
        for (long[] lane : lanes) {
          out.putLong(next(lane));
        }
      }
      if (from == 0) {
        tag(out, unit);
      }
      for (int i = head; i < page; i++) {
        out.put(from + i, out.get(from + i - 6));
      }
      out.position(from + page);
    }
    return out.array();
  }

  private long[] seeded(long unit, int lane) {
    long a = stream.getLong(0) + unit * GAMMA;
    long b = stream.getLong(8) + lane * GAMMA;
    long c = stream.getLong(16);
    long d = stream.getLong(24);
    for (int i = 0; i < 3; i++) {
      a = a + b;
      d = Long.rotateRight(d ^ a, 32);
      c = c + d;
      b = Long.rotateRight(b ^ c, 24);
      a = a + b;
      d = Long.rotateRight(d ^ a, 16);
      c = c + d;
      b = Long.rotateRight(b ^ c, 63);
    }
    return new long[] {a, b, c, d};
  }

  private void tag(ByteBuffer out, long unit) {
    ByteBuffer d = words(dataSet);
    long x = id;
    long y = unit;
    x ^= mix(y + d.getLong(0));
    y ^= mix(x + d.getLong(8));
    x ^= mix(y + d.getLong(16));
    y ^= mix(x + d.getLong(24));
    out.putLong(0, x).putLong(8, y);
  }

  private long[] order(int size, long index) {
    int block = spec.dedupBlock();
    return spec.dedupScope() instanceof DedupScope.DataSet all
        ? shared(all.objects(), size / block, size % block > 0, index)
        : own((size + block - 1) / block);
  }

  private long[] own(int blocks) {
    long different = different(blocks);
    long[] order = new long[blocks];
    long created = 0;
    boolean afterNew = false;
    for (int i = 0; i < blocks; i++) {
      long due = new BigDecimal(i + 1).divide(dedup, 0, RoundingMode.FLOOR).longValue() + 2;
      if (created < Math.min(different, due)) {
        order[i] = created++;
        afterNew = true;
        continue;
      }
      if (different > 1) {
        long end = afterNew ? created - 1 : created;
        long from = Math.max(0, end - 4096);
        if (from % 2 != (i - created) % 2) {
          from++;
        }
        long choices = (end - from + 1) / 2;
        long hash = mix(stream.getLong(0) + i * GAMMA) >>> 1;
        order[i] = from + 2 * Math.multiplyHigh(hash, 2 * choices);
      }
      afterNew = false;
    }
    return order;
  }

  private long[] shared(long objects, int whole, boolean tail, long index) {
    ByteBuffer keys = words(sha256(dataSet, new byte[] {2}, word(index)));
    long[] order = new long[tail ? whole + 1 : whole];
    long different = whole == 0 ? 0 : different(objects * whole);
    if (tail) {
      order[whole] = different + rounded(index) % different(objects);
    }
    long start = whole == 0 ? 0 : rounded(index * whole) % different;
    long round = Math.min(whole, different);
    for (int i = 0; i < whole; i++) {
      long place = i % round;
      long half = (round + 1) / 2;
      long moved =
          place < half
              ? moved(keys, i / round, place, half)
              : half + moved(keys, i / round, place - half, round - half);
      order[i] = (start + moved) % different;
    }
    return order;
  }

  private static long moved(ByteBuffer keys, long turn, long place, long count) {
    int bits = 0;
    while (1L << bits < count) {
      bits++;
    }
    long mask = (1L << bits) - 1;
    long x = place;
    do {
      x = (x + keys.getLong(0) + turn) & mask;
      for (int i = 1; i < 4; i++) {
        x = (x * (keys.getLong(8 * i) | 1)) & mask;
        x = x ^ (x >> ((bits + 1) / 2));
      }
    } while (x >= count);
    return x;
  }

  private long different(long blocks) {
    return Math.max(1, rounded(blocks));
  }

  private long rounded(long blocks) {
    return new BigDecimal(blocks).divide(dedup, 0, RoundingMode.HALF_UP).longValueExact();
  }

  private static void put(ByteBuffer out, byte[] unit) {
    out.put(unit, 0, Math.min(unit.length, out.remaining()));
  }

  private static byte[] word(long value) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
  }

  private static ByteBuffer words(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] sha256(byte[]... parts) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        sha.update(part);
      }
      return sha.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static long next(long[] s) {
    final long result = Long.rotateLeft(s[0] + s[3], 23) + s[0];
    final long t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = Long.rotateLeft(s[3], 45);
    return result;
  }

  private static long mix(long z) {
    z ^= z >>> 30;
    z *= 0xBF58476D1CE4E5B9L;
    z ^= z >>> 27;
    z *= 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
