package io.s3dlio.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.platform.Deployment.Kind;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeploymentTest {

  @TempDir Path root;

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "/.dockerenv, \"\", CONTAINER",
        "/run/.containerenv, \"\", CONTAINER",
        "/run/systemd/container, systemd-nspawn, CONTAINER",
        "/proc/self/cgroup, 0::/kubepods.slice/kubepods-besteffort.slice/pod1, CONTAINER",
        "/proc/self/cgroup, 4:memory:/docker/0123456789abcdef, CONTAINER",
        "/proc/self/cgroup, 0::/machine.slice/libpod-0123.scope/container, CONTAINER",
        "/proc/self/cgroup, 0::/system.slice/docker.service, UNKNOWN",
        "/sys/hypervisor/type, xen, VIRTUAL_MACHINE",
        "/sys/class/dmi/id/sys_vendor, QEMU, VIRTUAL_MACHINE",
        "/sys/class/dmi/id/sys_vendor, Amazon EC2, VIRTUAL_MACHINE",
        "/sys/class/dmi/id/product_name, Google Compute Engine, VIRTUAL_MACHINE",
        "/sys/class/dmi/id/product_name, m7g.metal, BARE_METAL",
        "/sys/class/dmi/id/product_name, PowerEdge R750, UNKNOWN",
        "/proc/cpuinfo, \"flags\t\t: fpu vme hypervisor lahf_lm\", VIRTUAL_MACHINE",
        "/proc/cpuinfo, \"flags\t\t: fpu vme lahf_lm\", BARE_METAL",
        "/proc/cpuinfo, \"Features\t: fp asimd\", UNKNOWN",
        "/proc/nothing, \"\", UNKNOWN",
      })
  void one_file_tells(String file, String text, Kind kind) {
    Deployment found = new RecordedMachine(root).file(file, text).read().deployment();
    assertThat(found.kind()).isEqualTo(kind);
    assertThat(found.evidence()).contains(kind == Kind.UNKNOWN ? "no file tells" : file);
  }

  @ParameterizedTest
  @CsvSource({"Amazon EC2, m7i.metal-24xl, BARE_METAL", "Amazon EC2, m7i.large, VIRTUAL_MACHINE"})
  void a_rented_machine_says_what_it_is(String vendor, String product, Kind kind) {
    RecordedMachine machine =
        new RecordedMachine(root)
            .file("/sys/class/dmi/id/sys_vendor", vendor)
            .file("/sys/class/dmi/id/product_name", product)
            .file("/proc/cpuinfo", "flags : fpu vme");
    assertThat(machine.read().deployment().kind()).isEqualTo(kind);
    machine.file("/.dockerenv", "");
    assertThat(machine.read().deployment().kind())
        .as("a container on it")
        .isEqualTo(Kind.CONTAINER);
  }
}
