package io.s3dlio.rest;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** For deadlines and pauses between attempts. */
public final class Timers {

  private Timers() {}

  /**
   * Makes a timer with one thread, which does not keep the JVM alive.
   *
   * @param name of the thread
   * @return the timer, which the caller shuts down
   */
  public static ScheduledExecutorService start(String name) {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true); // the deadline of a request that has long been answered
    // With something due sooner than any deadline, a request does not wake the timer's thread.
    timer.scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.SECONDS);
    return timer;
  }
}
