package io.s3dlio.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.datagen.GeneratorLoad;
import org.junit.jupiter.api.Test;

/** Two CPUs, ten seconds, 2 GB: who was the limit? */
class GeneratorUseTest {

  private static final String STORE = "the store was the limit";
  private static final String CPUS = "the CPUs were the limit";
  private static final String GENERATOR = "it was the limit, to which --threads gives more CPUs";

  /** What is said of one worker that was at work, and on a CPU, for so many of the ten seconds. */
  private static String use(double busy, double onCpu, double waited, double cpuSecondsOfAll) {
    GeneratorLoad load = new GeneratorLoad(1, 2_000_000_000, 10, busy, onCpu, 48, waited);
    Summary sent = new Summary("put", 32, 2_000_000_000, 0, 10, cpuSecondsOfAll, 2);
    return new GeneratorUse(load, sent, 2).toString();
  }

  @Test
  void aGeneratorThatRestsIsNotTheLimitHoweverManyPartsWaitForIt() {
    assertThat(use(2.7, 2.5, 12, 9))
        .isEqualTo(
            "generator: 1 thread, 1.25 CPU-s/GB, idle 73 %; uploads waited for it 48 times,"
                + " 12.0 s added up: "
                + STORE);
    assertThat(use(5, 5, 100, 9)).endsWith(STORE);
  }

  @Test
  void aGeneratorThatHardlyRestsIsTheLimit() {
    assertThat(use(9.7, 9.5, 12, 12)).endsWith(GENERATOR);
    assertThat(use(8.1, 8, 0, 12)).endsWith(GENERATOR);
  }

  @Test
  void moreThreadsDoNotHelpWhereThereAreNoMoreCpus() {
    assertThat(use(9.7, 9.5, 12, 19)).endsWith(CPUS);
    assertThat(use(1, 1, 0, 19)).endsWith(CPUS);
  }

  @Test
  void aGeneratorThatIsAtWorkWithoutACpuLacksCpus() {
    assertThat(use(9.7, 3, 12, 12)).endsWith(CPUS);
    assertThat(use(5, 2, 12, 9)).endsWith(STORE);
  }
}
