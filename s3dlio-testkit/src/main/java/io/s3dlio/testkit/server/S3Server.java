package io.s3dlio.testkit.server;

import java.util.Set;

/** A running server that speaks the S3 protocol. Speak to it in path style. Thread-safe. */
public interface S3Server extends TestServer {

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
}
