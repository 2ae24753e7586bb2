package io.s3dlio.testkit;

import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a store does where stores differ and {@link io.s3dlio.Capabilities} does not say. The
 * contract asserts each: a store that does better than its facts fails as one that does worse.
 *
 * @param facts what is true of it
 * @param nestedKeys what becomes of {@code a} and {@code a/b} side by side
 * @param keys what becomes of the keys of {@link KeyZoo} that are not stored literally, by name
 */
public record StoreFacts(Set<Fact> facts, NestedKeys nestedKeys, Map<String, KeyFate> keys) {

  /** What is true of a store or not. */
  public enum Fact {
    /**
     * A bucket comes into being with its first object; where not, everything in a bucket that is
     * not there fails with kind NOT_FOUND.
     */
    IMPLIED_BUCKETS,
    /**
     * Listings are in the order of UTF-8 bytes; where not, the server behind the backend orders by
     * UTF-16 units.
     */
    ORDERS_BY_UTF8,
    /** A listing's delimiter may be another text than {@code /}; where not, kind INVALID. */
    OTHER_DELIMITERS,
    /** Values of user metadata may be any text; where not, kind INVALID. */
    NON_ASCII_METADATA,
    /**
     * Of several puts that race with one ETag, one wins, and no reader gets the checksum of one
     * object with the bytes of another; where not, the server behind the backend lets several win,
     * and such a read fails with kind CHECKSUM_MISMATCH.
     */
    ATOMIC_PUTS,
    /**
     * Of several uploads in parts that race under one condition, one wins; where not, the server
     * behind the backend ignores the condition of the last request, the backend looks beforehand,
     * and several may win.
     */
    ATOMIC_UPLOADS,
    /** The server behind a backend that declares tags keeps them; where not, kind UNSUPPORTED. */
    KEEPS_TAGS,
    /**
     * The server behind a backend that declares versions keeps them; where not, kind UNSUPPORTED.
     */
    KEEPS_VERSIONS,
    /**
     * What an upload has stored stays there when its process dies; where not, it goes with the
     * process.
     */
    KEEPS_UNFINISHED
  }

  /** The facts of {@code memory://}, from which others differ. */
  public static final StoreFacts REFERENCE =
      new StoreFacts(
          EnumSet.complementOf(EnumSet.of(Fact.KEEPS_UNFINISHED)), NestedKeys.LISTED, Map.of());

  /**
   * Checks the names.
   *
   * @throws IllegalArgumentException if {@link KeyZoo} has no such key
   */
  public StoreFacts {
    for (String name : keys.keySet()) {
      if (!KeyZoo.KEYS.containsKey(name)) {
        throw new IllegalArgumentException("the zoo has no '" + name + "'");
      }
    }
    facts = Set.copyOf(facts);
    keys = Collections.unmodifiableMap(new TreeMap<>(keys));
  }

  /**
   * Whether something is true of the store.
   *
   * @param fact what
   * @return whether it is
   */
  public boolean has(Fact fact) {
    return facts.contains(fact);
  }

  private StoreFacts without(Fact... absent) {
    Set<Fact> left = new HashSet<>(facts);
    left.removeAll(List.of(absent));
    return new StoreFacts(left, nestedKeys, keys);
  }

  /**
   * For stores whose buckets have to be made.
   *
   * @return a copy
   */
  public StoreFacts withoutImpliedBuckets() {
    return without(Fact.IMPLIED_BUCKETS);
  }

  /**
   * For servers that order by UTF-16.
   *
   * @return a copy
   */
  public StoreFacts withoutUtf8Order() {
    return without(Fact.ORDERS_BY_UTF8);
  }

  /**
   * For servers whose only delimiter is {@code /}.
   *
   * @return a copy
   */
  public StoreFacts withoutOtherDelimiters() {
    return without(Fact.OTHER_DELIMITERS);
  }

  /**
   * For stores whose metadata is ASCII.
   *
   * @return a copy
   */
  public StoreFacts withoutNonAsciiMetadata() {
    return without(Fact.NON_ASCII_METADATA);
  }

  /**
   * For servers whose puts are not atomic.
   *
   * @return a copy
   */
  public StoreFacts withoutAtomicPuts() {
    return without(Fact.ATOMIC_PUTS);
  }

  /**
   * For servers that ignore the conditions of uploads in parts.
   *
   * @return a copy
   */
  public StoreFacts withoutAtomicUploads() {
    return without(Fact.ATOMIC_UPLOADS);
  }

  /**
   * For servers without tags and versions.
   *
   * @return a copy
   */
  public StoreFacts withoutTagsAndVersions() {
    return without(Fact.KEEPS_TAGS, Fact.KEEPS_VERSIONS);
  }

  /**
   * For stores in which what is unfinished stays.
   *
   * @return a copy
   */
  public StoreFacts withUnfinished() {
    Set<Fact> more = new HashSet<>(facts);
    more.add(Fact.KEEPS_UNFINISHED);
    return new StoreFacts(more, nestedKeys, keys);
  }

  /**
   * With another answer to nested keys.
   *
   * @param answer what becomes of {@code a} and {@code a/b}
   * @return a copy
   */
  public StoreFacts withNestedKeys(NestedKeys answer) {
    return new StoreFacts(facts, answer, keys);
  }

  /**
   * With keys that are not stored literally, in addition to what there is.
   *
   * @param fate what becomes of them
   * @param names of keys of {@link KeyZoo}
   * @return a copy
   */
  public StoreFacts withKeys(KeyFate fate, String... names) {
    Map<String, KeyFate> more = new TreeMap<>(keys);
    for (String name : names) {
      more.put(name, fate);
    }
    return new StoreFacts(facts, nestedKeys, more);
  }
}
