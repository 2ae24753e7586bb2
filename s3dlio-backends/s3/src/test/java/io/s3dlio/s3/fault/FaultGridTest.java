package io.s3dlio.s3.fault;

import io.s3dlio.testkit.fault.FaultGrid;
import io.s3dlio.testkit.fault.GridPlan;
import io.s3dlio.testkit.fault.WireFault;
import io.s3dlio.testkit.server.TestServers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;

/**
 * Every operation on MinIO against every fault on the wire, once over the default transport; {@code
 * dev/fault-grid} does it many times and over both.
 */
class FaultGridTest {

  private static final List<S3Rig> RIGS = new ArrayList<>();

  @TestFactory
  Stream<DynamicContainer> grid() throws Exception {
    List<DynamicContainer> grids = new ArrayList<>();
    for (String transport : System.getProperty("s3dlio.fault.transports", "netty").split(",")) {
      grids.add(grid(transport));
    }
    return grids.stream();
  }

  private static DynamicContainer grid(String transport) throws Exception {
    S3Rig rig = new S3Rig(TestServers.minio(), "s3.transport", transport);
    RIGS.add(rig);
    FaultGrid<WireFault> grid = new FaultGrid<>("s3, " + transport, rig, GridPlan.ofProperties());
    return DynamicContainer.dynamicContainer(transport, grid.tests());
  }

  @AfterAll
  static void close() throws Exception {
    for (S3Rig rig : RIGS) {
      rig.close();
    }
  }
}
