package io.s3dlio.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.s3dlio.datagen.GeneratorLoad;
import java.io.IOException;

/**
 * Tells whether making the data or sending it was the limit. How long uploads waited does not tell:
 * all parts of an object wait at a time, also for a generator that rests before and after.
 *
 * @param load of the workers
 * @param sent what the uploads came to
 * @param usableCpus how many CPUs this process may use
 */
record GeneratorUse(GeneratorLoad load, Summary sent, int usableCpus) {

  /** What is used to this part has little left to give. */
  private static final double FULL = 0.8;

  /** Workers at work that have a CPU for less than this part of it lack CPUs, not threads. */
  private static final double ON_CPU = 0.5;

  private double cpuSecondsPerGB() {
    return Summary.cpuSecondsPerGB(load.cpuSeconds(), load.bytes());
  }

  void write(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("generator");
    json.writeNumberField("threads", load.threads());
    json.writeNumberField("bytes", load.bytes());
    json.writeNumberField("cpuSecondsPerGB", Json.rounded(cpuSecondsPerGB(), 3));
    json.writeNumberField("idle", Json.rounded(load.idle(), 3));
    json.writeNumberField("waits", load.waits());
    json.writeNumberField("waitSeconds", Json.rounded(load.waitSeconds(), 6));
    json.writeEndObject();
  }

  @Override
  public String toString() {
    return "generator: "
        + Units.count(load.threads(), "thread")
        + ", "
        + Units.digits(cpuSecondsPerGB())
        + " CPU-s/GB, idle "
        + Math.round(100 * load.idle())
        + " %; uploads waited for it "
        + Units.count(load.waits(), "time")
        + ", "
        + Units.digits(load.waitSeconds())
        + " s added up: "
        + limit();
  }

  private String limit() {
    boolean atWork = 1 - load.idle() > FULL;
    boolean lacksCpus = load.cpuSeconds() < ON_CPU * load.busySeconds();
    if (sent.cpuSeconds() > FULL * usableCpus * sent.seconds() || (atWork && lacksCpus)) {
      return "the CPUs were the limit";
    }
    return atWork
        ? "it was the limit, to which --threads gives more CPUs"
        : "the store was the limit";
  }
}
