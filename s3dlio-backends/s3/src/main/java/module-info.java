/** The store on S3 and what speaks its protocol. */
@SuppressWarnings("module") // "s3" ends in a digit because it is the name of the thing
module io.s3dlio.backend.s3 {
  exports io.s3dlio.s3;

  requires transitive io.s3dlio.core;
  requires io.s3dlio.http;
  requires java.xml;
  requires io.netty.common;
  requires io.netty.transport;
  requires org.reactivestreams;
  requires software.amazon.awssdk.auth;
  requires software.amazon.awssdk.awscore;
  requires software.amazon.awssdk.core;
  requires software.amazon.awssdk.http;
  requires software.amazon.awssdk.http.auth.aws;
  requires software.amazon.awssdk.http.auth.spi;
  requires software.amazon.awssdk.http.nio.netty;
  requires software.amazon.awssdk.identity.spi;
  requires software.amazon.awssdk.profiles;
  requires software.amazon.awssdk.regions;
  requires software.amazon.awssdk.retries;
  requires software.amazon.awssdk.retries.api;
  requires software.amazon.awssdk.services.s3;
  requires software.amazon.awssdk.utils;

  provides io.s3dlio.spi.ObjectStoreProvider with
      io.s3dlio.s3.S3Provider;
}
