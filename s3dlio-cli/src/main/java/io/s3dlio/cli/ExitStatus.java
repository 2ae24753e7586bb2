package io.s3dlio.cli;

/** What the command's end tells its caller. */
final class ExitStatus {

  /** All was done. */
  static final int DONE = 0;

  /** Something failed. */
  static final int FAILED = 1;

  /** The command line or the configuration is wrong; nothing was done. */
  static final int USAGE = 2;

  /** Data read is not the data that was written. */
  static final int WRONG_DATA = 3;

  private ExitStatus() {}
}
