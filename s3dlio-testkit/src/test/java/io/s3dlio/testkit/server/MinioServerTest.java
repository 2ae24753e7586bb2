package io.s3dlio.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MinIO as a process: it leaves nothing behind, whatever happens to the JVM that started it. */
class MinioServerTest {

  @Test
  void anotherProgramSaysWhyItIsNoServer(@TempDir Path directory) throws IOException {
    Path program = program(directory, "echo 'no space left'; exit 1");
    assertThatThrownBy(() -> MinioServer.startBinary(program))
        .isInstanceOf(ServerUnavailableException.class)
        .hasMessageContaining(program.toString())
        .hasMessageContaining("no space left");
  }

  @Test
  void aMissingProgramSaysSo(@TempDir Path directory) {
    Path program = directory.resolve("minio");
    assertThatThrownBy(() -> MinioServer.startBinary(program))
        .isInstanceOf(ServerUnavailableException.class)
        .hasMessageContaining(program.toString());
  }

  @Test
  void aClosedServerLeavesNothing(@TempDir Path temporary) throws Exception {
    try (OtherJvm jvm = new OtherJvm(temporary)) {
      jvm.answer();
      List<ProcessHandle> children = jvm.children();
      jvm.order("close");
      assertThat(jvm.awaitExit()).isZero();
      jvm.assertNothingLeft(children);
    }
  }

  @Test
  void aKilledJvmLeavesNothing(@TempDir Path temporary) throws Exception {
    try (OtherJvm jvm = new OtherJvm(temporary)) {
      jvm.answer();
      List<ProcessHandle> children = jvm.children();
      jvm.kill();
      jvm.assertNothingLeft(children);
    }
  }

  @Test
  void severalJvmsAtOnceDoNotMeet(@TempDir Path temporary) throws Exception {
    List<OtherJvm> jvms = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        jvms.add(new OtherJvm(Files.createDirectory(temporary.resolve("jvm" + i))));
      }
      List<String> endpoints = new ArrayList<>();
      for (OtherJvm jvm : jvms) {
        endpoints.add(jvm.answer());
      }
      assertThat(endpoints).doesNotHaveDuplicates().doesNotContainNull();
      for (int i = 0; i < jvms.size(); i++) {
        jvms.get(i).order("look");
        assertThat(jvms.get(i).answer()).isEqualTo(endpoints.get(i) + " 1");
      }
      for (OtherJvm jvm : jvms) {
        List<ProcessHandle> children = jvm.children();
        jvm.order("close");
        assertThat(jvm.awaitExit()).isZero();
        jvm.assertNothingLeft(children);
      }
    } finally {
      jvms.forEach(OtherJvm::close);
    }
  }

  private static Path program(Path directory, String body) throws IOException {
    Path program = directory.resolve("minio");
    Files.writeString(program, "#!/bin/sh\n" + body + "\n");
    return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
  }
}
