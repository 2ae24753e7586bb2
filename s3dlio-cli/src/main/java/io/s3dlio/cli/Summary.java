package io.s3dlio.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/**
 * What a transfer came to.
 *
 * @param operation the command
 * @param objects how many were moved, whole and right
 * @param bytes how many were moved with them
 * @param failed how many objects failed
 * @param seconds from the first request to the last answer
 * @param cpuSeconds of this process, in that time
 * @param threads objects in flight at a time
 */
record Summary(
    String operation,
    long objects,
    long bytes,
    long failed,
    double seconds,
    double cpuSeconds,
    int threads) {

  double bytesPerSecond() {
    return seconds > 0 ? bytes / seconds : 0;
  }

  /** CPU seconds for 10<sup>9</sup> bytes; 0 where none were moved. */
  double cpuSecondsPerGB() {
    return cpuSecondsPerGB(cpuSeconds, bytes);
  }

  static double cpuSecondsPerGB(double cpuSeconds, long bytes) {
    return bytes > 0 ? cpuSeconds / (bytes / 1e9) : 0;
  }

  void write(JsonGenerator json) throws IOException {
    json.writeStringField("operation", operation);
    json.writeNumberField("objects", objects);
    json.writeNumberField("bytes", bytes);
    json.writeNumberField("failed", failed);
    json.writeNumberField("seconds", Json.rounded(seconds, 6));
    json.writeNumberField("bytesPerSecond", Math.round(bytesPerSecond()));
    json.writeNumberField("cpuSecondsPerGB", Json.rounded(cpuSecondsPerGB(), 3));
    json.writeNumberField("threads", threads);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(operation).append(": ");
    text.append(Units.count(objects, "object")).append(", ").append(Units.bytes(bytes));
    text.append(" in ").append(Units.digits(seconds)).append(" s");
    if (bytes > 0) {
      text.append(", ").append(Units.rate(bytesPerSecond()));
      text.append(", ").append(Units.digits(cpuSecondsPerGB())).append(" CPU-s/GB");
    }
    text.append(", ").append(threads).append(" at a time");
    if (failed > 0) {
      text.append("; ").append(failed).append(" failed");
    }
    return text.toString();
  }
}
