package io.s3dlio.internal;

import io.s3dlio.RequestEvent;
import io.s3dlio.RequestListener;
import io.s3dlio.spi.Secrets;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Writes a line a request to the logger of its scheme, {@code io.s3dlio.s3} for instance: requests
 * for parts at TRACE, others at DEBUG.
 */
public final class RequestLog implements RequestListener {

  private final Logger log;
  private final RequestListener next;

  /**
   * Logs, then tells another listener.
   *
   * @param scheme of the store
   * @param next hears the same
   */
  public RequestLog(String scheme, RequestListener next) {
    this.log = System.getLogger("io.s3dlio." + scheme);
    this.next = next;
  }

  @Override
  public void onRequest(RequestEvent event) {
    log.log(event.operation().endsWith("Part") ? Level.TRACE : Level.DEBUG, () -> describe(event));
    next.onRequest(event);
  }

  private static String describe(RequestEvent event) {
    String line =
        "%s %s%s: %s%d bytes in %.3f ms, attempt %d at %s"
            .formatted(
                event.operation(),
                event.uri(),
                event.offset() < 0 ? "" : " from " + event.offset(),
                event.error().map(kind -> kind + " (" + event.status() + "), ").orElse(""),
                event.bytes(),
                (event.endNanos() - event.startNanos()) / 1e6,
                event.attempt(),
                event.endpoint());
    return Secrets.masked(line);
  }
}
