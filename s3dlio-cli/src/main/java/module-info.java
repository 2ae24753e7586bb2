/** The command. */
module io.s3dlio.cli {
  requires io.s3dlio.core;
}
