package io.s3dlio.testkit.server;

import java.net.URI;
import java.util.Set;

/**
 * A running server that speaks the S3 protocol on the loopback interface, with nothing in it at the
 * start. Speak to it in path style. Thread-safe.
 *
 * <p>Whoever starts one closes it; those of {@link TestServers} close themselves.
 */
public interface S3Server extends AutoCloseable {

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
   * The region to sign for. Any other is accepted too.
   *
   * @return {@code us-east-1}
   */
  default String region() {
    return "us-east-1";
  }

  /**
   * The name of its one user, made up at random for this server.
   *
   * @return the access key ID
   */
  String accessKey();

  /**
   * The secret of its one user, made up at random for this server and checked by it.
   *
   * @return the secret access key; not for any log
   */
  String secretKey();

  /**
   * What this server does that not every one does.
   *
   * @return the traits, immutable
   */
  Set<S3Trait> traits();

  /**
   * Stops it and deletes what it stored. Closing it again has no effect.
   *
   * @throws IllegalStateException if it cannot be stopped
   */
  @Override
  void close();
}
