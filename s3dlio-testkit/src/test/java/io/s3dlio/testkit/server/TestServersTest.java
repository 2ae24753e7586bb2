package io.s3dlio.testkit.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** Absence aborts a test, and fails it where the server is required. */
class TestServersTest {

  private static final SharedServer<S3Server> ABSENT =
      new SharedServer<S3Server>(
          () -> {
            throw new ServerUnavailableException("no such thing here", null);
          });

  private final String before = System.getProperty(TestServers.REQUIRE);

  @AfterEach
  void restore() {
    if (before == null) {
      System.clearProperty(TestServers.REQUIRE);
    } else {
      System.setProperty(TestServers.REQUIRE, before);
    }
  }

  @Test
  void absenceAborts() {
    System.setProperty(TestServers.REQUIRE, "s3proxy");
    assertThatThrownBy(() -> TestServers.obtain("minio", ABSENT::get))
        .isInstanceOf(TestAbortedException.class)
        .hasMessage("minio cannot be had: no such thing here");
  }

  @Test
  void absenceOfWhatIsRequiredFails() {
    System.setProperty(TestServers.REQUIRE, "s3proxy, minio");
    assertThatThrownBy(() -> TestServers.obtain("minio", ABSENT::get))
        .isExactlyInstanceOf(AssertionError.class)
        .hasMessageContaining("-Ds3dlio.test.require=minio")
        .hasMessageContaining("no such thing here");
  }

  @Test
  void anUnknownNameIsAnError() {
    System.setProperty(TestServers.REQUIRE, "mino");
    assertThatThrownBy(TestServers::s3proxy)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'mino'")
        .hasMessageContaining("minio");
  }
}
