package io.s3dlio.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.opentest4j.TestAbortedException;

/** What did not run is named, with its reason, and nothing is printed when everything ran. */
class NotTestedReportTest {

  @Test
  void namesAnAbortedClass() {
    assertThat(reportOf(AbortedAsAWhole.class))
        .contains("NOT TESTED, the server cannot be had; two reasons")
        .contains(AbortedAsAWhole.class.getName());
  }

  @Test
  void namesAbortedAndSkippedTests() {
    assertThat(reportOf(SomeAborted.class))
        .contains("NOT TESTED, not here")
        .contains(SomeAborted.class.getName() + ".aborted")
        .contains("NOT TESTED, switched off")
        .contains(SomeAborted.class.getName() + ".skipped")
        .doesNotContain("passes");
  }

  @Test
  void isSilentWhenEverythingRan() {
    assertThat(reportOf(AllRan.class)).isEmpty();
  }

  private static String reportOf(Class<?> tests) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    LauncherFactory.create(
            LauncherConfig.builder()
                .enableTestExecutionListenerAutoRegistration(false)
                .enableLauncherSessionListenerAutoRegistration(false)
                .build())
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(tests))
                .filters(EngineFilter.includeEngines("junit-jupiter"))
                .build(),
            new NotTestedReport(() -> out));
    return printed.toString(StandardCharsets.UTF_8);
  }

  /** Samples: run by the launcher above, not by the build. */
  static class AbortedAsAWhole {
    @BeforeAll
    static void abort() {
      throw new TestAbortedException("the server cannot be had\ntwo reasons");
    }

    @Test
    void wouldPass() {}
  }

  static class SomeAborted {
    @Test
    void aborted() {
      throw new TestAbortedException("not here");
    }

    @Test
    @Disabled("switched off")
    void skipped() {}

    @Test
    void passes() {}
  }

  static class AllRan {
    @Test
    void passes() {}
  }
}
