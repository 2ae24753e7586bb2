package io.s3dlio.testkit.fault;

import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.testkit.fault.Fault.Moment;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The faults that a grid does to a store behind HTTP, by a {@link FaultProxy}. */
@SuppressWarnings("ImmutableEnumChecker") // records, and a set that nobody changes
public enum WireFault {
  /** The connection ends before the server has the request. */
  CUT_BEFORE_REQUEST(new Fault.Cut(Moment.REQUEST, false), Kind.UNAVAILABLE),
  /** It ends in the request's body. */
  CUT_IN_REQUEST_BODY(new Fault.Cut(Moment.REQUEST_BODY, false), Kind.UNAVAILABLE),
  /** It ends when the request has been carried out, without an answer. */
  CUT_BEFORE_ANSWER(new Fault.Cut(Moment.ANSWER, false), Kind.UNAVAILABLE),
  /** It ends in the answer's body. */
  CUT_IN_ANSWER_BODY(new Fault.Cut(Moment.ANSWER_BODY, false), Kind.UNAVAILABLE),
  /** The connection is reset before the server has the request. */
  RESET_BEFORE_REQUEST(new Fault.Cut(Moment.REQUEST, true), Kind.UNAVAILABLE),
  /** It is reset in the request's body. */
  RESET_IN_REQUEST_BODY(new Fault.Cut(Moment.REQUEST_BODY, true), Kind.UNAVAILABLE),
  /** It is reset when the request has been carried out, without an answer. */
  RESET_BEFORE_ANSWER(new Fault.Cut(Moment.ANSWER, true), Kind.UNAVAILABLE),
  /** It is reset in the answer's body. */
  RESET_IN_ANSWER_BODY(new Fault.Cut(Moment.ANSWER_BODY, true), Kind.UNAVAILABLE),
  /** Silence before the server has the request. */
  STALL_BEFORE_REQUEST(new Fault.Stall(Moment.REQUEST), Kind.TIMEOUT),
  /** Silence in the request's body. */
  STALL_IN_REQUEST_BODY(new Fault.Stall(Moment.REQUEST_BODY), Kind.TIMEOUT),
  /** Silence in the answer's body. */
  STALL_IN_ANSWER_BODY(new Fault.Stall(Moment.ANSWER_BODY), Kind.TIMEOUT),
  /** The answer comes late. */
  DELAY_ANSWER(new Fault.Delay(Moment.ANSWER, Duration.ofMillis(50))),
  /** A bit of the request's body is turned. */
  FLIP_IN_REQUEST(new Fault.Flip(Moment.REQUEST_BODY), Kind.CHECKSUM_MISMATCH),
  /** A bit of the answer's body is turned. */
  FLIP_IN_ANSWER(new Fault.Flip(Moment.ANSWER_BODY), Kind.CHECKSUM_MISMATCH),
  /** The end of the answer's body is missing, and its head says so. */
  SHORTEN_ANSWER(new Fault.Shorten(), Kind.CHECKSUM_MISMATCH, Kind.UNSUPPORTED),
  /** The request's body comes slowly. */
  THROTTLE_REQUEST(new Fault.Throttle(Moment.REQUEST_BODY, 50_000)),
  /** The answer's body comes slowly. */
  THROTTLE_ANSWER(new Fault.Throttle(Moment.ANSWER_BODY, 50_000)),
  /** The server fails inside. */
  ANSWER_500(reply(Moment.REQUEST, 500), Kind.UNAVAILABLE),
  /** It says so of what it has carried out. */
  ANSWER_500_ALL_THE_SAME(reply(Moment.ANSWER, 500), Kind.UNAVAILABLE),
  /** The server is too busy. */
  ANSWER_503(reply(Moment.REQUEST, 503), Kind.THROTTLED, Kind.UNAVAILABLE),
  /** The server asks for fewer requests. */
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

  /**
   * The fault, as slow as an operation of some size needs it to be noticed and to end.
   *
   * @param operation what is going to be done
   * @return for the proxy
   */
  public Fault on(GridOperation operation) {
    if (fault instanceof Fault.Throttle throttle) {
      boolean many = operation.writesParts() || operation.readsParts();
      return new Fault.Throttle(throttle.at(), many ? 20_000_000 : throttle.bytesPerSecond());
    }
    return fault;
  }

  /**
   * Whether it is one that only a time-out ends.
   *
   * @return true for silence
   */
  public boolean stalls() {
    return fault instanceof Fault.Stall;
  }

  /**
   * Whether it changes what an answer says.
   *
   * @return true for those that a client may not notice
   */
  public boolean lies() {
    return this == FLIP_IN_ANSWER || this == SHORTEN_ANSWER;
  }

  /**
   * The kinds of error that any operation may fail with.
   *
   * @return none where it should not fail
   */
  public Set<Kind> kinds() {
    return Set.copyOf(kinds);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
