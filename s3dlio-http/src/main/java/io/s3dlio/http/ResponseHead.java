package io.s3dlio.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The head of an answer. Header names keep the case in which they came. */
public final class ResponseHead {

  private final int status;
  private final String reason;

  /** HTTP/1.1, not 1.0. */
  final boolean http11;

  /** Name, value, name, value. */
  private final List<String> headers = new ArrayList<>(48);

  ResponseHead(int status, String reason, boolean http11) {
    this.status = status;
    this.reason = reason;
    this.http11 = http11;
  }

  void add(String name, String value) {
    headers.add(name);
    headers.add(value);
  }

  /**
   * What the server says.
   *
   * @return 200 and up
   */
  public int status() {
    return status;
  }

  /**
   * What it says of that in words.
   *
   * @return may be empty
   */
  public String reason() {
    return reason;
  }

  /**
   * How many headers there are.
   *
   * @return 0 or more
   */
  public int count() {
    return headers.size() / 2;
  }

  /**
   * The name of a header.
   *
   * @param i from 0
   * @return in the case in which it came
   */
  public String name(int i) {
    return headers.get(2 * i);
  }

  /**
   * The value of a header.
   *
   * @param i from 0
   * @return without the blanks around it
   */
  public String value(int i) {
    return headers.get(2 * i + 1);
  }

  /**
   * The first value of a header.
   *
   * @param name in any case
   * @return the value; empty if there is none
   */
  public Optional<String> header(String name) {
    for (int i = 0; i < count(); i++) {
      if (name(i).equalsIgnoreCase(name)) {
        return Optional.of(value(i));
      }
    }
    return Optional.empty();
  }

  /** Only says that the request may go on. */
  boolean isInterim() {
    return status < 200;
  }

  /**
   * All values of a header, split at commas.
   *
   * @param name in any case
   * @return the values without the blanks around them; maybe none
   */
  public List<String> list(String name) {
    List<String> found = new ArrayList<>(1);
    for (int i = 0; i < count(); i++) {
      if (name(i).equalsIgnoreCase(name)) {
        for (String value : value(i).split(",", -1)) {
          found.add(value.strip());
        }
      }
    }
    return found;
  }

  /** Whether the connection may serve another request after this answer. */
  boolean keepsConnection() {
    List<String> connection = list("Connection");
    return http11
        ? connection.stream().noneMatch("close"::equalsIgnoreCase)
        : connection.stream().anyMatch("keep-alive"::equalsIgnoreCase);
  }
}
