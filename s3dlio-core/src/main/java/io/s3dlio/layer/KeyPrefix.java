package io.s3dlio.layer;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestEvent;
import io.s3dlio.RequestListener;
import io.s3dlio.spi.StoreBackend;

/**
 * Puts a text before every key: with {@code team/a/}, whoever asks for {@code s3://bucket/x} gets
 * {@code s3://bucket/team/a/x}. Results, listings and errors name the URIs that the caller knows;
 * the cause of an error names the one below. The text is literal, as keys are: {@code ..} leads
 * nowhere.
 *
 * <p>Buckets have no keys, so requests about them are passed on; on {@code file://} and {@code
 * direct://}, whose buckets are directories, they are about those below the prefix. A convenience
 * for names, not a border between rights: what the credentials may do, they may.
 */
public final class KeyPrefix implements Layer {

  private final String prefix;

  /**
   * Makes the layer.
   *
   * @param prefix put before every key as it is; ends with {@code /} unless it is to be the
   *     beginning of a name; not empty
   */
  public KeyPrefix(String prefix) {
    if (prefix.isEmpty()) {
      throw new IllegalArgumentException("a prefix of keys is not empty");
    }
    this.prefix = prefix;
  }

  @Override
  public StoreBackend over(StoreBackend backend) {
    return new PrefixedBackend(backend, this);
  }

  /**
   * Tells a listener of requests by the URIs that the caller of the layer knows. Without it, the
   * listener given to {@link io.s3dlio.ObjectStores} hears the URIs below, which the server is
   * asked about.
   *
   * @param listener hears of every request
   * @return what to open the store with
   */
  public RequestListener listener(RequestListener listener) {
    return event ->
        listener.onRequest(
            new RequestEvent(
                event.operation(),
                event.uri() == null ? null : above(event.uri()),
                event.offset(),
                event.bytes(),
                event.attempt(),
                event.endpoint(),
                event.startNanos(),
                event.firstByteNanos(),
                event.endNanos(),
                event.status(),
                event.error(),
                event.checksum()));
  }

  String below(String key) {
    return prefix + key;
  }

  ObjectUri below(ObjectUri uri) {
    return uri.withKey(below(uri.key()));
  }

  /** Where a bucket is; below the prefix where a bucket is a directory. */
  ObjectUri bucketBelow(ObjectUri uri) {
    return ObjectUri.hasBuckets(uri.scheme()) ? uri : below(uri);
  }

  /** What the caller calls it; the same if it is not below the prefix. */
  ObjectUri above(ObjectUri uri) {
    return uri.key().startsWith(prefix) ? uri.withKey(uri.key().substring(prefix.length())) : uri;
  }

  /** An error about a place below, said of the same place above; any other as it is. */
  Throwable above(Throwable error, ObjectUri... places) {
    if (error instanceof ObjectStoreException failure && failure.uri().isPresent()) {
      ObjectUri where = failure.uri().get();
      for (ObjectUri place : places) {
        if (where.equals(place)) {
          return above(failure, where);
        }
      }
    }
    return error;
  }

  private ObjectStoreException above(ObjectStoreException failure, ObjectUri where) {
    String head = failure.operation() + " " + where + ": ";
    String message = String.valueOf(failure.getMessage());
    return ObjectStoreException.of(
        failure.kind(),
        failure.operation(),
        above(where),
        message.startsWith(head) ? message.substring(head.length()) : message,
        failure);
  }
}
