package io.s3dlio.s3.http;

import java.util.ArrayList;
import java.util.List;

/** The head of an answer. Header names keep the case in which they came. */
final class ResponseHead {

  final int status;
  final String reason;

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

  int count() {
    return headers.size() / 2;
  }

  String name(int i) {
    return headers.get(2 * i);
  }

  String value(int i) {
    return headers.get(2 * i + 1);
  }

  /** Only says that the request may go on. */
  boolean isInterim() {
    return status < 200;
  }

  /** All values of a header, split at commas. */
  List<String> list(String name) {
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
