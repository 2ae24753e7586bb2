/** The store: its API, buffers and the transfer engine. */
module io.s3dlio.core {
  exports io.s3dlio;
  exports io.s3dlio.buffer;
  exports io.s3dlio.layer;
  exports io.s3dlio.spi;

  requires java.management;
  requires jdk.management;

  uses io.s3dlio.spi.ObjectStoreProvider;
}
