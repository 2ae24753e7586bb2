package io.s3dlio.file;

/** What every store does, past the page cache. */
class DirectContractTest extends FileContractTest {

  @Override
  protected String scheme() {
    return "direct";
  }
}
