package io.s3dlio.azure;

import io.s3dlio.RequestListener;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The accounts that a store speaks to, each connected when it is first asked for. */
final class Connections {

  private final AzureSettings settings;
  private final RequestListener listener;
  private final Map<String, Connection> open = new ConcurrentHashMap<>();
  private volatile boolean closed;

  Connections(AzureSettings settings, RequestListener listener) {
    this.settings = settings;
    this.listener = listener;
  }

  /**
   * Who serves an account.
   *
   * @throws IllegalArgumentException if the settings do not tell, or the store is closed
   */
  Connection to(Place place) {
    Connection known = open.get(place.account());
    return known != null ? known : connect(place.account());
  }

  private synchronized Connection connect(String account) {
    if (closed) {
      throw new IllegalArgumentException("the store is closed");
    }
    return open.computeIfAbsent(
        account, name -> new Connection(settings.account(name), settings, listener));
  }

  synchronized void close() {
    closed = true;
    open.values().forEach(Connection::close);
    open.clear();
  }
}
