package io.s3dlio.gcs.fault;

import io.s3dlio.testkit.fault.FaultGrid;
import io.s3dlio.testkit.fault.GridPlan;
import io.s3dlio.testkit.fault.WireFault;
import io.s3dlio.testkit.server.TestServers;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every operation on fake-gcs-server against every fault on the wire, once; {@code dev/fault-grid}
 * does it many times.
 */
class FaultGridTest {

  private static GcsRig rig;

  @TestFactory
  Stream<DynamicTest> grid() throws Exception {
    rig = new GcsRig(TestServers.fakeGcs());
    return new FaultGrid<WireFault>("gcs", rig, GridPlan.ofProperties()).tests();
  }

  @AfterAll
  static void close() throws Exception {
    if (rig != null) {
      rig.close();
    }
  }
}
