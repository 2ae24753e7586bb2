package io.s3dlio.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.checkpoint.Append.Created;
import io.s3dlio.checkpoint.Append.Need;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;

/**
 * All that can happen to processes that share a log: every order of their steps, a crash before
 * each, every answer lost, every request carried out twice, later or not at all. In every state
 * each checkpoint of the log has its data, who reads gets all of it or hears that it is gone, and
 * no writer was told that it had committed what is not in the log.
 */
final class ProtocolModel {

  /** What an attempt writes before it commits. */
  enum Shard {
    FIRST,
    SECOND
  }

  record Written(UUID attempt, Shard shard) {}

  /**
   * The store.
   *
   * @param log records by slot
   * @param data the shards that are there
   * @param late a request to create a record in the first free slot that may still arrive
   */
  record Store(List<LogRecord> log, Set<Written> data, Optional<LogRecord> late) {
    Store with(LogRecord record) {
      List<LogRecord> more = new ArrayList<>(log);
      more.add(record);
      return new Store(List.copyOf(more), data, Optional.empty());
    }

    Store overwrittenWith(LogRecord record) {
      List<LogRecord> other = new ArrayList<>(log);
      other.set((int) record.slot(), record);
      return new Store(List.copyOf(other), data, late);
    }

    Store withLate(LogRecord record) {
      return new Store(log, data, Optional.of(record));
    }

    Store with(UUID attempt, Shard shard) {
      Set<Written> more = new HashSet<>(data);
      more.add(new Written(attempt, shard));
      return new Store(log, Set.copyOf(more), late);
    }

    Store without(UUID attempt) {
      Set<Written> fewer = new HashSet<>(data);
      fewer.removeIf(one -> one.attempt().equals(attempt));
      return new Store(log, Set.copyOf(fewer), late);
    }

    boolean has(UUID attempt, Shard shard) {
      return data.contains(new Written(attempt, shard));
    }

    boolean isWhole(UUID attempt) {
      return has(attempt, Shard.FIRST) && has(attempt, Shard.SECOND);
    }

    /** Whether a sweeper can find it. */
    boolean shows(UUID attempt) {
      return has(attempt, Shard.FIRST) || has(attempt, Shard.SECOND);
    }

    Optional<LogRecord> at(long slot) {
      return slot < log.size() ? Optional.of(log.get((int) slot)) : Optional.empty();
    }

    Optional<LogRecord> last() {
      return at(log.size() - 1L < 0 ? 0 : log.size() - 1L);
    }

    Ledger ledger() {
      return last().map(LogRecord::ledger).orElse(Ledger.EMPTY);
    }
  }

  /** What each process does next. */
  enum Phase {
    BEGIN,
    FIRST,
    SECOND,
    APPEND,
    DELETE,
    END
  }

  /** What a process is there for. */
  enum Role {
    WRITER,
    CLEANER,
    ROLLER,
    READER
  }

  /**
   * A process. A writer begins, writes its data and commits. A cleaner finds an attempt in the
   * store, appends a record and deletes the data of the attempt. A roller rolls back; what that
   * gives up is left to a cleaner. A reader opens the newest checkpoint and reads its data.
   *
   * @param change what it wants; of a reader, what it has opened
   */
  record Actor(Role role, Optional<Change> change, Phase phase, Optional<Append> append) {
    Actor to(Phase next) {
      return new Actor(role, change, next, append);
    }

    Actor with(Append next) {
      return new Actor(role, change, Phase.APPEND, Optional.of(next));
    }

    Actor end() {
      return new Actor(role, Optional.empty(), Phase.END, Optional.empty());
    }

    static Actor writer(UUID attempt, long step, UUID... bases) {
      Summary summary = new Summary(Instant.EPOCH, 1, 1, 8);
      return of(Role.WRITER, new Change.Commit(attempt, step, "m", List.of(bases), summary));
    }

    static Actor cleaner(Change change) {
      return of(Role.CLEANER, change);
    }

    static Actor roller(UUID attempt) {
      return of(Role.ROLLER, new Change.Rollback(attempt));
    }

    static Actor reader() {
      return new Actor(Role.READER, Optional.empty(), Phase.BEGIN, Optional.empty());
    }

    private static Actor of(Role role, Change change) {
      return new Actor(role, Optional.of(change), Phase.BEGIN, Optional.empty());
    }
  }

  /** A rule of the protocol, taken away. */
  enum Flaw {
    NONE(""),
    COMMITS_WHAT_WAS_ABORTED("taken for dead"),
    REFERS_TO_WHAT_IS_GONE("whose bytes it refers to is gone"),
    STEPS_GO_BACK("steps ascend"),
    RETIRES_WHAT_OTHERS_REFER_TO("refers to its bytes"),
    RETIRES_THE_NEWEST("it is the newest"),
    ABORTS_A_CHECKPOINT("it is the checkpoint of step"),
    RECORD_BEFORE_DATA(""),
    DELETES_BEFORE_RECORD(""),
    READS_THE_LOG_FROM_ITS_END(""),
    STORE_OVERWRITES("");

