/** The store on files. */
module io.s3dlio.backend.file {
  requires transitive io.s3dlio.core;
  requires io.s3dlio.platform;

  exports io.s3dlio.file;

  provides io.s3dlio.spi.ObjectStoreProvider with
      io.s3dlio.file.FileStoreProvider;
}
