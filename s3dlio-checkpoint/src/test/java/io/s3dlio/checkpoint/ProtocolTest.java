package io.s3dlio.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.checkpoint.Append.Created;
import io.s3dlio.checkpoint.Append.Need;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * All that can happen to two writers, a sweeper and a retention that share a log: every order of
 * their steps, a crash before each, every answer lost, every request carried out twice or not at
 * all. In every state each checkpoint of the log has its data, and no writer was told that it had
 * committed what is not in the log.
 */
class ProtocolTest {

  private static final Summary SUMMARY = new Summary(java.time.Instant.EPOCH, 1, 1, 8);

  private static final UUID A = new UUID(0, 1);
  private static final UUID B = new UUID(0, 2);
  private static final UUID C = new UUID(0, 3);

  /** What an attempt writes before it commits. */
  enum Shard {
    FIRST,
    SECOND
  }

  record Written(UUID attempt, Shard shard) {}

  /** The store: records by slot, and the shards that are there. */
  record Store(List<LogRecord> log, Set<Written> data) {
    Store with(LogRecord record) {
      List<LogRecord> more = new ArrayList<>(log);
      more.add(record);
      return new Store(List.copyOf(more), data);
    }

    Store with(Written shard) {
      Set<Written> more = new HashSet<>(data);
      more.add(shard);
      return new Store(log, Set.copyOf(more));
    }

    Store without(UUID attempt) {
      Set<Written> fewer = new HashSet<>(data);
      fewer.removeIf(one -> one.attempt().equals(attempt));
      return new Store(log, Set.copyOf(fewer));
    }

    boolean isWhole(UUID attempt) {
      return data.contains(new Written(attempt, Shard.FIRST))
          && data.contains(new Written(attempt, Shard.SECOND));
    }

    /** Whether a sweeper can find it. */
    boolean shows(UUID attempt) {
      return data.stream().anyMatch(one -> one.attempt().equals(attempt));
    }

    Optional<LogRecord> at(long slot) {
      return slot < log.size() ? Optional.of(log.get((int) slot)) : Optional.empty();
    }

    Optional<LogRecord> last() {
      return log.isEmpty() ? Optional.empty() : Optional.of(log.get(log.size() - 1));
    }

    Ledger ledger() {
      return last().map(LogRecord::ledger).orElse(Ledger.EMPTY);
    }
  }

  /** What each process does next. */
  enum Phase {
    BEGIN,
    WRITE_FIRST,
    WRITE_SECOND,
    APPEND,
    DELETE,
    END
  }

  /** What a process is there for. */
  enum Role {
    WRITER,
    CLEANER,
    ROLLER
  }

  /**
   * A process. A writer begins, writes its data and commits. A sweeper or a retention finds an
   * attempt in the store, appends a record and deletes the data of the attempt. Who rolls back
   * appends a record; what that gives up is left to the sweeper.
   */
  record Actor(Role role, Change change, Phase phase, Optional<Append> append) {
    Actor to(Phase next) {
      return new Actor(role, change, next, append);
    }

    Actor with(Append next) {
      return new Actor(role, change, Phase.APPEND, Optional.of(next));
    }
  }

  record State(Store store, List<Actor> processes) {
    State with(int index, Actor process, Store changed) {
      List<Actor> others = new ArrayList<>(processes);
      others.set(index, process);
      return new State(changed, List.copyOf(others));
    }
  }

  private static Actor writer(UUID attempt, long step, UUID... bases) {
    Change commit = new Change.Commit(attempt, step, "m", List.of(bases), SUMMARY);
    return new Actor(Role.WRITER, commit, Phase.BEGIN, Optional.empty());
  }

  private static Actor cleaner(Change change) {
    return new Actor(Role.CLEANER, change, Phase.BEGIN, Optional.empty());
  }

  private static Actor roller(UUID attempt) {
    return new Actor(Role.ROLLER, new Change.Rollback(attempt), Phase.BEGIN, Optional.empty());
  }

  /** All that may come of one process's next step. */
  private static void next(State state, int index, Consumer<State> to) {
    Actor process = state.processes.get(index);
    Store store = state.store;
    UUID attempt = process.change.attempt();
    switch (process.phase) {
      case BEGIN -> {
        Phase then = process.role == Role.WRITER ? Phase.WRITE_FIRST : Phase.APPEND;
        Optional<Append> append = Optional.of(Append.of(process.change, store.last()));
        if (process.role == Role.WRITER || store.shows(attempt)) {
          Actor begun = new Actor(process.role, process.change, then, append);
          to.accept(state.with(index, begun, store));
        }
      }
      case WRITE_FIRST ->
          to.accept(
              state.with(
                  index,
                  process.to(Phase.WRITE_SECOND),
                  store.with(new Written(attempt, Shard.FIRST))));
      case WRITE_SECOND ->
          to.accept(
              state.with(
                  index, process.to(Phase.APPEND), store.with(new Written(attempt, Shard.SECOND))));
      case APPEND -> append(state, index, process, to);
      case DELETE -> to.accept(state.with(index, process.to(Phase.END), store.without(attempt)));
      case END -> {}
    }
    if (process.phase != Phase.END) {
      to.accept(state.with(index, process.to(Phase.END), store)); // a crash
    }
  }

