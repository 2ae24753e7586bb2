package io.s3dlio.testkit.server;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Stops the servers of {@link TestServers} when JUnit is done. JUnit finds it by itself. */
public final class TestServersSession implements LauncherSessionListener {

  /** For JUnit. */
  public TestServersSession() {}

  @Override
  public void launcherSessionClosed(LauncherSession session) {
    TestServers.close();
  }
}
