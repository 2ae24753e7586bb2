package io.s3dlio.datagen;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.WeakReference;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * As many lanes at once as the CPU's vectors have, twice: two independent states keep it busy.
 *
 * <p>The loops stand in methods of their own, with their state loaded from an array and stored
 * there: the compiler of JDK 17 keeps vectors in registers only where a method has one loop. What
 * differs between JDKs is how vectors come from and go to direct memory; the method handles are
 * constants, which the compiler inlines.
 *
 * <p>Compiled apart from the other classes, because the compiler warns of incubators.
 */
final class VectorKernel extends Kernel {

  private static final VectorSpecies<Long> SPECIES =
      LongVector.SPECIES_PREFERRED.length() > LANES / 2
          ? LongVector.SPECIES_512
          : LongVector.SPECIES_PREFERRED;

  /** Lanes in a vector. */
  private static final int WIDTH = SPECIES.length();

  private static final int WIDTH_BYTES = WIDTH * Long.BYTES;

  /** Of every three lanes the second, and the third. */
  private static final VectorMask<Long> SECOND_OF_THREE = everyThird(1);

  private static final VectorMask<Long> THIRD_OF_THREE = everyThird(2);

  /** (vector, memory, index): stores. */
  private static final MethodHandle STORE;

  /** (memory, index): loads. */
  private static final MethodHandle LOAD;

  /** (buffer): the memory that the others take. */
  private static final MethodHandle MEMORY;

  /** Whether memory is called by a segment: from JDK 19 on none takes a buffer. */
  private static final boolean SEGMENTS = !takesBuffers();

  private static final long[] LANE = new long[LANES];

