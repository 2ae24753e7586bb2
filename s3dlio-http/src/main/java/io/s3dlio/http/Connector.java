package io.s3dlio.http;

import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Opens connections: finds the host, connects, passes the proxy, agrees on TLS. */
final class Connector implements AutoCloseable {

  private static final int RESOLVERS = 4;

  private final EventLoopGroup threads;
  private final Limits limits;
  private final Supplier<SslContext> tls;

  /** Looking a name up blocks, and must not block those that wait for bytes. */
  private final ThreadPoolExecutor resolvers;

  private final AtomicInteger turn = new AtomicInteger();

  /** On their way. Guarded by this, as is {@code closed}. */
  private final Set<Connecting> pending = new HashSet<>();

  private boolean closed;

  Connector(EventLoopGroup threads, Limits limits, Supplier<SslContext> tls) {
    this.threads = threads;
    this.limits = limits;
    this.tls = tls;
    this.resolvers =
        new ThreadPoolExecutor(
            RESOLVERS,
            RESOLVERS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "s3dlio-" + limits.store() + "-dns");
              thread.setDaemon(true);
              return thread;
            });
    resolvers.allowCoreThreadTimeOut(true);
  }

  /**
   * Opens one.
   *
   * @return completes on the thread of the channel, which is the caller's
   * @throws RejectedExecutionException if this is closed
   */
  CompletableFuture<WireChannel> connect(Route route) {
    Connecting connecting = begin(route);
    String host = route.nextHost();
    boolean literal =
        host.startsWith("[")
            || NetUtil.isValidIpV4Address(host)
            || NetUtil.isValidIpV6Address(host);
    if (literal) {
      resolve(connecting, host);
    } else {
      ExecutorService elsewhere = resolvers;
      elsewhere.execute(() -> resolve(connecting, host));
    }
    return connecting.result();
  }

  private synchronized Connecting begin(Route route) {
    if (closed) {
      throw clientClosed();
    }
    Connecting connecting = new Connecting(route, threads.next(), limits.connect(), tls);
    pending.add(connecting);
    connecting.result().whenComplete((channel, error) -> end(connecting));
    return connecting;
  }

  private synchronized void end(Connecting connecting) {
    pending.remove(connecting);
  }

  private void resolve(Connecting connecting, String host) {
    try {
      connecting.to(InetAddress.getAllByName(host), turn.getAndIncrement());
    } catch (UnknownHostException e) {
      connecting.fail(e);
    }
  }

  /**
   * Gives up what is on its way. The threads must go on until they have: a connection that is begun
   * when they end is closed by nobody.
   */
  @Override
  public void close() {
    List<Connecting> left;
    synchronized (this) {
      closed = true;
      left = List.copyOf(pending);
    }
    resolvers.shutdownNow();
    left.forEach(one -> one.fail(clientClosed()));
  }

  private static RejectedExecutionException clientClosed() {
    return new RejectedExecutionException("the HTTP client is closed");
  }
}
