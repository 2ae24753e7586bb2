package io.s3dlio.s3.http;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;

/**
 * An HTTP/1.1 client on Netty. A request that names an {@link Intake} receives in place; every
 * request sends from the memory that its publisher gives. Follows no redirects and repeats nothing:
 * both are the SDK's. Thread-safe.
 */
public final class NettyHttpClient implements SdkAsyncHttpClient {

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
   * @param tls how to speak TLS; asked when it is needed
   */
  public NettyHttpClient(Limits limits, int cpus, Proxies proxies, Supplier<SslContext> tls) {
    this.proxies = proxies;
    this.threads =
        new MultiThreadIoEventLoopGroup(
            Math.min(limits.connections(), cpus),
            new DefaultThreadFactory("s3dlio-s3", true),
            NioIoHandler.newFactory());
    this.connector = new Connector(threads, limits, tls);
    this.pool = new Pool(limits, connector);
  }

  @Override
  public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
    SdkHttpRequest http = request.request();
    boolean tls = "https".equalsIgnoreCase(http.protocol());
    Route route =
        new Route(tls, http.host(), http.port(), proxies.find(tls, http.host(), http.port()));
    Exchange exchange = new Exchange(request, route);
    pool.submit(exchange);
    return exchange.future;
  }

  @Override
  public String clientName() {
    return "S3dlioNetty";
  }

  /** Ends what is under way. Does not wait for the threads, which end soon after. */
  @Override
  public void close() {
    pool.close();
    connector.close();
    threads.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
  }
}
