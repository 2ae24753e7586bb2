/** The store on S3. */
@SuppressWarnings("module") // "s3" ends in a digit because it is the name of the thing
module io.s3dlio.backend.s3 {
  requires io.s3dlio.core;
}
