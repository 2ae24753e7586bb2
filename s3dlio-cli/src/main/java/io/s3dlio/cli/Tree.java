package io.s3dlio.cli;

import io.s3dlio.ListOptions;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectUri;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a URI means with {@code -r}: everything below it, and the object of that very name. It is
 * not a prefix taken as text: {@code rm -r s3://bucket/run1} must leave {@code run10} alone.
 */
final class Tree {

  private Tree() {}

  /** Where the keys below begin: with a {@code /} at the end, unless all keys are below. */
  static ObjectUri root(ObjectUri uri) {
    String key = uri.key();
    return key.isEmpty() || key.endsWith("/") ? uri : uri.withKey(key + "/");
  }

  /** Whether an object with that key is in the tree. */
  static boolean contains(ObjectUri uri, String key) {
    return key.equals(uri.key()) || key.startsWith(root(uri).key());
  }

  /** The objects, lazily; the caller closes the stream. */
  static Stream<ObjectMeta> list(ObjectStore store, ObjectUri uri) {
    ObjectUri root = root(uri);
    return root.equals(uri)
        ? store.list(root)
        : Stream.concat(named(store, uri).stream(), store.list(root));
  }

  /** The key of an object relative to the tree; its last segment if it is the tree's own name. */
  static String relative(ObjectUri tree, ObjectUri object) {
    String root = root(tree).key();
    return object.key().startsWith(root) ? object.key().substring(root.length()) : object.name();
  }

  /** The object of that name is the first one that has the name as its prefix. */
  private static List<ObjectMeta> named(ObjectStore store, ObjectUri uri) {
    try (Stream<ObjectMeta> first =
        store.list(uri, ListOptions.ALL.withLimit(1)).map(ObjectMeta.class::cast)) {
      return first.filter(object -> object.uri().key().equals(uri.key())).toList();
    }
  }
}
