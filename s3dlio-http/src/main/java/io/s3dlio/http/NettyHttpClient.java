package io.s3dlio.http;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManager;

/**
 * An HTTP/1.1 client on Netty. A request whose handler names an {@link Intake} receives in place;
 * every request sends from the memory that its content gives. Follows no redirects and repeats
 * nothing. Thread-safe.
 */
public final class NettyHttpClient implements AutoCloseable {

  /** How long closing connections may take; the threads are daemons and nobody waits for them. */
  private static final long CLOSE_SECONDS = 5;

  private final EventLoopGroup threads;
  private final Connector connector;
  private final Pool pool;
  private final Proxies proxies;

  /**
   * Opens no connection and starts no thread yet.
   *
   * @param limits what it may use
   * @param cpus how many threads it may have
   * @param proxies by way of whom it goes
   * @param trust who tells which certificates hold; null for whom Java trusts
   */
  public NettyHttpClient(Limits limits, int cpus, Proxies proxies, TrustManager trust) {
    this.proxies = proxies;
    this.threads =
        new MultiThreadIoEventLoopGroup(
            Math.min(limits.connections(), cpus),
            new DefaultThreadFactory("s3dlio-" + limits.store(), true),
            NioIoHandler.newFactory());
    this.connector = new Connector(threads, limits, Tls.once(trust));
    this.pool = new Pool(limits, connector);
  }

  /**
   * Sends a request.
   *
   * @param request what is sent
   * @param handler hears of the answer
   * @return done when the answer is complete; completing it otherwise gives the request up
   */
  public CompletableFuture<Void> execute(HttpRequest request, ResponseHandler handler) {
    boolean tls = request.tls();
    Route route =
        new Route(
            tls, request.host(), request.port(), proxies.find(tls, request.host(), request.port()));
    Exchange exchange = new Exchange(request, handler, route);
    pool.submit(exchange);
    return exchange.future;
  }

  /** Ends what is under way. Does not wait for the threads, which end soon after. */
  @Override
  public void close() {
    pool.close();
    connector.close();
    threads.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
  }
}
