package io.s3dlio.checkpoint;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CrewTest {

  @Test
  void endsIfAllFailWithTheSame() {
    RuntimeException same = new IllegalStateException("the same");
    CountDownLatch begun = new CountDownLatch(2);
    assertThatThrownBy(
            () ->
                Crew.run(
                    List.of(1, 2).iterator(),
                    task -> {
                      begun.countDown();
                      while (begun.getCount() > 0) {
                        Thread.onSpinWait(); // both are at it, interrupted or not
                      }
                      throw same;
                    },
                    2))
        .isSameAs(same);
  }
}
