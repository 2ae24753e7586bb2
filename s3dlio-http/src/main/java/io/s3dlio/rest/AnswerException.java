package io.s3dlio.rest;

import io.s3dlio.http.ResponseHead;
import io.s3dlio.spi.Secrets;
import java.time.Duration;
import java.util.Optional;

/** A server's no. */
public final class AnswerException extends Exception {
  private static final long serialVersionUID = 1L;

  /** 300 and up. */
  private final int status;

  /** Maybe empty. */
  private final String code;

  /** Maybe empty. */
  private final String said;

  /** Null of an answer within an answer. */
  private final transient ResponseHead head;

  /**
   * What a server says.
   *
   * @param head status and headers
   * @param code the store's name for it; empty if it names none
   * @param said its words; may be empty
   */
  public AnswerException(ResponseHead head, String code, String said) {
    this(head.status(), head, code, said);
  }

  /**
   * What a server says to a request within a request.
   *
   * @param status of the answer
   * @param code the store's name for it; empty if it names none
   * @param said its words; may be empty
   */
  public AnswerException(int status, String code, String said) {
    this(status, null, code, said);
  }

  private AnswerException(int status, ResponseHead head, String code, String said) {
    super(
        Secrets.masked(
            status + (code.isEmpty() ? "" : " " + code) + (said.isEmpty() ? "" : ": " + said)));
    this.status = status;
    this.code = code;
    this.said = Secrets.masked(said);
    this.head = head;
  }

  /**
   * The status.
   *
   * @return 300 and up
   */
  public int status() {
    return status;
  }

  /**
   * The store's name for it.
   *
   * @return such as {@code BlobNotFound}; empty if it named none
   */
  public String code() {
    return code;
  }

  /**
   * What it said beside.
   *
   * @return may be empty
   */
  public String said() {
    return said;
  }

  /**
   * A header of the answer.
   *
   * @param name in any case
   * @return its first value
   */
  public Optional<String> header(String name) {
    return head == null ? Optional.empty() : head.header(name);
  }

  /**
   * How long the server asks to wait, in seconds; the other form, a date, no store is known to use.
   */
  Optional<Duration> retryAfter() {
    return header("Retry-After")
        .map(String::strip)
        .filter(seconds -> seconds.matches("[0-9]{1,9}"))
        .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)));
  }

  /**
   * Whether a failure is such an answer.
   *
   * @param error the failure
   * @param code the store's name for it
   * @return true if there is one among the causes
   */
  public static boolean hasCode(Throwable error, String code) {
    return Failures.cause(error, AnswerException.class)
        .filter(e -> e.code.equals(code))
        .isPresent();
  }
}
