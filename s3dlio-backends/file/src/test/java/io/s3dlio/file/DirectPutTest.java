package io.s3dlio.file;

/** The same past the page cache. */
class DirectPutTest extends FilePutTest {

  @Override
  String scheme() {
    return "direct";
  }
}
