/** What the machine offers. */
module io.s3dlio.platform {
  // Has the option for direct I/O, which is found by name.
  requires jdk.unsupported;

  exports io.s3dlio.platform;
}
