package io.s3dlio.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every server does: answers, checks who asks, stops, and is there once for all tests. */
class S3ServerTest {

  /** The servers that can be had without a Docker engine. */
  enum Kind {
    S3PROXY,
    MINIO;

    /** The one of all tests. */
    S3Server shared() {
      return this == MINIO ? TestServers.minio() : TestServers.s3proxy();
    }

    /** One more, where there is the one of all tests. */
    S3Server another() throws ServerUnavailableException {
      assertThat(shared()).isNotNull(); // or the test is aborted
      return this == MINIO ? MinioServer.start() : S3ProxyServer.start();
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepsObjects(Kind kind) {
    try (S3 s3 = new S3(kind.shared())) {
      s3.put("key", "content");
      assertThat(s3.content("key")).isEqualTo("content");
    }
  }

  @ParameterizedTest
  @EnumSource
  void listensOnTheLoopbackInterfaceAlone(Kind kind) {
    assertThat(kind.shared().endpoint().getHost()).isIn("127.0.0.1", "localhost");
  }

  @ParameterizedTest
  @EnumSource
  void refusesAWrongSecret(Kind kind) {
    S3Server server = kind.shared();
    assertThat(S3.status(() -> S3.buckets(server, "not" + server.secretKey()))).isEqualTo(403);
    assertThat(S3.status(() -> S3.buckets(server, server.secretKey()))).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource
  void neverPrintsItsSecret(Kind kind) {
    S3Server server = kind.shared();
    assertThat(List.of(server.toString(), server.name()))
        .noneMatch(text -> text.contains(server.secretKey()));
  }

  @ParameterizedTest
  @EnumSource
  void isTheSameForAllTests(Kind kind) {
    assertThat(kind.shared()).isSameAs(kind.shared());
  }

  @ParameterizedTest
  @EnumSource
  void stopsListeningWhenClosed(Kind kind) throws IOException {
    S3Server server = kind.another();
    InetSocketAddress address =
        new InetSocketAddress(server.endpoint().getHost(), server.endpoint().getPort());
    connect(address);
    server.close();
    assertThatThrownBy(() -> connect(address)).isInstanceOf(ConnectException.class);
    server.close();
  }

  @ParameterizedTest
  @EnumSource
  void shareNothing(Kind kind) throws IOException {
    S3Server one = kind.shared();
    try (S3Server other = kind.another();
        S3 s3 = new S3(other)) {
      assertThat(other.endpoint()).isNotEqualTo(one.endpoint());
      assertThat(S3.buckets(other, other.secretKey())).containsExactly(s3.bucket());
      assertThat(S3.buckets(one, one.secretKey())).doesNotContain(s3.bucket());
    }
  }

  private static void connect(InetSocketAddress address) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(address, 5000);
    }
  }
}
