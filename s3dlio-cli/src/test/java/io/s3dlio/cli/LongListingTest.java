package io.s3dlio.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.s3dlio.testkit.process.JavaCommand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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

  private static String list(String endpoint) throws Exception {
    return JavaCommand.of(
            Main.class,
            "ls",
            "-r",
            "--endpoint-url=" + endpoint,
            "--no-sign-request",
            "s3://bucket/")
        .options("-Xmx24m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError")
        .limit(Duration.ofSeconds(150))
        .run();
  }

  private static int count(String said) {
    int count = 0;
    for (String line : said.split("\n")) {
      assertThat(line).isEqualTo("s3://bucket/" + key(count));
      count++;
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
