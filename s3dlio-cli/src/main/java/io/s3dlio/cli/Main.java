package io.s3dlio.cli;

/** Where the command begins. */
public final class Main {
  private Main() {}

  /**
   * Runs the command and ends the JVM with its exit status.
   *
   * @param args what the user typed
   */
  public static void main(String[] args) {
    System.err.println("s3dlio: no command named");
    System.exit(2);
  }
}
