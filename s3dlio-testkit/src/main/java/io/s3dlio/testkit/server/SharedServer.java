package io.s3dlio.testkit.server;

/**
 * A server that is started at most once, when it is first asked for.
 *
 * @param <S> its kind
 */
final class SharedServer<S extends TestServer> {

  /** How it is started. */
  interface Starter<S> {
    S start() throws ServerUnavailableException;
  }

  private final Starter<S> starter;
  private S server;
  private ServerUnavailableException unavailable;

  SharedServer(Starter<S> starter) {
    this.starter = starter;
  }

  synchronized S get() throws ServerUnavailableException {
    if (unavailable != null) {
      throw unavailable;
    }
    if (server == null) {
      try {
        server = starter.start();
      } catch (ServerUnavailableException e) {
        unavailable = e;
        throw e;
      }
    }
    return server;
  }

  synchronized void close() {
    if (server != null) {
      S closing = server;
      server = null;
      closing.close();
    }
  }
}
