package io.s3dlio.s3;

import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorChooserFactory.EventExecutorChooser;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The network threads. One that asks for another gets another: the SDK (2.56.0, {@code
 * HttpOrHttp2ChannelPool.acquire0}) forgets who waits for the first connection of a pool if that
 * fails before the waiting has begun, and the request then hangs. That cannot be where the failure
 * has to be told by another thread, whose message waits for its turn.
 */
final class EventLoops {

  private static final AtomicInteger NUMBER = new AtomicInteger();

  private EventLoops() {}

  /**
   * Starts threads when they are first needed.
   *
   * @param busy how many may be busy with the connections of one endpoint
   * @return the group, with one more for the endpoint's pool itself
   */
  @SuppressWarnings("deprecation") // the SDK knows no newer kind of group
  static EventLoopGroup group(int busy) {
    return new NioEventLoopGroup(
        busy + 1,
        EventLoops::start,
        EventLoops::another,
        SelectorProvider.provider(),
        DefaultSelectStrategyFactory.INSTANCE);
  }

  private static void start(Runnable loop) {
    Thread thread = new Thread(loop, "s3dlio-s3-" + NUMBER.incrementAndGet());
    thread.setDaemon(true);
    thread.start();
  }

  private static EventExecutorChooser another(EventExecutor[] loops) {
    AtomicInteger turn = new AtomicInteger();
    return () -> {
      int i = Math.floorMod(turn.getAndIncrement(), loops.length);
      return loops[i].inEventLoop() ? loops[(i + 1) % loops.length] : loops[i];
    };
  }
}
