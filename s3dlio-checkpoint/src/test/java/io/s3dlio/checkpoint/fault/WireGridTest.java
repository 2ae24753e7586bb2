package io.s3dlio.checkpoint.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.checkpoint.fault.Tally.Result;
import io.s3dlio.testkit.fault.Exchange;
import io.s3dlio.testkit.fault.Fault;
import io.s3dlio.testkit.fault.FaultProxy;
import io.s3dlio.testkit.fault.GridOperation;
import io.s3dlio.testkit.fault.Schedule;
import io.s3dlio.testkit.fault.WireFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every request that an action sends to a real server, struck on its way by every fault that fits
 * it; then what is there is read past the proxy. A point counts only if its fault has struck.
 */
class WireGridTest {

  /** How many points a build takes of each server. */
  private static final int SAMPLE = 12;

  private static final Duration QUIET = Duration.ofSeconds(20);

  /** What strikes a request besides a fault. */
  @SuppressWarnings("ImmutableEnumChecker") // the sets do not change
  private enum Mode {
    /** Nothing: the client may try again. */
    ONCE(EnumSet.allOf(WireFault.class)),
    /** The same fault, on each try of the same request, until the client gives it up. */
    EACH_TRY(
        EnumSet.complementOf(
            EnumSet.of(
                WireFault.DELAY_ANSWER, WireFault.THROTTLE_REQUEST, WireFault.THROTTLE_ANSWER))),
    /** Nothing arrives any more, as if the process had died there. */
    DEAD(
        EnumSet.of(
            WireFault.CUT_BEFORE_REQUEST,
            WireFault.CUT_IN_REQUEST_BODY,
            WireFault.CUT_BEFORE_ANSWER,
            WireFault.CUT_IN_ANSWER_BODY));

    private final Set<WireFault> faults;

