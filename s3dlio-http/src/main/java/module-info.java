/** HTTP for the stores of clouds. */
@SuppressWarnings("module") // those it is for are built later
module io.s3dlio.http {
  exports io.s3dlio.http to
      io.s3dlio.backend.s3,
      io.s3dlio.backend.azure,
      io.s3dlio.backend.gcs;
  exports io.s3dlio.rest to
      io.s3dlio.backend.s3,
      io.s3dlio.backend.azure,
      io.s3dlio.backend.gcs;

  requires transitive io.s3dlio.core;
  requires java.xml;
  requires io.netty.buffer;
  requires io.netty.codec;
  requires io.netty.common;
  requires transitive io.netty.handler;
  requires io.netty.transport;
  requires transitive org.reactivestreams;
}
