/** The store on Google Cloud Storage. */
module io.s3dlio.backend.gcs {
  exports io.s3dlio.gcs;

  requires transitive io.s3dlio.core;
  requires io.s3dlio.http;
  requires com.google.auth;
  requires com.google.auth.oauth2;
  requires com.google.gson;
  requires org.reactivestreams;

  provides io.s3dlio.spi.ObjectStoreProvider with
      io.s3dlio.gcs.GcsProvider;
}
