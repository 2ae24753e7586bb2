/** The store on files. */
module io.s3dlio.backend.file {
  requires io.s3dlio.core;
}
