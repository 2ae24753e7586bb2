package io.s3dlio.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Whether an endpoint answers, and whether its clock and this machine's agree. */
final class EndpointCheck {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** Clouds refuse signatures whose time is further off. */
  private static final Duration REFUSED = Duration.ofMinutes(15);

  private static final Duration NOTICEABLE = Duration.ofMinutes(1);

  private final Checkup checkup;

  EndpointCheck(Checkup checkup) {
    this.checkup = checkup;
  }

  /** Sends one request, without credentials; whatever the answer is, it comes from the endpoint. */
  void run(String endpoint) throws IOException {
    HttpRequest request;
    try {
      request = HttpRequest.newBuilder(URI.create(endpoint)).timeout(TIMEOUT).build();
    } catch (IllegalArgumentException e) {
      checkup.fail("endpoint", "'" + endpoint + "' is not a URL of the form http://host:port");
      return;
    }
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    try {
      Instant before = Instant.now();
      HttpResponse<Void> answer = client.send(request, HttpResponse.BodyHandlers.discarding());
      Duration took = Duration.between(before, Instant.now());
      checkup.ok("endpoint", endpoint + " answers within " + millis(took));
      skew(answer.headers().firstValue("Date"), before.plus(took.dividedBy(2)));
    } catch (IOException e) {
      checkup.fail("endpoint", endpoint + " cannot be reached: " + Messages.of(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.failed("cancelled");
    }
  }

  /** The header has full seconds: half of one is added. */
  private void skew(Optional<String> date, Instant here) throws IOException {
    if (date.isEmpty()) {
      checkup.warn("clock", "the endpoint does not tell its time");
      return;
    }
    Duration skew;
    try {
      Instant there =
          ZonedDateTime.parse(date.get(), DateTimeFormatter.RFC_1123_DATE_TIME)
              .toInstant()
              .plusMillis(500);
      skew = Duration.between(here, there);
    } catch (DateTimeException e) {
      checkup.warn("clock", "the endpoint's time cannot be read: '" + date.get() + "'");
      return;
    }
    String text =
        "the endpoint's is "
            + Units.digits(Math.abs(skew.toMillis()) / 1e3)
            + " s "
            + (skew.isNegative() ? "behind" : "ahead")
            + " (to half a second)";
    if (skew.abs().compareTo(REFUSED) >= 0) {
      checkup.fail(
          "clock", text + "; clouds refuse signatures that are off by 15 minutes; set this clock");
    } else if (skew.abs().compareTo(NOTICEABLE) >= 0) {
      checkup.warn("clock", text + "; clouds refuse signatures that are off by 15 minutes");
    } else {
      checkup.ok("clock", text);
    }
  }

  static String millis(Duration time) {
    return Units.digits(time.toNanos() / 1e6) + " ms";
  }
}
