package io.s3dlio.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.http.Caller.Content;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** By way of whom servers are reached. */
class ProxyTest {

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

  private static Caller behind(RawServer proxy, String variable, String credentials) {
    return Caller.of(
        proxy, Map.of(variable, "http://" + credentials + "127.0.0.1:" + proxy.port()));
  }

  private static Caller.Call ask(Caller caller, String protocol) {
    HttpRequest.Builder request = caller.request("GET").server(protocol, "store.example", 4711);
    return caller.send(request, new Content(Optional.of(0L)), null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http_proxy", "HTTP_PROXY", "all_proxy"})
  void asksTheProxyForPlainHttp(String variable) {
    try (RawServer proxy = RawServer.answering(OK);
        Caller caller = behind(proxy, variable, "")) {
      ask(caller, "http").await();
      ask(caller, "http").await();
      assertThat(proxy.accepted).hasValue(1);
      assertThat(proxy.heads.get(0))
          .startsWith("GET http://store.example:4711/path HTTP/1.1\r\n")
          .contains("Host: store.example:4711\r\n")
          .doesNotContain("Proxy-Authorization");
    }
  }

  @Test
  void tellsTheProxyWhoAsks() {
    try (RawServer proxy = RawServer.answering(OK);
        Caller caller = behind(proxy, "http_proxy", "me:p%40ss@")) {
      ask(caller, "http").await();
      assertThat(proxy.heads.get(0)).contains("Proxy-Authorization: Basic bWU6cEBzcw==\r\n");
    }
  }

  @Test
  void asksTheProxyForATunnelToTls() {
    try (RawServer proxy =
            RawServer.start(
                (peer, n) -> {
                  peer.head();
                  peer.send("HTTP/1.1 200 Connection established\r\n\r\n");
                  assertThat(peer.in.read()).isEqualTo(0x16); // how TLS begins
                });
        Caller caller = behind(proxy, "https_proxy", "me:pass@")) {
      assertThat(ask(caller, "https").failure()).isInstanceOf(IOException.class); // no TLS there
      assertThat(proxy.heads)
          .containsExactly(
              "CONNECT store.example:4711 HTTP/1.1\r\nHost: store.example:4711\r\n"
                  + "Proxy-Authorization: Basic bWU6cGFzcw==\r\n\r\n");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1 407 Who are you, answers 407",
    "HTTP/1.1 502 Bad Gateway, answers 502",
    "SSH-2.0-x, not HTTP",
    "'', closed the connection"
  })
  void saysThatTheProxyRefuses(String answer, String expected) {
    try (RawServer proxy =
            RawServer.start(
                (peer, n) -> {
                  peer.head();
                  peer.send(answer.isEmpty() ? "" : answer + "\r\n\r\n");
                  peer.finish();
                });
        Caller caller = behind(proxy, "https_proxy", "me:pass@")) {
      assertThat(ask(caller, "https").failure())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("127.0.0.1:" + proxy.port() + " for store.example:4711")
          .hasMessageContaining(expected)
          .hasMessageNotContaining("pass");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "example.com, example.com, false",
    "example.com, a.example.com, false",
    ".example.com, a.example.com, false",
    "*.example.com, a.example.com, false",
    "example.com, notexample.com, true",
    "'other, example.com', Example.com, false",
    "example.com:80, example.com, false",
    "example.com:81, example.com, true",
    "*, anything, false",
    "10.0.0.0/8, 10.1.2.3, false",
    "10.0.0.0/8, 11.1.2.3, true",
    "10.0.0.0/8, ten.example.com, true",
    "169.254.169.254, 169.254.169.254, false",
    "fd00::/8, [fd00::1], false",
    "10.0.0.0/x, 10.1.2.3, true",
    "'', example.com, true",
  })
  void leavesTheProxyOutWhereItIsToldTo(String exceptions, String host, boolean expected) {
    Proxies proxies = Proxies.of(Map.of("http_proxy", "proxy:3128", "NO_PROXY", exceptions));
    assertThat(proxies.find(false, host, 80).isPresent()).isEqualTo(expected);
    assertThat(proxies.find(true, host, 80)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://u:hush@proxy:1", "socks5://u:hush@proxy", "http://", "http://a b"})
  void refusesWhatItCannotUse(String proxy) {
    assertThatThrownBy(() -> Proxies.of(Map.of("HTTPS_PROXY", proxy)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("HTTPS_PROXY")
        .hasMessageNotContaining("hush");
  }
}
