package io.s3dlio.azure;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The chain of azure-identity as it is, in a JVM of its own: it finds the managed identity of a
 * machine, here as <a
 * href="https://learn.microsoft.com/azure/app-service/overview-managed-identity">App Service</a>
 * offers it, and the blob service gets its token.
 */
class IdentityTest {

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile int status = 200;
  private HttpServer server;
  private String endpoint;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    server.createContext("/token", this::token);
    server.createContext("/account", this::blob);
    server.start();
    endpoint = "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void token(HttpExchange exchange) throws IOException {
    asked.add(
        "token for "
            + exchange.getRequestURI().getQuery().replaceAll(".*resource=([^&]*).*", "$1")
            + " by "
            + exchange.getRequestHeaders().getFirst("X-IDENTITY-HEADER"));
    long end = System.currentTimeMillis() / 1000 + 3600;
    byte[] json =
        "{\"access_token\":\"the-token\",\"expires_on\":\"%d\",\"resource\":\"r\",\"token_type\":\"Bearer\"}"
            .formatted(end)
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, json.length);
    exchange.getResponseBody().write(json);
    exchange.close();
  }

  private void blob(HttpExchange exchange) throws IOException {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    asked.add(exchange.getRequestMethod() + " with " + authorization);
    boolean welcome = Objects.equals(authorization, "Bearer the-token");
    exchange.getResponseHeaders().set("Content-Length", "7");
    exchange.sendResponseHeaders(welcome ? 200 : 401, -1);
    exchange.close();
  }

  private String ask() throws Exception {
    return AskOnce.inAJvm(
        jar -> true,
        Map.of("IDENTITY_ENDPOINT", endpoint + "/token", "IDENTITY_HEADER", "secret"),
        endpoint,
        "az://account/container/o");
  }

  @Test
  void asksWithTheTokenOfTheManagedIdentity() throws Exception {
    assertThat(ask()).contains("size 7");
    assertThat(asked)
        .containsExactly(
            "token for https://storage.azure.com by secret", "HEAD with Bearer the-token");
  }

  @Test
  void withoutATokenNothingIsSentToTheService() throws Exception {
    status = 400;
    assertThat(ask()).contains("UNAUTHENTICATED").contains("azure-identity's default chain");
    assertThat(asked).noneMatch(line -> line.startsWith("HEAD"));
  }
}
