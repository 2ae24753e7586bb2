/** File formats of training data around bytes from anywhere. */
module io.s3dlio.formats {
  exports io.s3dlio.formats;

  requires transitive io.s3dlio.core;
}