    private final String refusal;

    Flaw(String refusal) {
      this.refusal = refusal;
    }

    boolean ignores(Need.Refused refused) {
      return !refusal.isEmpty() && refused.why().contains(refusal);
    }
  }

  private final Flaw flaw;

  /** The protocol, or what is left of it. */
  ProtocolModel(Flaw flaw) {
    this.flaw = flaw;
  }

  /** All that may come of one process's next step, and of requests that arrive late. */
  private void next(Actor actor, Store store, BiConsumer<Actor, Store> to) {
    store.late.ifPresent(record -> to.accept(actor, store.with(record)));
    if (actor.phase == Phase.END) {
      return;
    }
    to.accept(actor.end(), store); // a crash
    if (actor.role == Role.READER) {
      read(actor, store, to);
      return;
    }
    UUID attempt = actor.change.orElseThrow().attempt();
    switch (actor.phase) {
      case BEGIN -> begin(actor, store, to);
      case FIRST -> to.accept(actor.to(afterFirst()), store.with(attempt, Shard.FIRST));
      case SECOND -> to.accept(actor.to(afterSecond()), store.with(attempt, Shard.SECOND));
      case APPEND -> append(actor, store, to);
      case DELETE -> {
        Phase then = flaw == Flaw.DELETES_BEFORE_RECORD ? Phase.APPEND : Phase.END;
        to.accept(then == Phase.END ? actor.end() : actor.to(then), store.without(attempt));
      }
      default -> throw new AssertionError(actor.phase);
    }
  }

  private Phase afterFirst() {
    return flaw == Flaw.RECORD_BEFORE_DATA ? Phase.APPEND : Phase.SECOND;
  }

  private Phase afterSecond() {
    return flaw == Flaw.RECORD_BEFORE_DATA ? Phase.END : Phase.APPEND;
  }

  private void begin(Actor actor, Store store, BiConsumer<Actor, Store> to) {
    Change change = actor.change.orElseThrow();
    Append append = Append.of(change, store.last());
    if (actor.role == Role.WRITER) {
      to.accept(actor.with(append).to(Phase.FIRST), store);
    } else if (store.shows(change.attempt())) {
      boolean hasty = flaw == Flaw.DELETES_BEFORE_RECORD && actor.role == Role.CLEANER;
      to.accept(actor.with(append).to(hasty ? Phase.DELETE : Phase.APPEND), store);
    }
  }

  private void append(Actor actor, Store store, BiConsumer<Actor, Store> to) {
    Append append = actor.append.orElseThrow();
    if (append.need() instanceof Need.Read) {
      Append from = append;
      if (flaw == Flaw.READS_THE_LOG_FROM_ITS_END && append.slot() < store.log.size()) {
        from = Append.of(append.change(), store.last());
      }
      to.accept(actor.with(from.read(store.at(from.slot()))), store);
    } else if (append.need() instanceof Need.Create create) {
      create(actor, append, create.record(), store, to);
    } else if (append.need() instanceof Need.Done done) {
      assertThat(store.log()).contains(done.record());
      to.accept(afterAppend(actor), store);
    } else if (flaw.ignores((Need.Refused) append.need())) {
      to.accept(actor.with(forced(append, store)), store);
    } else {
      to.accept(actor.end(), store);
    }
  }

  private Actor afterAppend(Actor actor) {
    if (actor.role == Role.CLEANER && flaw != Flaw.DELETES_BEFORE_RECORD) {
      return new Actor(actor.role, actor.change, Phase.DELETE, Optional.empty());
    }
    boolean early = actor.role == Role.WRITER && flaw == Flaw.RECORD_BEFORE_DATA;
    return early ? actor.to(Phase.SECOND) : actor.end();
  }

  private void create(
      Actor actor, Append append, LogRecord record, Store store, BiConsumer<Actor, Store> to) {
    boolean free = store.at(record.slot()).isEmpty();
    boolean overwrites = flaw == Flaw.STORE_OVERWRITES && !free;
    Store after = free ? store.with(record) : overwrites ? store.overwrittenWith(record) : store;
    to.accept(actor.with(append.created(free || overwrites ? Created.YES : Created.TAKEN)), after);
    to.accept(actor.with(append.created(Created.UNKNOWN)), after);
    to.accept(actor.with(append.created(Created.UNKNOWN)), store);
    if (free) {
      to.accept(actor.with(append.created(Created.UNKNOWN)), store.withLate(record));
    }
    // Sent twice: the first arrived, the second is what is answered.
    to.accept(actor.with(append.created(Created.TAKEN)), after);
  }

