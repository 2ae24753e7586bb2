package io.s3dlio;

import java.util.Map;
import java.util.TreeMap;

/** Some objects of a bulk delete are still there. The others are gone. */
public final class BulkDeleteException extends ObjectStoreException {

  private static final long serialVersionUID = 1L;

  /** Why, by object. */
  private final TreeMap<ObjectUri, ObjectStoreException> failures;

  /**
   * Makes one; its kind is that of the first failure.
   *
   * @param failures what is still there, and why; not empty
   * @param requested how many were to be deleted
   */
  public BulkDeleteException(Map<ObjectUri, ObjectStoreException> failures, long requested) {
    this(new TreeMap<>(failures), requested);
  }

  private BulkDeleteException(TreeMap<ObjectUri, ObjectStoreException> sorted, long requested) {
    super(
        sorted.firstEntry().getValue().kind(),
        "deleteAll",
        sorted.firstKey(),
        sorted.size() + " of " + requested + " objects could not be deleted: " + summary(sorted),
        sorted.firstEntry().getValue());
    this.failures = sorted;
  }

  private static String summary(TreeMap<ObjectUri, ObjectStoreException> sorted) {
    StringBuilder text = new StringBuilder();
    int shown = 0;
    for (Map.Entry<ObjectUri, ObjectStoreException> entry : sorted.entrySet()) {
      if (shown++ == 3) {
        return text.append(", …").toString();
      }
      text.append(shown == 1 ? "" : ", ")
          .append(entry.getKey())
          .append(" (")
          .append(entry.getValue().kind())
          .append(')');
    }
    return text.toString();
  }

  /**
   * Every object that is still there, and why.
   *
   * @return a copy, in the order of listings
   */
  public Map<ObjectUri, ObjectStoreException> failures() {
    return new TreeMap<>(failures);
  }
}
