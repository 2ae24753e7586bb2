/** Synthetic data and its check. */
module io.s3dlio.datagen {
  exports io.s3dlio.datagen;

  requires transitive io.s3dlio.core;
  requires io.s3dlio.platform;
  requires java.management;
}
