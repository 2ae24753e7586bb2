package io.s3dlio;

import java.util.Optional;

/**
 * What to list.
 *
 * @param delimiter if present, keys with this text after the prefix are rolled up into one {@link
 *     CommonPrefix}
 * @param startAfter if present, only entries after this key, in the order of UTF-8 bytes; a whole
 *     key, not one relative to the prefix. It holds for common prefixes as for keys: neither {@code
 *     b/} nor what is rolled up into it shows after {@code b/} or {@code b/1} (as in <a
 *     href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html">ListObjectsV2</a>).
 *     So a listing goes on after its last entry
 * @param limit the most entries to yield, 1 or more
 */
public record ListOptions(Optional<String> delimiter, Optional<String> startAfter, long limit) {

  /** Every key below the prefix. */
  public static final ListOptions ALL =
      new ListOptions(Optional.empty(), Optional.empty(), Long.MAX_VALUE);

  /** One level: objects, and what lies below a {@code /} as prefixes. */
  public static final ListOptions ONE_LEVEL = ALL.withDelimiter("/");

  /**
   * Checks the limit.
   *
   * @throws IllegalArgumentException if the limit is below 1 or the delimiter is empty
   */
  public ListOptions {
    if (limit < 1) {
      throw new IllegalArgumentException("the limit of a listing is 1 or more: " + limit);
    }
    if (delimiter.isPresent() && delimiter.get().isEmpty()) {
      throw new IllegalArgumentException("the delimiter of a listing is not empty");
    }
  }

  /**
   * With a delimiter.
   *
   * @param text the delimiter
   * @return a copy
   */
  public ListOptions withDelimiter(String text) {
    return new ListOptions(Optional.of(text), startAfter, limit);
  }

  /**
   * With a place to start.
   *
   * @param key only keys after this one
   * @return a copy
   */
  public ListOptions withStartAfter(String key) {
    return new ListOptions(delimiter, Optional.of(key), limit);
  }

  /**
   * With a limit.
   *
   * @param most the most entries
   * @return a copy
   */
  public ListOptions withLimit(long most) {
    return new ListOptions(delimiter, startAfter, most);
  }
}
