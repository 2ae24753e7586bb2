package io.s3dlio.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GridPlanTest {

  @Test
  void spreadsTheRunsOfAGroupOverItsCells() {
    GridPlan plan = new GridPlan(20, 1000, 1, Set.of(GridGroup.LIST));
    assertThat(plan.ofCell(17)).isEqualTo(59);
    assertThat(plan.ofCell(1)).isEqualTo(1000);
    assertThat(plan.ofCell(0)).as("nothing to strike").isEqualTo(20);
    assertThat(plan.ofCell(200)).as("enough cells").isEqualTo(20);
  }

  @Test
  void everyGroupHasAnOperation() {
    assertThat(
            Stream.of(GridOperation.values()).map(GridOperation::group).collect(Collectors.toSet()))
        .isEqualTo(EnumSet.allOf(GridGroup.class));
  }
}
