package io.s3dlio.checkpoint.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.buffer.BufferPool;
import io.s3dlio.checkpoint.fault.Tally.Result;
import io.s3dlio.testkit.fault.BackendCall;
import io.s3dlio.testkit.fault.FaultyBackend;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every call that an action makes to its store, struck by every blow that fits it; and of a save
 * every two calls, struck by every two blows, where the save is done again if the first has ended
 * it. A point counts only if each of its blows has struck.
 *
 * <p>{@code -Ds3dlio.checkpoint.faults=all} takes all pairs; else some are taken.
 */
class BackendGridTest {

  /** Of the pairs, every so-many-th is taken where not all are. */
  private static final int SAMPLE = 29;

  private final StoreConfig config = StoreConfig.defaults();
  private final ObjectUri bucket = ObjectUri.parse("memory://" + UUID.randomUUID() + "/");
  private final Tally tally = new Tally();
  private FaultyBackend faulty;
  private ObjectStore struck;
  private ObjectStore unharmed;
  private int histories;

  @BeforeEach
  void open() throws ObjectStoreException {
    unharmed = ObjectStores.open(bucket, config, RequestListener.NONE);
    unharmed.createBucket(bucket);
    faulty = new FaultyBackend(ObjectStores.backend(bucket, config, RequestListener.NONE));
    struck = ObjectStore.over(faulty, Set.of("memory"), config, BufferPool.ofLimit(16 << 20));
  }

  @AfterEach
  void close() throws ObjectStoreException {
    struck.close();
    unharmed.close();
  }

  private History history(Action action) throws ObjectStoreException {
    History history = new History(unharmed, bucket.resolve("run" + histories++ + "/"));
    history.begin(action);
    return history;
  }

  /** Runs an action on the way that can be struck; false if it threw. */
  private boolean run(History history, Action action) {
    try {
      action.run(history, struck);
      return true;
    } catch (ObjectStoreException e) {
      return false;
    }
  }

  /** A record that is only read may not be on the disk yet, if the store is one of files. */
  @Test
  void aCopyThatIsThereAlreadyIsSettledInTheLog() throws Exception {
    History history = history(Action.COPY);
    assertThat(run(history, Action.COPY)).isTrue();
    faulty.reset();
    assertThat(run(history, Action.COPY)).isTrue();
    assertThat(faulty.calls())
        .filteredOn(call -> call.method().equals("put"))
        .extracting(call -> call.uri().key())
        .anyMatch(key -> key.startsWith(history.base().key() + "log/"));
  }

  private List<BackendCall> callsOf(Action action) throws ObjectStoreException {
    faulty.reset();
    History history = history(action);
    assertThat(run(history, action)).isTrue();
    List<BackendCall> calls = faulty.calls();
    history.check(action, true);
    history.delete();
    return calls;
  }

  @Test
  void everyCallOfEveryActionStruckOnce() throws Exception {
    for (Action action : Campaign.actions(Action.values())) {
      List<BackendCall> calls = callsOf(action);
      for (int at = 0; at < calls.size(); at++) {
        for (Blow blow : Blow.values()) {
          if (blow.fits(calls.get(at))) {
            strikeOnce(action, calls, at, blow);
          }
        }
      }
    }
    end("once", Campaign.least(1_200, 1_200));
  }

  private void strikeOnce(Action action, List<BackendCall> calls, int at, Blow blow)
      throws ObjectStoreException {
    String row = (action + ", " + blow).toLowerCase(Locale.ROOT).replace('_', ' ');
    History history = history(action);
    faulty.reset();
    blow.arm(faulty, calls, at);
    try {
      boolean done = run(history, action);
      if (faulty.fired().isEmpty()) {
        history.delete();
        return; // attempts are cleaned up in the order of their random names
      }
      if (blow == Blow.DONE_TWICE) {
        assertThat(done).as("a request that arrives twice fails nothing").isTrue();
      }
      history.check(action, done);
      tally.add(row, done ? Result.DONE : Result.ERROR);
    } catch (ObjectStoreException | RuntimeException | AssertionError e) {
      tally.broken(row, row + " at call " + at + " " + calls.get(at), e);
    }
    history.delete();
  }

  /** What a save, and another one if that failed, ask for. */
  private record Trail(List<BackendCall> first, List<BackendCall> again) {}

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void everyTwoCallsOfASave() throws Exception {
    List<BackendCall> calls = callsOf(Action.SAVE);
    int n = 0;
    for (int at = 0; at < calls.size(); at++) {
      for (Blow blow : Blow.values()) {
        if (blow.fits(calls.get(at))) {
          Trail trail = trail(calls, at, blow);
          for (Second second : seconds(trail, at, blow)) {
            if (Campaign.ALL || n++ % SAMPLE == 0) {
              strikeTwice(calls, at, blow, trail, second);
            }
          }
        }
      }
    }
    end("twice", Campaign.ALL ? 5_000 : 200);
  }

  private Trail trail(List<BackendCall> calls, int at, Blow blow) throws ObjectStoreException {
    History history = history(Action.SAVE);
    faulty.reset();
    blow.arm(faulty, calls, at);
    boolean done = run(history, Action.SAVE);
    List<BackendCall> first = faulty.calls();
    faulty.reset();
    if (!done) {
      run(history, Action.SAVE);
    }
    List<BackendCall> again = faulty.calls();
    history.delete();
    return new Trail(first, again);
  }

  /** The second blow. */
  private record Second(boolean again, int at, Blow blow) {}

  private static List<Second> seconds(Trail trail, int at, Blow first) {
    List<Second> all = new ArrayList<>();
    for (Blow blow : Blow.values()) {
      for (int i = at + 1; i < trail.first.size() && !first.deadly(); i++) {
        if (blow.fits(trail.first.get(i))) {
          all.add(new Second(false, i, blow));
        }
      }
      for (int i = 0; i < trail.again.size(); i++) {
        if (blow.fits(trail.again.get(i))) {
          all.add(new Second(true, i, blow));
        }
      }
    }
    return all;
  }

  private void strikeTwice(List<BackendCall> calls, int at, Blow blow, Trail trail, Second second)
      throws ObjectStoreException {
    String row = (blow + ", then " + second.blow).toLowerCase(Locale.ROOT).replace('_', ' ');
    History history = history(Action.SAVE);
    faulty.reset();
    blow.arm(faulty, calls, at);
    if (!second.again) {
      List<BackendCall> others = new ArrayList<>(trail.first);
      others.remove(at); // which the second does not see
      second.blow.arm(faulty, others, second.at - 1);
    }
    try {
      boolean done = run(history, Action.SAVE);
      if (faulty.fired().size() < (second.again ? 1 : 2)) {
        history.delete();
        return; // of several objects that are looked at, one gave up before the other began
      }
      if (second.again) {
        faulty.reset();
        second.blow.arm(faulty, trail.again, second.at);
        done = run(history, Action.SAVE);
        assertThat(faulty.fired()).isNotEmpty();
      }
      history.check(Action.SAVE, done);
      tally.add(row, done ? Result.DONE : Result.ERROR);
    } catch (ObjectStoreException | RuntimeException | AssertionError e) {
      tally.broken(row, row + " at calls " + calls.get(at) + " and " + second, e);
    }
    history.delete();
  }

  private void end(String name, int least) throws IOException {
    tally.write("memory-" + name, "");
    assertThat(tally.broken()).isEmpty();
    assertThat(tally.points()).isGreaterThan(least);
  }
}
