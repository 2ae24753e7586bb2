package io.s3dlio.platform;

import java.util.List;
import java.util.regex.Pattern;

/**
 * On what this process runs.
 *
 * @param kind on what; a container inside a virtual machine is a container
 * @param evidence how this is known, for people to read: the file and what it says
 */
public record Deployment(Kind kind, String evidence) {

  /** On what a process runs. */
  public enum Kind {
    /** On a machine itself. A hypervisor that hides looks like this, too. */
    BARE_METAL,
    /** In a virtual machine. */
    VIRTUAL_MACHINE,
    /** In a container, whatever that runs on. */
    CONTAINER,
    /** Nothing tells. */
    UNKNOWN
  }

  /** The directories of groups that Docker, Podman, Kubernetes, containerd and LXC make. */
  private static final Pattern CONTAINER_GROUP =
      Pattern.compile("/(docker[/-][0-9a-f]{12}|libpod-|kubepods|cri-containerd-|lxc[./])");

  /** Of the table in systemd's {@code virt.c}. */
  private static final Pattern VIRTUAL_PRODUCT =
      Pattern.compile(
          "KVM|OpenStack|KubeVirt|Amazon EC2|QEMU|VMware|innotek GmbH|VirtualBox|Xen|Bochs"
              + "|Parallels|BHYVE|Hyper-V|Virtual Machine|Apple Virtualization"
              + "|Google Compute Engine");

  /** Looks for a container first, then for a hypervisor. */
  static Deployment read(ProcFiles files) {
    for (String file : List.of("/.dockerenv", "/run/.containerenv", "/run/secrets/kubernetes.io")) {
      if (files.exists(file)) {
        return new Deployment(Kind.CONTAINER, file + " is there");
      }
    }
    String manager = files.line("/run/systemd/container");
    if (!manager.isEmpty()) {
      return new Deployment(Kind.CONTAINER, "/run/systemd/container says " + manager);
    }
    for (String group : files.lines("/proc/self/cgroup")) {
      if (CONTAINER_GROUP.matcher(group).find()) {
        return new Deployment(Kind.CONTAINER, "/proc/self/cgroup says " + group);
      }
    }
    return machine(files);
  }

  private static Deployment machine(ProcFiles files) {
    String product = "/sys/class/dmi/id/product_name";
    for (String file : List.of("/sys/hypervisor/type", "/proc/device-tree/hypervisor/compatible")) {
      if (files.exists(file)) {
        return new Deployment(Kind.VIRTUAL_MACHINE, file + " is there");
      }
    }
    // A rented machine has the vendor of the virtual ones, but says that it is none.
    boolean metal = files.line(product).contains(".metal");
    for (String file : List.of(product, "/sys/class/dmi/id/sys_vendor")) {
      if (!metal && VIRTUAL_PRODUCT.matcher(files.line(file)).find()) {
        return new Deployment(Kind.VIRTUAL_MACHINE, file + " says " + files.line(file));
      }
    }
    // Other processors than x86 have no such flag.
    List<String> flags = ProcFiles.words(files.field("/proc/cpuinfo", "flags"));
    if (flags.contains("hypervisor")) {
      return new Deployment(Kind.VIRTUAL_MACHINE, "/proc/cpuinfo has the flag hypervisor");
    }
    if (flags.contains("fpu") || metal) {
      return new Deployment(
          Kind.BARE_METAL,
          metal
              ? product + " says " + files.line(product)
              : "/proc/cpuinfo does not have the flag hypervisor");
    }
    return new Deployment(Kind.UNKNOWN, "no file tells");
  }
}
