package io.s3dlio.checkpoint.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.BytesView;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.checkpoint.Checkpoint;
import io.s3dlio.checkpoint.CheckpointInfo;
import io.s3dlio.checkpoint.CheckpointStore;
import io.s3dlio.checkpoint.Retention;
import io.s3dlio.checkpoint.SaveAttempt;
import java.util.Locale;
import java.util.Set;

/** What is done to a {@link History} when a fault strikes. */
@SuppressWarnings("ImmutableEnumChecker") // the sets do not change
enum Action {
  /** One rank saves. */
  SAVE(Set.of(History.NEXT), Set.of()) {
    @Override
    void run(CheckpointStore checkpoints) throws ObjectStoreException {
      History.save(checkpoints, History.NEXT, 1);
    }
  },
  /** Two ranks save, and hear of each other by what lies in the store. */
  SAVE_BY_TWO(Set.of(History.NEXT), Set.of()) {
    @Override
    void run(CheckpointStore checkpoints) throws ObjectStoreException {
      History.save(checkpoints, History.NEXT, 2);
    }
  },
  /** One rank saves in the background. */
  SAVE_ASYNC(Set.of(History.NEXT), Set.of()) {
    @Override
    void run(CheckpointStore checkpoints) throws ObjectStoreException {
      SaveAttempt attempt = checkpoints.begin(History.NEXT, 1);
      History.writer(checkpoints, attempt, 0).commitAsync().await();
    }
  },
  /** One rank saves, and refers to an earlier checkpoint for what has not changed. */
  SAVE_UNCHANGED(Set.of(History.NEXT), Set.of()) {
    @Override
    void run(CheckpointStore checkpoints) throws ObjectStoreException {
      History.saveUnchanged(checkpoints, History.NEXT, History.SECOND);
    }
  },
  /** A checkpoint comes from another history. */
  COPY(Set.of(History.NEXT), Set.of()) {
    @Override
    void prepare(History history) throws ObjectStoreException {
      History.save(history.elsewhere().open(), History.NEXT, 2);
    }

    @Override
    void run(History history, ObjectStore way) throws ObjectStoreException {
      Checkpoint checkpoint = history.elsewhere().open(way).reader().at(History.NEXT);
      history.open(way).copy(checkpoint);
    }
  },
  /** All that is there is read. */
  LOAD(Set.of(), Set.of()) {
    @Override
    void run(CheckpointStore checkpoints) throws ObjectStoreException {
      assertThat(checkpoints.reader().history())
          .extracting(CheckpointInfo::step)
          .containsExactly(History.FIRST, History.SECOND);
      for (CheckpointInfo info : checkpoints.reader().list()) {
        History.assertWhole(checkpoints.reader().at(info.step()));
      }
      Checkpoint latest = checkpoints.reader().latest().orElseThrow();
      assertThat(latest.step()).isEqualTo(History.SECOND);
      latest.readAllShards().forEach(BytesView::close);
    }
  },
  /** All but the newest are given up. */
  RETAIN(Set.of(), Set.of(History.FIRST)) {
    @Override
    void run(CheckpointStore checkpoints) throws ObjectStoreException {
      checkpoints.retain(Retention.NEWEST);
    }
  },
  /** What dead attempts have left is deleted. */
  CLEAN(Set.of(), Set.of()) {
    @Override
    void run(CheckpointStore checkpoints) throws ObjectStoreException {
      checkpoints.clean();
    }
  },
  /** An attempt that could still become a checkpoint is given up. */
  ABORT(Set.of(), Set.of()) {
    @Override
    void run(CheckpointStore checkpoints) throws ObjectStoreException {
      for (SaveAttempt attempt : checkpoints.unfinished()) {
        checkpoints.abort(attempt);
      }
    }
  },
  /** The newest is given up. */
  ROLLBACK(Set.of(), Set.of(History.SECOND)) {
    @Override
    void run(CheckpointStore checkpoints) throws ObjectStoreException {
      checkpoints.rollbackTo(History.FIRST);
    }
  };

  private final Set<Long> made;
  private final Set<Long> givenUp;

  Action(Set<Long> made, Set<Long> givenUp) {
    this.made = made;
    this.givenUp = givenUp;
  }

  /** Makes what it needs beside the history. */
  void prepare(History history) throws ObjectStoreException {}

  /** Does it, to a history that is reached by some way. */
  void run(History history, ObjectStore way) throws ObjectStoreException {
    run(history.open(way));
  }

  void run(CheckpointStore checkpoints) throws ObjectStoreException {
    throw new UnsupportedOperationException(name());
  }

  /** As a report calls it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** The steps that become checkpoints. */
  Set<Long> made() {
    return made;
  }

  /** The steps that are checkpoints no more. */
  Set<Long> givenUp() {
    return givenUp;
  }
}
