/** The contract that every backend passes, and the servers that tests speak to. */
module io.s3dlio.testkit {
  requires transitive io.s3dlio.core;
  requires io.s3dlio.datagen;
  requires transitive org.junit.jupiter.api;
  requires transitive org.junit.platform.launcher;
  requires org.assertj.core;
  requires org.junit.jupiter.params;
  requires org.opentest4j;

  exports io.s3dlio.testkit;
  exports io.s3dlio.testkit.fault;
  exports io.s3dlio.testkit.process;
  exports io.s3dlio.testkit.server;

  provides org.junit.platform.launcher.LauncherSessionListener with
      io.s3dlio.testkit.server.TestServersSession;
  provides org.junit.platform.launcher.TestExecutionListener with
      io.s3dlio.testkit.server.NotTestedReport;
}