    Mode(Set<WireFault> faults) {
      this.faults = faults;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /** The n-th request of an action, from 0, and what is done to it. */
  private record Point(Action action, int n, WireFault fault, Mode mode) {

    void arm(FaultProxy proxy) {
      Fault harm = harm(fault);
      Schedule<Exchange> all = Schedule.<Exchange>always().seeded(n);
      Predicate<Exchange> itself = e -> index(proxy, e) == n;
      Predicate<Exchange> again =
          e -> {
            Exchange struck = proxy.exchanges().get(n);
            return e.method().equals(struck.method()) && e.target().equals(struck.target());
          };
      Predicate<Exchange> later = e -> index(proxy, e) > n;
      proxy.inject(
          harm, all.matching(mode == Mode.EACH_TRY ? itself.or(later.and(again)) : itself));
      if (mode == Mode.DEAD) {
        proxy.inject(new Fault.Cut(Fault.Moment.REQUEST, false), all.matching(later));
      }
    }

    private static int index(FaultProxy proxy, Exchange exchange) {
      return proxy.exchanges().indexOf(exchange);
    }

    boolean hasStruck(FaultProxy proxy) {
      List<Exchange> all = proxy.exchanges();
      return all.size() > n && all.get(n).fired().isPresent();
    }
  }

  private static Fault harm(WireFault fault) {
    return fault.on(GridOperation.HEAD);
  }

  private final Tally tally = new Tally();
  private int histories;
  private int missed;

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void minio() throws Exception {
    try (CheckpointRig rig = CheckpointRig.minio()) {
      grid("minio", rig);
    }
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void azurite() throws Exception {
    try (CheckpointRig rig = CheckpointRig.azurite()) {
      grid("azurite", rig);
    }
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void fakeGcs() throws Exception {
    try (CheckpointRig rig = CheckpointRig.fakeGcs()) {
      grid("fake-gcs", rig);
    }
  }

  private void grid(String server, CheckpointRig rig) throws Exception {
    for (Action action : Campaign.actions(Action.SAVE, Action.LOAD, Action.RETAIN, Action.CLEAN)) {
      Scene scene = new Scene(rig, action);
      List<Point> points = points(scene);
      if (!Campaign.ALL) {
        Collections.shuffle(points, new Random(1));
        points = points.subList(0, SAMPLE / 4);
      }
      for (Point point : points) {
        strike(scene, point);
        tally.write("wire-" + server, "\nNot struck: " + missed + "\n");
      }
      scene.end();
    }
    assertThat(tally.broken()).isEmpty();
    assertThat(tally.points()).isGreaterThan(Campaign.least(1_500, SAMPLE / 2));
    assertThat(missed).isLessThanOrEqualTo(SAMPLE / 4 + tally.points() / 50);
  }

  /** Histories for an action, all alike; one for all where it changes nothing. */
  private final class Scene {
    private final CheckpointRig rig;
    private final Action action;
    private final History first;
    private final Map<String, byte[]> contents;
    private final Map<String, byte[]> elsewhere;

    Scene(CheckpointRig rig, Action action) throws ObjectStoreException {
      this.rig = rig;
      this.action = action;
      first = new History(rig.direct(), rig.uri("run" + histories++ + "/"));
      first.begin(action);
      contents = first.contents();
      elsewhere = first.elsewhere().contents();
    }

    History next() throws ObjectStoreException {
      if (action == Action.LOAD) {
        return first;
      }
      History next = new History(rig.direct(), rig.uri("run" + histories++ + "/"));
      next.put(contents);
      next.elsewhere().put(elsewhere);
      return next;
    }

    /** Looks at what the action has left. */
    void check(History history, boolean done) throws ObjectStoreException {
      if (action == Action.LOAD) {
        assertThat(rig.proxy().exchanges()).extracting(Exchange::method).isSubsetOf("GET", "HEAD");
      } else {
        history.check(action, done);
      }
    }

    void ended(History history) throws ObjectStoreException {
      if (action != Action.LOAD) {
        history.delete();
      }
    }

    void end() throws ObjectStoreException {
      first.check(action, action == Action.LOAD);
      first.delete();
    }
  }

  /** Of all that an action asks for when nothing strikes. */
  private static List<Point> points(Scene scene) throws Exception {
    History history = scene.next();
    scene.rig.clear();
    assertThat(run(scene, history, false)).isTrue();
    List<Exchange> exchanges = scene.rig.proxy().exchanges();
    scene.check(history, true);
    scene.ended(history);
    List<Point> points = new ArrayList<>();
    for (int n = 0; n < exchanges.size(); n++) {
      for (Mode mode : Mode.values()) {
        for (WireFault fault : mode.faults) {
          if (exchanges.get(n).fits(harm(fault))) {
            points.add(new Point(scene.action, n, fault, mode));
          }
        }
      }
    }
    return points;
  }

  /** Runs an action by way of the proxy, and waits until all of it has ended; false if it threw. */
  private static boolean run(Scene scene, History history, boolean stalls) throws Exception {
    boolean done;
    String readTimeout = history.base().scheme() + ".read-timeout";
    try (ObjectStore store =
        scene.rig.open(
            readTimeout,
            stalls ? "300ms" : "10s",
            "retry.max-attempts",
            "2",
            "max-concurrency",
            "1")) {
      scene.action.run(history, store);
      done = true;
    } catch (ObjectStoreException e) {
      done = false;
    }
    assertThat(scene.rig.proxy().awaitOpen(0, QUIET)).as("connections").isZero();
    return done;
  }

  private void strike(Scene scene, Point point) throws Exception {
    FaultProxy proxy = scene.rig.proxy();
    String row = point.action + ", " + point.fault + ", " + point.mode;
    History history = scene.next();
    proxy.reset();
    point.arm(proxy);
    try {
      boolean done = run(scene, history, point.fault.stalls());
      if (point.hasStruck(proxy)) {
        scene.check(history, done);
        tally.add(row, done ? Result.DONE : Result.ERROR);
      } else {
        missed++;
      }
    } catch (ObjectStoreException | RuntimeException | AssertionError e) {
      if (e instanceof ObjectStoreException known
          && known.kind() == Kind.CHECKSUM_MISMATCH
          && scene.rig.takesDamaged(point.fault)) {
        tally.add(row, Result.TOLD);
      } else {
        tally.broken(row, point + "; requests: " + proxy.exchanges(), e);
      }
    }
    scene.ended(history);
  }
}
