package io.s3dlio.testkit.fault;

import java.time.Duration;
import java.util.Optional;

/** What a {@link FaultProxy} does to an exchange of a request and its answer. */
public sealed interface Fault {

  /** When in an exchange. */
  enum Moment {
    /** The request has come, and the server has none of it. */
    REQUEST,
    /** The server has some of the request's body. */
    REQUEST_BODY,
    /** The server has carried the request out and answered, and the client has none of it. */
    ANSWER,
    /** The client has some of the answer's body. */
    ANSWER_BODY;

    boolean inBody() {
      return this == REQUEST_BODY || this == ANSWER_BODY;
    }

    boolean ofAnswer() {
      return this == ANSWER || this == ANSWER_BODY;
    }
  }

  /**
   * When it strikes. One that strikes in a body hits only exchanges with a body there of a byte or
   * more.
   *
   * @return the moment
   */
  Moment at();

  /**
   * Ends the client's connection, and the server's.
   *
   * @param at when
   * @param reset with an RST, as a crashed machine or a firewall does; else with a FIN
   */
  record Cut(Moment at, boolean reset) implements Fault {}

  /**
   * Sends nothing any more, in no direction, until the client goes away.
   *
   * @param at when
   */
  record Stall(Moment at) implements Fault {}

  /**
   * Waits, then goes on.
   *
   * @param at when: {@code REQUEST} or {@code ANSWER}
   * @param time how long
   */
  record Delay(Moment at, Duration time) implements Fault {}

  /**
   * Turns one bit of a body.
   *
   * @param at {@code REQUEST_BODY} or {@code ANSWER_BODY}
   */
  record Flip(Moment at) implements Fault {}

  /**
   * Leaves out the end of an answer's body and says in the answer's head that it is that short, so
   * that nobody can tell by the framing.
   */
  record Shorten() implements Fault {
    @Override
    public Moment at() {
      return Moment.ANSWER_BODY;
    }
  }

  /**
   * Lets a body through slowly.
   *
   * @param at {@code REQUEST_BODY} or {@code ANSWER_BODY}
   * @param bytesPerSecond how slowly, 1 or more
   */
  record Throttle(Moment at, long bytesPerSecond) implements Fault {}

  /**
   * Answers in the server's place.
   *
   * @param at {@code REQUEST} for a server that refuses, {@code ANSWER} for one that has carried
   *     out what it says to have failed at
   * @param status the status, such as 503
   * @param retryAfter what the header of this name says, in whole seconds
   */
  record Reply(Moment at, int status, Optional<Duration> retryAfter) implements Fault {}
}
