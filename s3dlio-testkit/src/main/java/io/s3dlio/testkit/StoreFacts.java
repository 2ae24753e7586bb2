package io.s3dlio.testkit;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a store does where stores differ and {@link io.s3dlio.Capabilities} does not say. The
 * contract asserts each: a store that does better than its facts fails as one that does worse.
 *
 * @param impliedBuckets a bucket comes into being with its first object; where not, everything in a
 *     bucket that is not there fails with kind NOT_FOUND
 * @param nestedKeys what becomes of {@code a} and {@code a/b} side by side
 * @param ordersByUtf8 listings are in the order of UTF-8 bytes; where not, the server behind the
 *     backend orders by UTF-16 units
 * @param otherDelimiters a listing's delimiter may be another text than {@code /}; where not, kind
 *     INVALID
 * @param nonAsciiMetadata values of user metadata may be any text; where not, kind INVALID
 * @param atomicPuts of several puts that race with one ETag, one wins, and no reader gets the
 *     checksum of one object with the bytes of another; where not, the server behind the backend
 *     lets several win, and such a read fails with kind CHECKSUM_MISMATCH
 * @param atomicUploads of several uploads in parts that race under one condition, one wins; where
 *     not, the server behind the backend ignores the condition of the last request, the backend
 *     looks beforehand, and several may win
 * @param keepsTags the server behind a backend that declares tags keeps them; where not, kind
 *     UNSUPPORTED
 * @param keepsVersions the server behind a backend that declares versions keeps them; where not,
 *     kind UNSUPPORTED
 * @param keepsUnfinished what an upload has stored stays there when its process dies; where not, it
 *     goes with the process
 * @param keys what becomes of the keys of {@link KeyZoo} that are not stored literally, by name
 */
public record StoreFacts(
    boolean impliedBuckets,
    NestedKeys nestedKeys,
    boolean ordersByUtf8,
    boolean otherDelimiters,
    boolean nonAsciiMetadata,
    boolean atomicPuts,
    boolean atomicUploads,
    boolean keepsTags,
    boolean keepsVersions,
    boolean keepsUnfinished,
    Map<String, KeyFate> keys) {

  /** The facts of {@code memory://}, from which others differ. */
  public static final StoreFacts REFERENCE =
      new StoreFacts(
          true, NestedKeys.LISTED, true, true, true, true, true, true, true, false, Map.of());

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
    keys = Collections.unmodifiableMap(new TreeMap<>(keys));
  }

  /**
   * For stores whose buckets have to be made.
   *
   * @return a copy
   */
  public StoreFacts withoutImpliedBuckets() {
    return new StoreFacts(
        false,
        nestedKeys,
        ordersByUtf8,
        otherDelimiters,
        nonAsciiMetadata,
        atomicPuts,
        atomicUploads,
        keepsTags,
        keepsVersions,
        keepsUnfinished,
        keys);
  }

  /**
   * With another answer to nested keys.
   *
   * @param answer what becomes of {@code a} and {@code a/b}
   * @return a copy
   */
  public StoreFacts withNestedKeys(NestedKeys answer) {
    return new StoreFacts(
        impliedBuckets,
        answer,
        ordersByUtf8,
        otherDelimiters,
        nonAsciiMetadata,
        atomicPuts,
        atomicUploads,
        keepsTags,
        keepsVersions,
        keepsUnfinished,
        keys);
  }

  /**
   * For servers that order by UTF-16.
   *
   * @return a copy
   */
  public StoreFacts withoutUtf8Order() {
    return new StoreFacts(
        impliedBuckets,
        nestedKeys,
        false,
        otherDelimiters,
        nonAsciiMetadata,
        atomicPuts,
        atomicUploads,
        keepsTags,
        keepsVersions,
        keepsUnfinished,
        keys);
  }

  /**
   * For servers whose only delimiter is {@code /}.
   *
   * @return a copy
   */
  public StoreFacts withoutOtherDelimiters() {
    return new StoreFacts(
        impliedBuckets,
        nestedKeys,
        ordersByUtf8,
        false,
        nonAsciiMetadata,
        atomicPuts,
        atomicUploads,
        keepsTags,
        keepsVersions,
        keepsUnfinished,
        keys);
  }

  /**
   * For stores whose metadata is ASCII.
   *
   * @return a copy
   */
  public StoreFacts withoutNonAsciiMetadata() {
    return new StoreFacts(
        impliedBuckets,
        nestedKeys,
        ordersByUtf8,
        otherDelimiters,
        false,
        atomicPuts,
        atomicUploads,
        keepsTags,
        keepsVersions,
        keepsUnfinished,
        keys);
  }

  /**
   * For servers whose puts are not atomic.
   *
   * @return a copy
   */
  public StoreFacts withoutAtomicPuts() {
    return new StoreFacts(
        impliedBuckets,
        nestedKeys,
        ordersByUtf8,
        otherDelimiters,
        nonAsciiMetadata,
        false,
        atomicUploads,
        keepsTags,
        keepsVersions,
        keepsUnfinished,
        keys);
  }

  /**
   * For servers that ignore the conditions of uploads in parts.
   *
   * @return a copy
   */
  public StoreFacts withoutAtomicUploads() {
    return new StoreFacts(
        impliedBuckets,
        nestedKeys,
        ordersByUtf8,
        otherDelimiters,
        nonAsciiMetadata,
        atomicPuts,
        false,
        keepsTags,
        keepsVersions,
        keepsUnfinished,
        keys);
  }

  /**
   * For servers without tags and versions.
   *
   * @return a copy
   */
  public StoreFacts withoutTagsAndVersions() {
    return new StoreFacts(
        impliedBuckets,
        nestedKeys,
        ordersByUtf8,
        otherDelimiters,
        nonAsciiMetadata,
        atomicPuts,
        atomicUploads,
        false,
        false,
        keepsUnfinished,
        keys);
  }

  /**
   * For stores in which what is unfinished stays.
   *
   * @return a copy
   */
  public StoreFacts withUnfinished() {
    return new StoreFacts(
        impliedBuckets,
        nestedKeys,
        ordersByUtf8,
        otherDelimiters,
        nonAsciiMetadata,
        atomicPuts,
        atomicUploads,
        keepsTags,
        keepsVersions,
        true,
        keys);
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
    return new StoreFacts(
        impliedBuckets,
        nestedKeys,
        ordersByUtf8,
        otherDelimiters,
        nonAsciiMetadata,
        atomicPuts,
        atomicUploads,
        keepsTags,
        keepsVersions,
        keepsUnfinished,
        more);
  }
}
