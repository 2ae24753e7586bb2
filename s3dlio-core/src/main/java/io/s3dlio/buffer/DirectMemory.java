package io.s3dlio.buffer;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/** How much direct memory this JVM gives. */
final class DirectMemory {

  private DirectMemory() {}

  static long max() {
    try {
      HotSpotDiagnosticMXBean vm =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      long set = Long.parseLong(vm.getVMOption("MaxDirectMemorySize").getValue());
      if (set > 0) {
        return set;
      }
    } catch (IllegalArgumentException | NullPointerException e) {
      System.getLogger("io.s3dlio.buffer")
          .log(System.Logger.Level.DEBUG, "MaxDirectMemorySize cannot be asked for", e);
    }
    // HotSpot's rule when the option is not set.
    return Runtime.getRuntime().maxMemory();
  }
}