  static {
    for (int lane = 0; lane < LANES; lane++) {
      LANE[lane] = lane * Mix.GAMMA;
    }
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      Class<?> memory =
          SEGMENTS ? Class.forName("java.lang.foreign.MemorySegment") : ByteBuffer.class;
      Class<?> index = SEGMENTS ? long.class : int.class;
      MethodHandle store =
          lookup.findVirtual(
              LongVector.class,
              SEGMENTS ? "intoMemorySegment" : "intoByteBuffer",
              MethodType.methodType(void.class, memory, index, ByteOrder.class));
      MethodHandle load =
          lookup.findStatic(
              LongVector.class,
              SEGMENTS ? "fromMemorySegment" : "fromByteBuffer",
              MethodType.methodType(
                  LongVector.class, VectorSpecies.class, memory, index, ByteOrder.class));
      STORE =
          MethodHandles.insertArguments(store, 3, ByteOrder.LITTLE_ENDIAN)
              .asType(MethodType.methodType(void.class, LongVector.class, Object.class, int.class));
      LOAD =
          MethodHandles.insertArguments(
                  MethodHandles.insertArguments(load, 3, ByteOrder.LITTLE_ENDIAN), 0, SPECIES)
              .asType(MethodType.methodType(LongVector.class, Object.class, int.class));
      MEMORY =
          (SEGMENTS
                  ? lookup.findStatic(
                      memory, "ofBuffer", MethodType.methodType(memory, Buffer.class))
                  : MethodHandles.identity(ByteBuffer.class))
              .asType(MethodType.methodType(Object.class, ByteBuffer.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static boolean takesBuffers() {
    try {
      LongVector.class.getMethod("intoByteBuffer", ByteBuffer.class, int.class, ByteOrder.class);
      return true;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  /** What the last buffer's memory is called by: a buffer is mostly used more than once. */
  private WeakReference<ByteBuffer> lastBuffer = new WeakReference<>(null);

  private WeakReference<Object> lastMemory = new WeakReference<>(null);

  VectorKernel() {
    if (WIDTH < 2) {
      throw new UnsupportedOperationException("vectors of one lane");
    }
  }

  @Override
  String kernelName() {
    return "vector";
  }

  @Override
  void seed(StreamKey key, long unit) {
    for (int lane = 0; lane < LANES; lane += WIDTH) {
      seed(key, unit, lane, state);
    }
  }

  @Override
  void make(int rows, byte[] out, int at) {
    for (int lane = 0; lane < LANES; lane += 2 * WIDTH) {
      int from = at + lane * Long.BYTES;
      make(state, lane, out, from, from + rows * ROW);
    }
  }

  @Override
  void make(int rows, ByteBuffer out, int at) {
    Object memory = memory(out);
    for (int lane = 0; lane < LANES; lane += 2 * WIDTH) {
      int from = at + lane * Long.BYTES;
      make(state, lane, memory, from, from + rows * ROW);
    }
  }

  @Override
  boolean matches(int rows, ByteBuffer in, int at) {
    Object memory = memory(in);
    long difference = 0;
    for (int lane = 0; lane < LANES; lane += 2 * WIDTH) {
      int from = at + lane * Long.BYTES;
      difference |= difference(state, lane, memory, from, from + rows * ROW);
    }
    return difference == 0;
  }

  @Override
  void fill(long tail, ByteBuffer out, int from, int end) {
    if (end - from < WIDTH_BYTES) {
      super.fill(tail, out, from, end);
    } else {
      fill(tail, memory(out), from, end);
    }
  }

  @Override
  boolean isFilled(long tail, ByteBuffer in, int from, int end) {
    return end - from < WIDTH_BYTES
        ? super.isFilled(tail, in, from, end)
        : difference(tail, memory(in), from, end) == 0;
  }

  private static VectorMask<Long> everyThird(int first) {
    boolean[] lanes = new boolean[WIDTH];
    for (int lane = first; lane < WIDTH; lane += 3) {
      lanes[lane] = true;
    }
    return VectorMask.fromArray(SPECIES, lanes, 0);
  }

  private Object memory(ByteBuffer buffer) {
    Object memory = lastBuffer.refersTo(buffer) ? lastMemory.get() : null;
    if (memory == null) {
      // All of it, so that indexes mean the same whatever the buffer's position is.
      memory = memoryOf(buffer);
      lastBuffer = new WeakReference<>(buffer);
      lastMemory = new WeakReference<>(memory);
    }
    return memory;
  }

  private static void seed(StreamKey key, long unit, int lane, long[] state) {
    LongVector a = LongVector.broadcast(SPECIES, key.k0() + unit * Mix.GAMMA);
    LongVector b = LongVector.fromArray(SPECIES, LANE, lane).add(key.k1());
    LongVector c = LongVector.broadcast(SPECIES, key.k2());
    LongVector d = LongVector.broadcast(SPECIES, key.k3());
    for (int round = 0; round < SEED_ROUNDS; round++) {
      a = a.add(b);
      d = d.lanewise(VectorOperators.XOR, a).lanewise(VectorOperators.ROR, 32);
      c = c.add(d);
      b = b.lanewise(VectorOperators.XOR, c).lanewise(VectorOperators.ROR, 24);
      a = a.add(b);
      d = d.lanewise(VectorOperators.XOR, a).lanewise(VectorOperators.ROR, 16);
      c = c.add(d);
      b = b.lanewise(VectorOperators.XOR, c).lanewise(VectorOperators.ROR, 63);
    }
    a.intoArray(state, lane);
    b.intoArray(state, LANES + lane);
    c.intoArray(state, 2 * LANES + lane);
    d.intoArray(state, 3 * LANES + lane);
  }

  private static void make(long[] state, int lane, byte[] out, int from, int end) {
    LongVector a0 = LongVector.fromArray(SPECIES, state, lane);
    LongVector a1 = LongVector.fromArray(SPECIES, state, LANES + lane);
    LongVector a2 = LongVector.fromArray(SPECIES, state, 2 * LANES + lane);
    LongVector a3 = LongVector.fromArray(SPECIES, state, 3 * LANES + lane);
    LongVector b0 = LongVector.fromArray(SPECIES, state, lane + WIDTH);
    LongVector b1 = LongVector.fromArray(SPECIES, state, LANES + lane + WIDTH);
    LongVector b2 = LongVector.fromArray(SPECIES, state, 2 * LANES + lane + WIDTH);
    LongVector b3 = LongVector.fromArray(SPECIES, state, 3 * LANES + lane + WIDTH);
    for (int at = from; at < end; at += ROW) {
      a0.add(a3).lanewise(VectorOperators.ROL, 23).add(a0).reinterpretAsBytes().intoArray(out, at);
      b0.add(b3)
          .lanewise(VectorOperators.ROL, 23)
          .add(b0)
          .reinterpretAsBytes()
          .intoArray(out, at + WIDTH_BYTES);
      LongVector t = a1.lanewise(VectorOperators.LSHL, 17);
      a2 = a2.lanewise(VectorOperators.XOR, a0);
      a3 = a3.lanewise(VectorOperators.XOR, a1);
      a1 = a1.lanewise(VectorOperators.XOR, a2);
      a0 = a0.lanewise(VectorOperators.XOR, a3);
      a2 = a2.lanewise(VectorOperators.XOR, t);
      a3 = a3.lanewise(VectorOperators.ROL, 45);
      LongVector u = b1.lanewise(VectorOperators.LSHL, 17);
      b2 = b2.lanewise(VectorOperators.XOR, b0);
      b3 = b3.lanewise(VectorOperators.XOR, b1);
      b1 = b1.lanewise(VectorOperators.XOR, b2);
      b0 = b0.lanewise(VectorOperators.XOR, b3);
      b2 = b2.lanewise(VectorOperators.XOR, u);
      b3 = b3.lanewise(VectorOperators.ROL, 45);
    }
    a0.intoArray(state, lane);
    a1.intoArray(state, LANES + lane);
    a2.intoArray(state, 2 * LANES + lane);
    a3.intoArray(state, 3 * LANES + lane);
    b0.intoArray(state, lane + WIDTH);
    b1.intoArray(state, LANES + lane + WIDTH);
    b2.intoArray(state, 2 * LANES + lane + WIDTH);
    b3.intoArray(state, 3 * LANES + lane + WIDTH);
  }

  private static void make(long[] state, int lane, Object out, int from, int end) {
    LongVector a0 = LongVector.fromArray(SPECIES, state, lane);
    LongVector a1 = LongVector.fromArray(SPECIES, state, LANES + lane);
    LongVector a2 = LongVector.fromArray(SPECIES, state, 2 * LANES + lane);
    LongVector a3 = LongVector.fromArray(SPECIES, state, 3 * LANES + lane);
    LongVector b0 = LongVector.fromArray(SPECIES, state, lane + WIDTH);
    LongVector b1 = LongVector.fromArray(SPECIES, state, LANES + lane + WIDTH);
    LongVector b2 = LongVector.fromArray(SPECIES, state, 2 * LANES + lane + WIDTH);
    LongVector b3 = LongVector.fromArray(SPECIES, state, 3 * LANES + lane + WIDTH);
    try {
      for (int at = from; at < end; at += ROW) {
        STORE.invokeExact(a0.add(a3).lanewise(VectorOperators.ROL, 23).add(a0), out, at);
        STORE.invokeExact(
            b0.add(b3).lanewise(VectorOperators.ROL, 23).add(b0), out, at + WIDTH_BYTES);
        LongVector t = a1.lanewise(VectorOperators.LSHL, 17);
        a2 = a2.lanewise(VectorOperators.XOR, a0);
        a3 = a3.lanewise(VectorOperators.XOR, a1);
        a1 = a1.lanewise(VectorOperators.XOR, a2);
        a0 = a0.lanewise(VectorOperators.XOR, a3);
        a2 = a2.lanewise(VectorOperators.XOR, t);
        a3 = a3.lanewise(VectorOperators.ROL, 45);
        LongVector u = b1.lanewise(VectorOperators.LSHL, 17);
        b2 = b2.lanewise(VectorOperators.XOR, b0);
        b3 = b3.lanewise(VectorOperators.XOR, b1);
        b1 = b1.lanewise(VectorOperators.XOR, b2);
        b0 = b0.lanewise(VectorOperators.XOR, b3);
        b2 = b2.lanewise(VectorOperators.XOR, u);
        b3 = b3.lanewise(VectorOperators.ROL, 45);
      }
    } catch (Throwable e) {
      throw unexpected(e);
    }
    a0.intoArray(state, lane);
    a1.intoArray(state, LANES + lane);
    a2.intoArray(state, 2 * LANES + lane);
    a3.intoArray(state, 3 * LANES + lane);
    b0.intoArray(state, lane + WIDTH);
    b1.intoArray(state, LANES + lane + WIDTH);
    b2.intoArray(state, 2 * LANES + lane + WIDTH);
    b3.intoArray(state, 3 * LANES + lane + WIDTH);
  }

  private static long difference(long[] state, int lane, Object in, int from, int end) {
    LongVector a0 = LongVector.fromArray(SPECIES, state, lane);
    LongVector a1 = LongVector.fromArray(SPECIES, state, LANES + lane);
    LongVector a2 = LongVector.fromArray(SPECIES, state, 2 * LANES + lane);
    LongVector a3 = LongVector.fromArray(SPECIES, state, 3 * LANES + lane);
    LongVector b0 = LongVector.fromArray(SPECIES, state, lane + WIDTH);
    LongVector b1 = LongVector.fromArray(SPECIES, state, LANES + lane + WIDTH);
    LongVector b2 = LongVector.fromArray(SPECIES, state, 2 * LANES + lane + WIDTH);
    LongVector b3 = LongVector.fromArray(SPECIES, state, 3 * LANES + lane + WIDTH);
    LongVector difference = LongVector.zero(SPECIES);
    try {
      for (int at = from; at < end; at += ROW) {
        LongVector x =
            a0.add(a3)
                .lanewise(VectorOperators.ROL, 23)
                .add(a0)
                .lanewise(VectorOperators.XOR, (LongVector) LOAD.invokeExact(in, at));
        LongVector y =
            b0.add(b3)
                .lanewise(VectorOperators.ROL, 23)
                .add(b0)
                .lanewise(VectorOperators.XOR, (LongVector) LOAD.invokeExact(in, at + WIDTH_BYTES));
        difference = difference.lanewise(VectorOperators.OR, x).lanewise(VectorOperators.OR, y);
        LongVector t = a1.lanewise(VectorOperators.LSHL, 17);
        a2 = a2.lanewise(VectorOperators.XOR, a0);
        a3 = a3.lanewise(VectorOperators.XOR, a1);
        a1 = a1.lanewise(VectorOperators.XOR, a2);
        a0 = a0.lanewise(VectorOperators.XOR, a3);
        a2 = a2.lanewise(VectorOperators.XOR, t);
        a3 = a3.lanewise(VectorOperators.ROL, 45);
        LongVector u = b1.lanewise(VectorOperators.LSHL, 17);
        b2 = b2.lanewise(VectorOperators.XOR, b0);
        b3 = b3.lanewise(VectorOperators.XOR, b1);
        b1 = b1.lanewise(VectorOperators.XOR, b2);
        b0 = b0.lanewise(VectorOperators.XOR, b3);
        b2 = b2.lanewise(VectorOperators.XOR, u);
        b3 = b3.lanewise(VectorOperators.ROL, 45);
      }
    } catch (Throwable e) {
      throw unexpected(e);
    }
    a0.intoArray(state, lane);
    a1.intoArray(state, LANES + lane);
    a2.intoArray(state, 2 * LANES + lane);
    a3.intoArray(state, 3 * LANES + lane);
    b0.intoArray(state, lane + WIDTH);
    b1.intoArray(state, LANES + lane + WIDTH);
    b2.intoArray(state, 2 * LANES + lane + WIDTH);
    b3.intoArray(state, 3 * LANES + lane + WIDTH);
    return difference.reduceLanes(VectorOperators.OR);
  }

  /**
   * Between the first and the last vector all are within one line of the cache. Three vectors are a
   * whole number of periods.
   */
  private static void fill(long tail, Object out, int from, int end) {
    int first = (from + WIDTH_BYTES) & -WIDTH_BYTES;
    int last = end - WIDTH_BYTES;
    LongVector a = words(Tail.after(tail, first - from));
    LongVector b = words(Tail.after(tail, first - from + WIDTH_BYTES));
    LongVector c = words(Tail.after(tail, first - from + 2 * WIDTH_BYTES));
    try {
      STORE.invokeExact(words(tail), out, from);
      int at = first;
      for (; at < last - 2 * WIDTH_BYTES; at += 3 * WIDTH_BYTES) {
        STORE.invokeExact(a, out, at);
        STORE.invokeExact(b, out, at + WIDTH_BYTES);
        STORE.invokeExact(c, out, at + 2 * WIDTH_BYTES);
      }
      if (at < last) {
        STORE.invokeExact(a, out, at);
      }
      if (at + WIDTH_BYTES < last) {
        STORE.invokeExact(b, out, at + WIDTH_BYTES);
      }
      STORE.invokeExact(words(Tail.after(tail, last - from)), out, last);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static long difference(long tail, Object in, int from, int end) {
    int first = (from + WIDTH_BYTES) & -WIDTH_BYTES;
    int last = end - WIDTH_BYTES;
    LongVector a = words(Tail.after(tail, first - from));
    LongVector b = words(Tail.after(tail, first - from + WIDTH_BYTES));
    LongVector c = words(Tail.after(tail, first - from + 2 * WIDTH_BYTES));
    try {
      LongVector x =
          ((LongVector) LOAD.invokeExact(in, from)).lanewise(VectorOperators.XOR, words(tail));
      LongVector y =
          ((LongVector) LOAD.invokeExact(in, last))
              .lanewise(VectorOperators.XOR, words(Tail.after(tail, last - from)));
      LongVector z = LongVector.zero(SPECIES);
      int at = first;
      for (; at < last - 2 * WIDTH_BYTES; at += 3 * WIDTH_BYTES) {
        x =
            x.lanewise(
                VectorOperators.OR,
                ((LongVector) LOAD.invokeExact(in, at)).lanewise(VectorOperators.XOR, a));
        y =
            y.lanewise(
                VectorOperators.OR,
                ((LongVector) LOAD.invokeExact(in, at + WIDTH_BYTES))
                    .lanewise(VectorOperators.XOR, b));
        z =
            z.lanewise(
                VectorOperators.OR,
                ((LongVector) LOAD.invokeExact(in, at + 2 * WIDTH_BYTES))
                    .lanewise(VectorOperators.XOR, c));
      }
      if (at < last) {
        x =
            x.lanewise(
                VectorOperators.OR,
                ((LongVector) LOAD.invokeExact(in, at)).lanewise(VectorOperators.XOR, a));
      }
      if (at + WIDTH_BYTES < last) {
        y =
            y.lanewise(
                VectorOperators.OR,
                ((LongVector) LOAD.invokeExact(in, at + WIDTH_BYTES))
                    .lanewise(VectorOperators.XOR, b));
      }
      return x.lanewise(VectorOperators.OR, y)
          .lanewise(VectorOperators.OR, z)
          .reduceLanes(VectorOperators.OR);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** A word of a tail and those that follow it: the third after one is equal to it. */
  private static LongVector words(long word) {
    long second = Tail.next(word);
    return LongVector.broadcast(SPECIES, word)
        .blend(second, SECOND_OF_THREE)
        .blend(Tail.next(second), THIRD_OF_THREE);
  }

  private static Object memoryOf(ByteBuffer buffer) {
    ByteBuffer all = SEGMENTS ? buffer.duplicate().clear() : buffer;
    try {
      return (Object) MEMORY.invokeExact(all);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** What the methods behind the handles throw is unchecked. */
  private static RuntimeException unexpected(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
  }
}
