/** What the machine offers. */
module io.s3dlio.platform {
  // Has the option for direct I/O, which is found by name.
  requires jdk.unsupported;
  // For hints to the page cache and for pinning, where it is there.
  requires static com.sun.jna;

  exports io.s3dlio.platform;
}
