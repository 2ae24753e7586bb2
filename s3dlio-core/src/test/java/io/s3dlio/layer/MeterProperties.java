package io.s3dlio.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever comes when, no span of time is given more than it may have. */
class MeterProperties {

  record Begun(double at, long cost) {}

  @Property
  void noSpanGetsMoreThanItsShareAndNoTimeIsLost(
      @ForAll @DoubleRange(min = 0.5, max = 1e6) double perSecond,
      @ForAll @Size(min = 1, max = 60) List<@IntRange(max = 50) Integer> costs,
      @ForAll @Size(60) List<@IntRange(max = 300) Integer> pausesInMillis) {
    long[] now = {123};
    Meter meter = new Meter(perSecond, () -> now[0]);
    List<Begun> begun = new ArrayList<>();
    double dueWithoutPauses = 0;
    for (int i = 0; i < costs.size(); i++) {
      now[0] += pausesInMillis.get(i) * 1_000_000L;
      long wait = meter.reserve(costs.get(i), Long.MAX_VALUE);
      begun.add(new Begun((now[0] + wait) / 1e9, costs.get(i)));
      // Nobody waits for more than all that came before him takes.
      assertThat(wait / 1e9).isLessThanOrEqualTo(dueWithoutPauses + 1e-6);
      dueWithoutPauses += costs.get(i) / perSecond;
    }
    for (int from = 0; from < begun.size(); from++) {
      double cost = 0; // of all but the last, which is still being paid for
      for (int to = from; to < begun.size(); to++) {
        double span = begun.get(to).at - begun.get(from).at;
        double allowed = (span + Meter.BURST / 1e9) * perSecond;
        assertThat(cost).isLessThanOrEqualTo(allowed * (1 + 1e-6) + 1e-6 * perSecond);
        cost += begun.get(to).cost;
      }
    }
  }
}
