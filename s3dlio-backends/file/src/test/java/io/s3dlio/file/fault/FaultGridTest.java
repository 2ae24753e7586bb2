package io.s3dlio.file.fault;

import io.s3dlio.testkit.fault.BackendFault;
import io.s3dlio.testkit.fault.FaultGrid;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every operation on files against every fault of a backend. */
class FaultGridTest {

  @TempDir static Path directory;
  private static FileRig rig;

  @TestFactory
  Stream<DynamicTest> grid() throws Exception {
    rig = new FileRig(directory);
    int runs = Integer.getInteger("s3dlio.fault.runs", 3);
    long seed = Long.getLong("s3dlio.fault.seed", 1);
    return new FaultGrid<BackendFault>("file", rig, runs, seed).tests();
  }

  @AfterAll
  static void close() throws Exception {
    rig.close();
  }
}
