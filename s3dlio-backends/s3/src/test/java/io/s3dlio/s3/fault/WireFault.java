package io.s3dlio.s3.fault;

import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.testkit.fault.Fault;
import io.s3dlio.testkit.fault.Fault.Moment;
import io.s3dlio.testkit.fault.GridOperation;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The faults of the grid of S3. */
@SuppressWarnings("ImmutableEnumChecker") // records, and a set that nobody changes
enum WireFault {
  CUT_BEFORE_REQUEST(new Fault.Cut(Moment.REQUEST, false), Kind.UNAVAILABLE),
  CUT_IN_REQUEST_BODY(new Fault.Cut(Moment.REQUEST_BODY, false), Kind.UNAVAILABLE),
  CUT_BEFORE_ANSWER(new Fault.Cut(Moment.ANSWER, false), Kind.UNAVAILABLE),
  CUT_IN_ANSWER_BODY(new Fault.Cut(Moment.ANSWER_BODY, false), Kind.UNAVAILABLE),
  RESET_BEFORE_REQUEST(new Fault.Cut(Moment.REQUEST, true), Kind.UNAVAILABLE),
  RESET_IN_REQUEST_BODY(new Fault.Cut(Moment.REQUEST_BODY, true), Kind.UNAVAILABLE),
  RESET_BEFORE_ANSWER(new Fault.Cut(Moment.ANSWER, true), Kind.UNAVAILABLE),
  RESET_IN_ANSWER_BODY(new Fault.Cut(Moment.ANSWER_BODY, true), Kind.UNAVAILABLE),
  STALL_BEFORE_REQUEST(new Fault.Stall(Moment.REQUEST), Kind.TIMEOUT),
  STALL_IN_REQUEST_BODY(new Fault.Stall(Moment.REQUEST_BODY), Kind.TIMEOUT),
  STALL_IN_ANSWER_BODY(new Fault.Stall(Moment.ANSWER_BODY), Kind.TIMEOUT),
  DELAY_ANSWER(new Fault.Delay(Moment.ANSWER, Duration.ofMillis(50))),
  FLIP_IN_REQUEST(new Fault.Flip(Moment.REQUEST_BODY), Kind.CHECKSUM_MISMATCH),
  FLIP_IN_ANSWER(new Fault.Flip(Moment.ANSWER_BODY), Kind.CHECKSUM_MISMATCH),
  SHORTEN_ANSWER(new Fault.Shorten(), Kind.CHECKSUM_MISMATCH, Kind.UNSUPPORTED),
  THROTTLE_REQUEST(new Fault.Throttle(Moment.REQUEST_BODY, 50_000)),
  THROTTLE_ANSWER(new Fault.Throttle(Moment.ANSWER_BODY, 50_000)),
  ANSWER_500(reply(Moment.REQUEST, 500), Kind.UNAVAILABLE),
  ANSWER_500_ALL_THE_SAME(reply(Moment.ANSWER, 500), Kind.UNAVAILABLE),
  ANSWER_503(reply(Moment.REQUEST, 503), Kind.THROTTLED, Kind.UNAVAILABLE),
  ANSWER_429(reply(Moment.REQUEST, 429), Kind.THROTTLED);

  private final Fault fault;
  private final Set<Kind> kinds;

  WireFault(Fault fault, Kind... kinds) {
    this.fault = fault;
    this.kinds = EnumSet.noneOf(Kind.class);
    this.kinds.addAll(Set.of(kinds));
  }

  private static Fault reply(Moment at, int status) {
    return new Fault.Reply(at, status, Optional.of(Duration.ZERO));
  }

  /** The fault, as slow as an operation of some size needs it to be noticed and to end. */
  Fault on(GridOperation operation) {
    if (fault instanceof Fault.Throttle throttle) {
      boolean many = operation.writesParts() || operation.readsParts();
      return new Fault.Throttle(throttle.at(), many ? 20_000_000 : throttle.bytesPerSecond());
    }
    return fault;
  }

  boolean stalls() {
    return fault instanceof Fault.Stall;
  }

  /** Changes what an answer says. */
  boolean lies() {
    return this == FLIP_IN_ANSWER || this == SHORTEN_ANSWER;
  }

  Set<Kind> kinds() {
    return kinds;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
