package io.s3dlio.cli;

import io.s3dlio.ByteSources;
import io.s3dlio.BytesView;
import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutOptions;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A place of a test's own in a store: what the tests do behind the command's back. */
final class Place implements AutoCloseable {

  private final ObjectUri uri;
  private final ObjectStore store;

  Place(ObjectUri uri, StoreConfig config) throws IOException {
    this.uri = uri;
    this.store = ObjectStores.open(uri, config, RequestListener.NONE);
  }

  /** A URI below the place, which ends with a {@code /}. */
  String uri(String key) {
    return uri.resolve(key).toString();
  }

  String uri() {
    return uri.toString();
  }

  String key(String key) {
    return uri.resolve(key).key();
  }

  ObjectStore store() {
    return store;
  }

  void put(String key, String content) throws IOException {
    store.put(uri.resolve(key), ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
  }

  byte[] read(String key) throws IOException {
    try (BytesView view = store.get(uri.resolve(key))) {
      return view.toByteArray();
    }
  }

  List<String> keys() {
    try (Stream<ObjectMeta> objects = store.list(uri)) {
      return objects.map(o -> o.uri().key().substring(uri.key().length())).toList();
    }
  }

  /** Exchanges an object's content and leaves its metadata as it is. */
  void tamper(String key, UnaryOperator<byte[]> change) throws IOException {
    ObjectMeta meta = store.head(uri.resolve(key));
    byte[] changed = change.apply(read(key));
    store.put(
        uri.resolve(key),
        ByteSources.of(ByteBuffer.wrap(changed)),
        PutOptions.DEFAULT.withUserMetadata(meta.userMetadata()));
  }

  @Override
  public void close() throws IOException {
    store.deletePrefix(uri);
    store.close();
  }
}
