package io.s3dlio.testkit.fault;

import java.util.Optional;

/** One request that came to a {@link FaultProxy}, and what became of it. Thread-safe. */
public final class Exchange {

  private final int connection;
  private final Message request;
  private final S3Action action;
  private final long arrived = System.nanoTime();
  private volatile int status;
  private volatile long answerBody;
  private volatile Fault fired;

  Exchange(int connection, Message request) {
    this.connection = connection;
    this.request = request;
    this.action = S3Action.of(method(), target(), request.header("x-amz-copy-source").isPresent());
  }

  /**
   * Which connection of the client it came on.
   *
   * @return a number from 1
   */
  public int connection() {
    return connection;
  }

  /**
   * The method.
   *
   * @return such as {@code GET}
   */
  public String method() {
    return request.word(0);
  }

  /**
   * What was asked for.
   *
   * @return path and query as they were sent
   */
  public String target() {
    return request.word(1);
  }

  /**
   * What it asks of an S3 server.
   *
   * @return the action
   */
  public S3Action action() {
    return action;
  }

  /**
   * A header of the request.
   *
   * @param name its name, in any case
   * @return its value
   */
  public Optional<String> header(String name) {
    return request.header(name);
  }

  /**
   * How long the request's body is.
   *
   * @return bytes, 0 or more
   */
  public long requestBody() {
    return request.length();
  }

  /**
   * When its head was there, by the clock of {@link System#nanoTime}.
   *
   * @return nanoseconds
   */
  public long arrivedNanos() {
    return arrived;
  }

  /**
   * What the server answered, whether or not the client heard of it.
   *
   * @return the status; 0 if there is no answer, or none yet
   */
  public int status() {
    return status;
  }

  /**
   * How long the body of the server's answer is.
   *
   * @return bytes, 0 or more
   */
  public long answerBody() {
    return answerBody;
  }

  /**
   * What was done to it.
   *
   * @return the fault, once it has struck
   */
  public Optional<Fault> fired() {
    return Optional.ofNullable(fired);
  }

  /**
   * Whether a fault can strike here: one that strikes in a body needs a body.
   *
   * @param fault the fault
   * @return false if there is no body where it would strike; of an answer that is known only when
   *     it is there
   */
  public boolean fits(Fault fault) {
    return switch (fault.at()) {
      case REQUEST -> true;
      case REQUEST_BODY -> requestBody() > 0;
      case ANSWER -> status > 0;
      case ANSWER_BODY -> answerBody > 0;
    };
  }

  Message request() {
    return request;
  }

  void answered(int newStatus, long body) {
    answerBody = body;
    status = newStatus;
  }

  void fired(Fault fault) {
    fired = fault;
  }

  @Override
  public String toString() {
    return action
        + " "
        + method()
        + " "
        + target()
        + " -> "
        + status
        + fired().map(fault -> ", hit by " + fault).orElse("");
  }
}
