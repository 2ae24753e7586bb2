package io.s3dlio.testkit.server;

/** A server that is started at most once, when it is first asked for. */
final class SharedServer {

  /** How it is started. */
  interface Starter {
    S3Server start() throws ServerUnavailableException;
  }

  private final Starter starter;
  private S3Server server;
  private ServerUnavailableException unavailable;

  SharedServer(Starter starter) {
    this.starter = starter;
  }

  synchronized S3Server get() throws ServerUnavailableException {
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
      S3Server closing = server;
      server = null;
      closing.close();
    }
  }
}
