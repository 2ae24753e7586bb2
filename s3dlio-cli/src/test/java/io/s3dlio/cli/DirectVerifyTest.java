package io.s3dlio.cli;

/** The same past the page cache. */
class DirectVerifyTest extends FileVerifyTest {

  @Override
  String scheme() {
    return "direct";
  }
}
