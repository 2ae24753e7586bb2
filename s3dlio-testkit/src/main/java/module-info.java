/** The contract that every backend passes, and the servers that tests speak to. */
module io.s3dlio.testkit {
  requires transitive io.s3dlio.core;
}
