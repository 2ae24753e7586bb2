package io.s3dlio.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.StoreConfig;
import io.s3dlio.cli.Main;
import io.s3dlio.security.Server.Reply;
import io.s3dlio.testkit.server.TestCertificate;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whom stores trust, what they say of others, and what {@code insecure} changes. */
class TlsTest {

  @TempDir static Path directory;

  private static TestCertificate good;
  private static TestCertificate ofAnotherHost;
  private static TestCertificate expired;

  @BeforeAll
  static void makeCertificates() throws Exception {
    good = TestCertificate.of(directory, "good", TestCertificate.LOCAL);
    ofAnotherHost = TestCertificate.of(directory, "other", "dns:elsewhere.example");
    expired = TestCertificate.expired(directory, "expired");
  }

  private static Server server(TestCertificate certificate) throws Exception {
    return Server.start(certificate.server(), r -> Reply.of(404, ""));
  }

  private static StoreConfig trusting(Cloud cloud, Server server, TestCertificate certificate) {
    return cloud
        .config(server.endpoint())
        .with(cloud.setting("ca-bundle"), certificate.pem().toString());
  }

  private static ObjectStoreException failure(Cloud cloud, StoreConfig config) throws Exception {
    return catchThrowableOfType(
        ObjectStoreException.class,
        () -> {
          try (ObjectStore store = cloud.open(config)) {
            store.get(cloud.uri("key")).close();
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void whoIsTrustedIsAsked(Cloud cloud) throws Exception {
    try (Server server = server(good)) {
      assertThat(failure(cloud, trusting(cloud, server, good)).kind()).isEqualTo(Kind.NOT_FOUND);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoIsNotTrustedIsRefused(Cloud cloud) throws Exception {
    try (Server server = server(good)) {
      ObjectStoreException e = failure(cloud, cloud.config(server.endpoint()));
      assertThat(e.kind()).isEqualTo(Kind.INVALID);
      assertThat(e)
          .hasMessageContaining("not trusted")
          .hasMessageContaining(cloud.setting("ca-bundle"));
      assertThat(server.heard()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCertificateOfAnotherHostIsRefused(Cloud cloud) throws Exception {
    try (Server server = server(ofAnotherHost)) {
      ObjectStoreException e = failure(cloud, trusting(cloud, server, ofAnotherHost));
      assertThat(e.kind()).isEqualTo(Kind.INVALID);
      assertThat(e)
          .hasMessageContaining("another host")
          .hasMessageContaining(cloud.setting("endpoint"));
      assertThat(server.heard()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anExpiredCertificateIsRefused(Cloud cloud) throws Exception {
    try (Server server = server(expired)) {
      ObjectStoreException e = failure(cloud, trusting(cloud, server, expired));
      assertThat(e.kind()).isEqualTo(Kind.INVALID);
      assertThat(e).hasMessageContaining("expired");
      assertThat(server.heard()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aServerOfOldVersionsIsRefused(Cloud cloud) throws Exception {
    for (String version : List.of("TLSv1", "TLSv1.1")) {
      try (OldTlsServer server = OldTlsServer.start(good, version)) {
        StoreConfig config =
            cloud.config(server.endpoint()).with(cloud.setting("ca-bundle"), good.pem().toString());
        ObjectStoreException e = failure(cloud, config);
        assertThat(e.kind()).as(e.toString()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(e).hasMessageContaining("TLS 1.2");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void insecureTrustsAnybodyAndSaysSoEachTime(Cloud cloud) throws Exception {
    for (TestCertificate certificate : List.of(good, ofAnotherHost, expired)) {
      try (Server server = server(certificate)) {
        StoreConfig config =
            cloud.config(server.endpoint()).with(cloud.setting("insecure"), "true");
        for (int i = 0; i < 2; i++) {
          List<String> warnings =
              Warnings.during(
                  () ->
                      assertThat(failure(cloud, config).kind())
                          .as("it is asked")
                          .isEqualTo(Kind.NOT_FOUND));
          assertThat(warnings).hasSize(1);
          assertThat(warnings.get(0))
              .startsWith("WARNING")
              .contains(cloud.setting("insecure"), "anybody");
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void insecureIsOffAndSilent(Cloud cloud) throws Exception {
    try (Server server = server(good)) {
      assertThat(
              Warnings.during(
                  () -> assertThat(failure(cloud, trusting(cloud, server, good))).isNotNull()))
          .isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void insecureAndABundleContradict(Cloud cloud) throws Exception {
    try (Server server = server(good)) {
      StoreConfig config = trusting(cloud, server, good).with(cloud.setting("insecure"), "true");
      assertThat(failure(cloud, config))
          .hasMessageContaining(cloud.setting("ca-bundle"))
          .extracting(ObjectStoreException::kind)
          .isEqualTo(Kind.INVALID);
    }
  }

  private static String said(String... args) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    Main.run(args, said, said);
    return said.toString(java.nio.charset.StandardCharsets.UTF_8);
  }

  /** Copying opens two stores, and a recursive listing many pages: once is enough. */
  @Test
  void theCommandSaysItOnce() throws Exception {
    try (Server server = server(good)) {
      String said =
          said(
              "cp",
              "--no-sign-request",
              "--region=us-east-1",
              "--set=s3.insecure=true",
              "--endpoint-url=" + server.endpoint(),
              "s3://a/b",
              "s3://c/d");
      assertThat(said.lines().filter(line -> line.contains("warning: s3.insecure"))).hasSize(1);
    }
  }

  @Test
  void doctorNamesIt() throws Exception {
    try (Server server = server(good)) {
      for (String scheme : List.of("s3", "az", "gs")) {
        String said =
            said(
                "doctor",
                "--no-sign-request",
                "--region=us-east-1",
                "--set=" + scheme + ".insecure=true",
                "--endpoint-url=" + server.endpoint(),
                scheme.equals("az") ? "az://account/container/" : scheme + "://bucket/");
        assertThat(said).contains("warn  tls").contains(scheme + ".insecure");
      }
    }
  }
}
