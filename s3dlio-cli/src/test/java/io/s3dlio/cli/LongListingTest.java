package io.s3dlio.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * However many keys there are, they are listed in the memory that a few pages of them need. {@code
 * -Ds3dlio.test.keys=1000000} lists a million.
 */
@Timeout(180)
class LongListingTest {

  private static final int PAGE = 1000;

  /** 200,000 keys, which do not fit into the heap. */
  private static final int PAGES = Integer.getInteger("s3dlio.test.keys", 200_000) / PAGE;

  private static final Pattern TOKEN = Pattern.compile("continuation-token=(\\d+)");

  @TempDir Path directory;

  @Test
  void needsNoMoreThanASmallHeap() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", LongListingTest::page);
    server.start();
    try {
      String endpoint = "http://127.0.0.1:" + server.getAddress().getPort();
      assertThat(count(list(endpoint))).isEqualTo(PAGES * PAGE);
    } finally {
      server.stop(0);
    }
  }

  private Process list(String endpoint) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx24m",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-cp",
            System.getProperty("java.class.path"),
            "io.s3dlio.cli.Main",
            "ls",
            "-r",
            "--endpoint-url=" + endpoint,
            "--no-sign-request",
            "s3://bucket/");
    return new ProcessBuilder(command).redirectError(directory.resolve("stderr").toFile()).start();
  }

  private int count(Process process) throws Exception {
    int count = 0;
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        assertThat(line).isEqualTo("s3://bucket/" + key(count));
        count++;
      }
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(directory.resolve("stderr"))).isZero();
    } finally {
      process.destroyForcibly();
    }
    return count;
  }

  private static String key(int number) {
    return "data/of/some/length/%07d".formatted(number);
  }

  private static void page(HttpExchange exchange) throws IOException {
    Matcher token = TOKEN.matcher(exchange.getRequestURI().getRawQuery());
    int page = token.find() ? Integer.parseInt(token.group(1)) : 0;
    StringBuilder xml = new StringBuilder("<ListBucketResult>");
    for (int i = page * PAGE; i < (page + 1) * PAGE; i++) {
      xml.append("<Contents><Key>").append(key(i)).append("</Key>");
      xml.append("<LastModified>2022-01-01T00:00:00.000Z</LastModified>");
      xml.append("<ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;</ETag><Size>1</Size>");
      xml.append("</Contents>");
    }
    if (page + 1 < PAGES) {
      xml.append("<IsTruncated>true</IsTruncated><NextContinuationToken>").append(page + 1);
      xml.append("</NextContinuationToken>");
    }
    byte[] body = xml.append("</ListBucketResult>").toString().getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/xml");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
