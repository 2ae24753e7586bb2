/** What the machine offers. */
module io.s3dlio.platform {
  exports io.s3dlio.platform;
}
