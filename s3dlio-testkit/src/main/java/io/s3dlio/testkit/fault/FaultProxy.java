package io.s3dlio.testkit.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Stands between a client and a real server that speak HTTP/1.1 without TLS, hands on what they
 * say, keeps a record of every request, and does the harm that it is told to do.
 *
 * <p>Each connection of the client has one to the server, with the same requests in the same order;
 * where no fault strikes, a connection that was kept open stays open. Bodies are handed on byte by
 * byte as they come; those sent in chunks are read whole first and then have a length. A fault
 * counts as {@linkplain #fired() fired} when it has struck, not when it was ordered.
 *
 * <p>Listens on the loopback interface. Thread-safe. Whoever starts it closes it.
 */
public final class FaultProxy implements AutoCloseable {

  private final ServerSocket listener;
  private final URI server;
  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final List<Exchange> exchanges = new ArrayList<>();
  private final Set<ProxiedConnection> open = new HashSet<>();
  private int accepted;
  private boolean closed;

  private record Rule(Fault fault, Schedule.Counter<Exchange> schedule) {}

  /** A fault that is to strike now. */
  record Strike(Fault fault, Schedule.Choice choice) {}

  private FaultProxy(ServerSocket listener, URI server) {
    this.listener = listener;
    this.server = server;
  }

  /**
   * Starts one that does no harm yet.
   *
   * @param server where the real server is, with an explicit port
   * @return the proxy, which the caller closes
   */
  public static FaultProxy to(URI server) {
    try {
      FaultProxy proxy =
          new FaultProxy(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()), server);
      daemon("fault-proxy", proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Where it listens.
   *
   * @return such as {@code http://127.0.0.1:41234}
   */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /**
   * Orders a fault. Of several that would hit one exchange at one moment, the first ordered does.
   *
   * @param fault what to do
   * @param schedule to which exchanges; of those that match, only the ones that the fault
   *     {@linkplain Exchange#fits fits} are counted
   */
  public void inject(Fault fault, Schedule<Exchange> schedule) {
    Schedule<Exchange> fitting =
        schedule.matching(e -> e.fits(fault) && schedule.matching().test(e));
    rules.add(new Rule(fault, new Schedule.Counter<>(fitting)));
  }

  /** Does no harm any more, and forgets all that came. */
  public void reset() {
    rules.clear();
    synchronized (this) {
      exchanges.clear();
    }
  }

  /**
   * All requests since the start or the last {@link #reset}.
   *
   * @return a copy, in the order of arrival
   */
  public synchronized List<Exchange> exchanges() {
    return List.copyOf(exchanges);
  }

  /**
   * The requests of one kind.
   *
   * @param action which
   * @return a copy, in the order of arrival
   */
  public List<Exchange> exchanges(S3Action action) {
    return exchanges().stream().filter(e -> e.action() == action).toList();
  }

  /**
   * The requests that a fault has struck.
   *
   * @return a copy, in the order of arrival
   */
  public List<Exchange> fired() {
    return exchanges().stream().filter(e -> e.fired().isPresent()).toList();
  }

  /**
   * How many connections the client has made.
   *
   * @return the number since the start
   */
  public synchronized int accepted() {
    return accepted;
  }

  /**
   * Waits until few connections of the client are open.
   *
   * @param atMost how many may be
   * @param limit how long to wait
   * @return how many are open
   * @throws InterruptedException if the thread is interrupted
   */
  public synchronized int awaitOpen(int atMost, Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    for (long left = limit.toNanos(); open.size() > atMost && left > 0; ) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = end - System.nanoTime();
    }
    return open.size();
  }

  /** Ends the connections that are open now. */
  public synchronized void disconnect() {
    open.forEach(ProxiedConnection::close);
  }

  private void accept() {
    while (true) {
      try {
        Socket client = listener.accept();
        ProxiedConnection connection;
        synchronized (this) {
          connection = new ProxiedConnection(this, ++accepted, client, server);
          open.add(connection);
          if (closed) {
            connection.close();
          }
        }
        daemon(
            "fault-proxy-" + accepted(),
            () -> {
              connection.run();
              ended(connection);
            });
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private synchronized void ended(ProxiedConnection connection) {
    open.remove(connection);
    notifyAll();
  }

  synchronized void arrived(Exchange exchange) {
    exchanges.add(exchange);
  }

  /** What is to be done to an exchange whose request, or whose answer, is there. */
  Optional<Strike> strike(Exchange exchange, boolean answered) {
    for (Rule rule : rules) {
      if (rule.fault.at().ofAnswer() == answered) {
        Schedule.Choice choice = rule.schedule.next(exchange);
        if (choice != null) {
          return Optional.of(new Strike(rule.fault, choice));
        }
      }
    }
    return Optional.empty();
  }

  private static void daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Ends all connections. */
  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      synchronized (this) {
        closed = true;
        disconnect();
      }
    }
  }
}
