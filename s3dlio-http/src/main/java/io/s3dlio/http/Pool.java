package io.s3dlio.http;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/**
 * The connections of a client, at most so many. A request gets the one that was used last, or a new
 * one, or waits its turn, for as long as its caller waits. Thread-safe.
 */
final class Pool {

  private final Limits limits;
  private final Connector connector;
  private final Set<Http1Connection> open = new HashSet<>();
  private final Deque<Http1Connection> idle = new ArrayDeque<>();
  private final Deque<Exchange> waiting = new ArrayDeque<>();

  /** Those for which a connection is being opened, which counts as open. */
  private final Set<Exchange> opening = new HashSet<>();

  private boolean closed;

  Pool(Limits limits, Connector connector) {
    this.limits = limits;
    this.connector = connector;
  }

  /** Sees that a request is served. */
  void submit(Exchange exchange) {
    boolean refused;
    Http1Connection found;
    Http1Connection evicted = null;
    synchronized (this) {
      refused = closed;
      found = takeIdle(exchange.route);
      if (found == null && !refused) {
        if (open.size() + opening.size() >= limits.connections()) {
          evicted = idle.pollFirst(); // to another host, or it had been found
          if (evicted == null) {
            waiting.add(exchange);
            return;
          }
          open.remove(evicted);
        }
        opening.add(exchange);
      }
    }
    if (evicted != null) {
      evicted.close(closed());
    }
    if (refused) {
      exchange.fail(closed());
    } else if (found != null) {
      found.serve(exchange);
    } else {
      open(exchange);
    }
  }

  private Http1Connection takeIdle(Route route) {
    for (Iterator<Http1Connection> last = idle.descendingIterator(); last.hasNext(); ) {
      Http1Connection connection = last.next();
      if (connection.route.equals(route)) {
        last.remove();
        return connection;
      }
    }
    return null;
  }

  /** Opens a connection, which has been counted, for a request. */
  private void open(Exchange exchange) {
    connect(exchange.route)
        .whenComplete(
            (channel, error) -> {
              if (error == null) {
                opened(channel, exchange);
              } else {
                unopened(exchange, error);
              }
            });
  }

  private CompletableFuture<WireChannel> connect(Route route) {
    try {
      return connector.connect(route);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(closed());
    }
  }

  private void opened(WireChannel channel, Exchange exchange) {
    Http1Connection connection = new Http1Connection(channel, exchange.route, this, limits);
    channel.pipeline().addLast(connection);
    boolean wanted;
    synchronized (this) {
      wanted = opening.remove(exchange); // not if the pool was closed meanwhile
      if (wanted) {
        open.add(connection);
      }
    }
    if (wanted) {
      connection.serve(exchange);
    } else {
      channel.close();
    }
  }

  private void unopened(Exchange exchange, Throwable why) {
    Exchange next;
    synchronized (this) {
      if (!opening.remove(exchange)) {
        return; // it has been told that the pool was closed
      }
      next = nextToOpen();
    }
    exchange.fail(why);
    if (next != null) {
      open(next);
    }
  }

  /** A connection has served its request and can serve another. */
  void release(Http1Connection connection) {
    Exchange next;
    boolean same = false;
    synchronized (this) {
      if (!open.contains(connection)) {
        return; // closed meanwhile; its place has been given away
      }
      next = nextWaiting();
      if (next == null) {
        idle.addLast(connection);
        return;
      }
      same = next.route.equals(connection.route);
      if (!same) {
        open.remove(connection);
        opening.add(next);
      }
    }
    if (same) {
      connection.serve(next);
    } else {
      connection.close(closed());
      open(next);
    }
  }

  /** A connection is closed. */
  void gone(Http1Connection connection) {
    Exchange next;
    synchronized (this) {
      if (!open.remove(connection)) {
        return;
      }
      idle.remove(connection);
      next = nextToOpen();
    }
    if (next != null) {
      open(next);
    }
  }

  /** Whoever is next; those that nobody waits for any more are forgotten. */
  private Exchange nextWaiting() {
    Exchange next = waiting.poll();
    while (next != null && next.isOver()) {
      next = waiting.poll();
    }
    return next;
  }

  private Exchange nextToOpen() {
    Exchange next = closed ? null : nextWaiting();
    if (next != null) {
      opening.add(next);
    }
    return next;
  }

  private static IllegalStateException closed() {
    return new IllegalStateException("the HTTP client is closed");
  }

  /** Ends all connections, and the requests that they serve or that wait for one. */
  void close() {
    List<Http1Connection> connections;
    List<Exchange> requests;
    synchronized (this) {
      closed = true;
      connections = new ArrayList<>(open);
      requests = new ArrayList<>(waiting);
      requests.addAll(opening);
      open.clear();
      idle.clear();
      waiting.clear();
      opening.clear();
    }
    requests.forEach(request -> request.fail(closed()));
    connections.forEach(connection -> connection.close(closed()));
  }
}
