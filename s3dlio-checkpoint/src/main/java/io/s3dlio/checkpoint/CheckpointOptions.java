package io.s3dlio.checkpoint;

import java.time.Duration;
import java.util.Optional;

/**
 * How a history of checkpoints is written and read.
 *
 * @param singleWriter says that no two processes ever save or clean up here at the same time, so
 *     that a store is taken that cannot create an object only where there is none
 * @param job names this run of all ranks, for {@link CheckpointStore#writer(long, int, int)}: the
 *     same on every rank, and another after each restart, such as the scheduler's job number and
 *     its restart count
 * @param patience how long a rank waits for the others
 * @param poll how long it waits at most between two looks for them
 * @param verify whether what is loaded is compared with its checksums
 */
public record CheckpointOptions(
    boolean singleWriter, Optional<String> job, Duration patience, Duration poll, boolean verify) {

  /** Any number of writers, no job, ten minutes of patience, four looks a second, verified. */
  public static final CheckpointOptions DEFAULT =
      new CheckpointOptions(
          false, Optional.empty(), Duration.ofMinutes(10), Duration.ofMillis(250), true);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a time is not above 0, or a job's name is not of letters,
   *     digits, dots, underscores and hyphens
   */
  public CheckpointOptions {
    if (!(patience.compareTo(Duration.ZERO) > 0 && poll.compareTo(Duration.ZERO) > 0)) {
      throw new IllegalArgumentException("times are above 0: " + patience + ", " + poll);
    }
    if (job.isPresent() && !job.get().matches("[A-Za-z0-9._-]{1,128}")) {
      throw new IllegalArgumentException("this cannot be a job's name: '" + job.get() + "'");
    }
  }

  /**
   * For a store that overwrites.
   *
   * @return a copy
   */
  public CheckpointOptions withSingleWriter() {
    return new CheckpointOptions(true, job, patience, poll, verify);
  }

  /**
   * With the name of the run.
   *
   * @param name the same on every rank, another after each restart
   * @return a copy
   */
  public CheckpointOptions withJob(String name) {
    return new CheckpointOptions(singleWriter, Optional.of(name), patience, poll, verify);
  }

  /**
   * With another patience.
   *
   * @param limit how long a rank waits for the others
   * @return a copy
   */
  public CheckpointOptions withPatience(Duration limit) {
    return new CheckpointOptions(singleWriter, job, limit, poll, verify);
  }

  /**
   * With another pace.
   *
   * @param interval how often a rank looks for the others
   * @return a copy
   */
  public CheckpointOptions withPoll(Duration interval) {
    return new CheckpointOptions(singleWriter, job, patience, interval, verify);
  }

  /**
   * Loads what is there without comparing it with its checksums.
   *
   * @return a copy
   */
  public CheckpointOptions withoutVerification() {
    return new CheckpointOptions(singleWriter, job, patience, poll, false);
  }
}
