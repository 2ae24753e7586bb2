package io.s3dlio.s3;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.RequestListener;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The endpoints that a store speaks to, each connected when it is first asked for. */
final class Connections {

  private final S3Settings settings;
  private final RequestListener listener;
  private final Map<Endpoint, Connection> open = new HashMap<>();

  /** Which of them serves {@code host:port}, or the empty host of URIs that have none. */
  private final Map<String, Connection> byHost = new ConcurrentHashMap<>();

  private boolean closed;

  Connections(S3Settings settings, RequestListener listener) {
    this.settings = settings;
    this.listener = listener;
  }

  /**
   * Who serves a place.
   *
   * @throws IllegalArgumentException if the settings do not tell, or the store is closed
   */
  Connection to(Place place) {
    Connection known = byHost.get(place.host());
    return known != null ? known : connect(place.host());
  }

  private synchronized Connection connect(String host) {
    if (closed) {
      throw new IllegalArgumentException("the store is closed");
    }
    Connection connection =
        open.computeIfAbsent(
            settings.endpoint(host), endpoint -> new Connection(endpoint, settings, listener));
    byHost.put(host, connection);
    return connection;
  }

  synchronized void close() throws ObjectStoreException {
    closed = true;
    byHost.clear();
    RuntimeException failure = null;
    for (Connection connection : open.values()) {
      try {
        connection.close();
      } catch (RuntimeException e) { // the others are closed all the same
        failure = e;
      }
    }
    open.clear();
    if (failure != null) {
      throw new ObjectStoreException(Kind.UNKNOWN, "close", null, failure.toString(), failure);
    }
  }
}
