package io.s3dlio.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The script that gets the servers: versions are pinned, and what is missing is named. */
class InstallerTest {

  @ParameterizedTest
  @CsvSource({"minio, go", "azurite, npm", "fake-gcs-server, go"})
  void withoutTheProgramAndTheToolItSaysSo(String program, String tool, @TempDir Path empty)
      throws Exception {
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-s", "--", program);
    builder.redirectErrorStream(true);
    builder.environment().put("PATH", empty.toString());
    builder.environment().put("XDG_CACHE_HOME", empty.toString());
    Process script = run(builder);
    assertThat(script.exitValue()).isEqualTo(3);
    assertThat(new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains(program)
        .contains("is not there, and no " + tool + " on the PATH");
  }

  @Test
  void anUnknownProgramIsAnError() throws Exception {
    Process script = run(new ProcessBuilder("/bin/sh", "-s", "--", "ceph"));
    assertThat(script.exitValue()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void versionsArePinned(Installer installer) throws Exception {
    assertThat(installer.version()).matches("v?\\d+\\.\\d+\\.\\d+[-0-9a-f]*");
  }

  private static Process run(ProcessBuilder builder) throws Exception {
    Process script = builder.start();
    try (InputStream text = Installer.class.getResourceAsStream("install-server.sh");
        OutputStream input = script.getOutputStream()) {
      text.transferTo(input);
    }
    assertThat(script.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return script;
  }
}
