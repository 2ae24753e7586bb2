package io.s3dlio.platform;

import java.util.BitSet;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Numbers of CPUs, as the kernel counts them. Immutable and thread-safe. */
public final class CpuSet {

  /** No CPU. */
  public static final CpuSet NONE = new CpuSet(new BitSet());

  /** No machine has more; a number above it is damage, and would cost a bit set of its size. */
  private static final int LIMIT = 1 << 20;

  private static final Pattern RANGE = Pattern.compile("([0-9]{1,7})(?:-([0-9]{1,7}))?");

  private final BitSet bits;

  private CpuSet(BitSet bits) {
    this.bits = bits;
  }

  /**
   * Reads a list as the kernel writes it: numbers and ranges, separated by commas, in any order.
   *
   * @param list such as {@code 0-3,8}; an empty or blank one is {@link #NONE}
   * @return the CPUs
   * @throws IllegalArgumentException if it is not such a list, a range ends before it begins, or a
   *     number is 1,048,576 or more
   */
  public static CpuSet parse(String list) {
    if (list.isBlank()) {
      return NONE;
    }
    BitSet bits = new BitSet();
    for (String range : list.split(",", -1)) {
      Matcher m = RANGE.matcher(range.strip());
      if (!m.matches()) {
        throw new IllegalArgumentException("not a list of CPUs such as 0-3,8: " + list);
      }
      int first = Integer.parseInt(m.group(1));
      int last = m.group(2) == null ? first : Integer.parseInt(m.group(2));
      if (last < first || last >= LIMIT) {
        throw new IllegalArgumentException(
            range.strip() + " is not a range of CPUs from 0 to " + (LIMIT - 1));
      }
      bits.set(first, last + 1);
    }
    return new CpuSet(bits);
  }

  /**
   * How many.
   *
   * @return 0 or more
   */
  public int size() {
    return bits.cardinality();
  }

  /**
   * Whether there is none.
   *
   * @return true if so
   */
  public boolean isEmpty() {
    return bits.isEmpty();
  }

  /**
   * Whether a CPU is one of them.
   *
   * @param cpu its number; no set has a negative one
   * @return true if so
   */
  public boolean contains(int cpu) {
    return cpu >= 0 && bits.get(cpu);
  }

  /**
   * The numbers in ascending order.
   *
   * @return a stream of them
   */
  public IntStream stream() {
    return bits.stream();
  }

  /** As the kernel takes them: a bit for each CPU. */
  long[] toLongArray() {
    return bits.toLongArray();
  }

  CpuSet and(CpuSet other) {
    BitSet both = (BitSet) bits.clone();
    both.and(other.bits);
    return new CpuSet(both);
  }

  CpuSet or(CpuSet other) {
    BitSet all = (BitSet) bits.clone();
    all.or(other.bits);
    return new CpuSet(all);
  }

  CpuSet without(CpuSet other) {
    BitSet rest = (BitSet) bits.clone();
    rest.andNot(other.bits);
    return new CpuSet(rest);
  }

  /** What both have; all of this if the other is unknown or shares nothing with it. */
  CpuSet narrowedTo(CpuSet other) {
    if (isEmpty()) {
      return other;
    }
    return bits.intersects(other.bits) ? and(other) : this;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CpuSet that && bits.equals(that.bits);
  }

  @Override
  public int hashCode() {
    return bits.hashCode();
  }

  /** The shortest list that {@link #parse} reads as this set, in ascending order. */
  @Override
  public String toString() {
    StringJoiner list = new StringJoiner(",");
    for (int first = bits.nextSetBit(0); first >= 0; ) {
      int end = bits.nextClearBit(first);
      list.add(end == first + 1 ? "" + first : first + "-" + (end - 1));
      first = bits.nextSetBit(end);
    }
    return list.toString();
  }
}
