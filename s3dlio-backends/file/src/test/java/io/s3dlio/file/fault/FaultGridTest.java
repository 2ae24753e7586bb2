package io.s3dlio.file.fault;

import io.s3dlio.testkit.fault.BackendFault;
import io.s3dlio.testkit.fault.FaultGrid;
import io.s3dlio.testkit.fault.GridPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every operation on files, through the page cache and past it, against every backend fault. */
class FaultGridTest {

  private static final List<FileRig> RIGS = new ArrayList<>();

  @TempDir static Path directory;

  @TestFactory
  Stream<DynamicContainer> grid() throws Exception {
    List<DynamicContainer> grids = new ArrayList<>();
    for (String scheme : List.of("file", "direct")) {
      FileRig rig = new FileRig(scheme, Files.createDirectory(directory.resolve(scheme)));
      RIGS.add(rig);
      FaultGrid<BackendFault> grid = new FaultGrid<>(scheme, rig, GridPlan.ofProperties());
      grids.add(DynamicContainer.dynamicContainer(scheme, grid.tests()));
    }
    return grids.stream();
  }

  @AfterAll
  static void close() throws Exception {
    for (FileRig rig : RIGS) {
      rig.close();
    }
  }
}
