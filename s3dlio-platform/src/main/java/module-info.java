/** What the machine offers. */
module io.s3dlio.platform {
  requires com.sun.jna;
}
