package io.s3dlio.testkit.server;

import java.net.URI;

/**
 * A running server on the loopback interface, with nothing in it at the start. Thread-safe.
 *
 * <p>Whoever starts one closes it; those of {@link TestServers} close themselves.
 */
public interface TestServer extends AutoCloseable {

  /**
   * What it is and where it came from, for messages.
   *
   * @return such as {@code MinIO (/usr/local/bin/minio)}
   */
  String name();

  /**
   * Where it listens.
   *
   * @return scheme, address and port, such as {@code http://127.0.0.1:41234}
   */
  URI endpoint();

  /**
   * Stops it and deletes what it stored. Closing it again has no effect.
   *
   * @throws IllegalStateException if it cannot be stopped
   */
  @Override
  void close();
}