  private static void append(State state, int index, Actor process, Consumer<State> to) {
    Append append = process.append.orElseThrow();
    Store store = state.store;
    if (append.need() instanceof Need.Read read) {
      to.accept(state.with(index, process.with(append.read(store.at(read.slot()))), store));
    } else if (append.need() instanceof Need.Create create) {
      boolean free = store.at(create.record().slot()).isEmpty();
      Store after = free ? store.with(create.record()) : store;
      Created answer = free ? Created.YES : Created.TAKEN;
      to.accept(state.with(index, process.with(append.created(answer)), after));
      to.accept(state.with(index, process.with(append.created(Created.UNKNOWN)), after));
      to.accept(state.with(index, process.with(append.created(Created.UNKNOWN)), store));
      // Sent twice: the first arrived, the second is what is answered.
      to.accept(state.with(index, process.with(append.created(Created.TAKEN)), after));
    } else if (append.need() instanceof Need.Done done) {
      assertThat(store.log()).contains(done.record());
      to.accept(
          state.with(
              index, process.to(process.role == Role.CLEANER ? Phase.DELETE : Phase.END), store));
    } else {
      to.accept(state.with(index, process.to(Phase.END), store));
    }
  }

  private static void check(Store store) {
    Ledger ledger = store.ledger();
    boolean committed = store.log().stream().anyMatch(one -> one.change() instanceof Change.Commit);
    assertThat(ledger.live().isEmpty()).as("%s", store).isEqualTo(!committed);
    for (Ledger.Live live : ledger.live()) {
      assertThat(store.isWhole(live.commit().attempt())).as("%s", store).isTrue();
      assertThat(live.commit().bases()).as("%s", store).allMatch(store::isWhole);
    }
    for (int i = 1; i < ledger.live().size(); i++) {
      assertThat(ledger.live().get(i).commit().step())
          .isGreaterThan(ledger.live().get(i - 1).commit().step());
    }
  }

  /** One object for all that are equal, so that states are compared by a few references. */
  private static final class Canon<T> {
    private final Map<T, T> all = new HashMap<>();

    T of(T one) {
      T earlier = all.putIfAbsent(one, one);
      return earlier == null ? one : earlier;
    }

    Set<T> all() {
      return all.keySet();
    }
  }

  /** A state by the identity of its parts. */
  private record Seen(State state) {
    @Override
    public boolean equals(Object other) {
      if (!(other instanceof Seen that)) {
        return false;
      }
      boolean same = state.store == that.state.store;
      for (int i = 0; i < state.processes.size(); i++) {
        same = same && state.processes.get(i) == that.state.processes.get(i);
      }
      return same;
    }

    @Override
    public int hashCode() {
      int hash = System.identityHashCode(state.store);
      for (Actor process : state.processes) {
        hash = hash * 31 + System.identityHashCode(process);
      }
      return hash;
    }
  }

  private static int explore(Actor... processes) {
    Canon<Store> stores = new Canon<>();
    Canon<Actor> parts = new Canon<>();
    State start =
        new State(
            stores.of(new Store(List.of(), Set.of())),
            Arrays.stream(processes).map(parts::of).toList());
    Set<Seen> seen = new HashSet<>(Set.of(new Seen(start)));
    Deque<State> open = new ArrayDeque<>(List.of(start));
    while (!open.isEmpty()) {
      State state = open.poll();
      for (int i = 0; i < processes.length; i++) {
        int index = i;
        next(
            state,
            i,
            reached -> {
              State same =
                  reached.with(
                      index, parts.of(reached.processes.get(index)), stores.of(reached.store));
              if (seen.add(new Seen(same))) {
                open.add(same);
              }
            });
      }
    }
    stores.all().forEach(ProtocolTest::check);
    return seen.size();
  }

  @Test
  void twoWritersAndASweeperOfEach() {
    assertThat(
            explore(
                writer(A, 1),
                writer(B, 2),
                cleaner(new Change.Abort(A)),
                cleaner(new Change.Abort(B))))
        .isGreaterThan(10_000);
  }

  @Test
  void aBaseIsNotRetiredWhileItIsNeeded() {
    assertThat(
            explore(
                writer(A, 1),
                writer(B, 2, A),
                cleaner(new Change.Retire(A)),
                cleaner(new Change.Abort(B))))
        .isGreaterThan(10_000);
  }

  @Test
  void threeWritersAndRetention() {
    assertThat(explore(writer(A, 1), writer(B, 2), writer(C, 2), cleaner(new Change.Retire(A))))
        .isGreaterThan(10_000);
  }

  @Test
  void whatIsRolledBackIsSweptAndItsStepIsCommittedAnew() {
    assertThat(
            explore(
                writer(A, 1), writer(B, 2), roller(A), cleaner(new Change.Abort(B)), writer(C, 2)))
        .isGreaterThan(10_000);
  }
}