  /** What the append would be if it had not been refused. */
  private static Append forced(Append append, Store store) {
    Optional<LogRecord> found = store.at(append.slot());
    if (found.isPresent()) {
      return Append.of(append.change(), found);
    }
    Ledger ledger = append.last().map(LogRecord::ledger).orElse(Ledger.EMPTY);
    LogRecord record =
        new LogRecord(
            append.slot(), append.change(), "", ledger.with(append.change(), append.slot()));
    return new Append(
        append.change(),
        append.slot(),
        append.last(),
        Optional.of(record),
        new Need.Create(record));
  }

  private static void read(Actor actor, Store store, BiConsumer<Actor, Store> to) {
    Optional<Ledger.Live> newest = store.ledger().newest();
    if (actor.phase == Phase.BEGIN) {
      newest.ifPresent(
          live ->
              to.accept(
                  new Actor(Role.READER, Optional.of(live.commit()), Phase.FIRST, Optional.empty()),
                  store));
      return;
    }
    Change.Commit opened = (Change.Commit) actor.change.orElseThrow();
    Shard shard = actor.phase == Phase.FIRST ? Shard.FIRST : Shard.SECOND;
    List<UUID> needed = new ArrayList<>(opened.bases());
    needed.add(opened.attempt());
    boolean there = needed.stream().allMatch(attempt -> store.has(attempt, shard));
    if (!there) { // then it must be gone, or what was saved is lost
      assertThat(store.ledger().of(opened.attempt())).as("%s in %s", opened, store).isEmpty();
    }
    to.accept(there && shard == Shard.FIRST ? actor.to(Phase.SECOND) : actor.end(), store);
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

  /** A number for each of many things. */
  private static final class Numbers<T> {
    private final Map<T, Integer> numbers = new HashMap<>();
    private final List<T> things = new ArrayList<>();

    int of(T thing) {
      Integer known = numbers.putIfAbsent(thing, things.size());
      if (known == null) {
        things.add(thing);
        return things.size() - 1;
      }
      return known;
    }

    T at(int number) {
      return things.get(number);
    }
  }

  /** Numbers of many states. */
  private static final class Seen {
    private long[] table = new long[1 << 16];
    private int size;

    /** Whether it is new. No state is 0. */
    boolean add(long state) {
      if (2 * size > table.length) {
        long[] before = table;
        table = new long[4 * before.length];
        for (long one : before) {
          if (one != 0) {
            table[place(one)] = one;
          }
        }
      }
      int place = place(state);
      boolean isNew = table[place] == 0;
      table[place] = state;
      size += isNew ? 1 : 0;
      return isNew;
    }

    private int place(long state) {
      int place = (int) ((state * 0x9E3779B97F4A7C15L) >>> 32) & (table.length - 1);
      while (table[place] != 0 && table[place] != state) {
        place = (place + 1) & (table.length - 1);
      }
      return place;
    }
  }

  private final Numbers<Store> stores = new Numbers<>();
  private final Numbers<Actor> actors = new Numbers<>();

  /** What comes of an actor and a store: pairs of them. Many states have the same two. */
  private final Map<Long, int[]> steps = new HashMap<>();

  private int[] step(int actor, int store) {
    return steps.computeIfAbsent(
        ((long) actor << 32) | store,
        pair -> {
          List<Integer> results = new ArrayList<>();
          next(
              actors.at(actor),
              stores.at(store),
              (after, changed) -> {
                check(changed);
                results.add(actors.of(after));
                results.add(stores.of(changed));
              });
          return results.stream().mapToInt(Integer::intValue).toArray();
        });
  }

  /** Bits of a state that name a process; there are at most five, and the rest is the store. */
  private static final int BITS = 10;

  private static final int MASK = (1 << BITS) - 1;
  private static final int STORE = 5 * BITS;

  /**
   * Goes through all states.
   *
   * @return how many there are
   * @throws AssertionError if a promise is broken in one
   */
  int explore(Actor... processes) {
    actors.of(Actor.reader().end()); // so that no state is 0
    long start = (long) stores.of(new Store(List.of(), Set.of(), Optional.empty())) << STORE;
    for (int i = 0; i < processes.length; i++) {
      start |= (long) actors.of(processes[i]) << (i * BITS);
    }
    Seen seen = new Seen();
    seen.add(start);
    Deque<Long> open = new ArrayDeque<>(List.of(start));
    while (!open.isEmpty()) {
      long state = open.poll();
      for (int at = 0; at < processes.length * BITS; at += BITS) {
        int[] results = step((int) (state >>> at) & MASK, (int) (state >>> STORE));
        long others = state & ((1L << STORE) - 1) & ~((long) MASK << at);
        for (int i = 0; i < results.length; i += 2) {
          long reached = others | ((long) results[i] << at) | ((long) results[i + 1] << STORE);
          if (seen.add(reached)) {
            open.add(reached);
          }
        }
      }
    }
    assertThat(actors.things.size()).isLessThanOrEqualTo(MASK + 1);
    assertThat(stores.things.size()).isLessThan(1 << (63 - STORE));
    return seen.size;
  }
}
