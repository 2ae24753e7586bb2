package io.s3dlio.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.s3dlio.ListOptions;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import io.s3dlio.cli.Main;
import io.s3dlio.security.Server.Reply;
import io.s3dlio.testkit.server.TestCertificate;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody is asked but the endpoint: what it says of other places is not followed. */
class RedirectTest {

  private static final List<Integer> REDIRECTS = List.of(301, 302, 303, 307, 308);

  @TempDir static Path directory;

  private static TestCertificate certificate;

  @BeforeAll
  static void makeCertificate() throws Exception {
    certificate = TestCertificate.of(directory, "known", TestCertificate.LOCAL);
  }

  static Stream<Arguments> redirects() {
    return Stream.of(Cloud.values())
        .flatMap(cloud -> REDIRECTS.stream().map(status -> Arguments.of(cloud, status)));
  }

  /** Reads, writes, lists, copies and deletes; all of it fails, and says so. */
  private static void assertFails(ObjectStore store, Cloud cloud) {
    ObjectUri uri = cloud.uri("key");
    List<ThrowingCallable> operations =
        List.of(
            () -> store.get(uri).close(),
            () -> store.head(uri),
            () -> store.put(uri, ByteBuffer.allocate(1000)),
            () -> store.copy(uri, cloud.uri("copy")),
            () -> store.list(cloud.uri(""), ListOptions.ALL).findFirst(),
            () -> store.delete(uri));
    for (ThrowingCallable operation : operations) {
      Throwable e = catchThrowable(operation);
      assertThat(e).isNotNull();
      ObjectStoreException told =
          (ObjectStoreException) (e instanceof ObjectStoreException ? e : e.getCause());
      assertThat(told.kind()).as(told.toString()).isNotEqualTo(ObjectStoreException.Kind.UNKNOWN);
    }
  }

  @ParameterizedTest
  @MethodSource("redirects")
  void toAnotherHostIsNotFollowed(Cloud cloud, int status) throws Exception {
    try (Server other = Server.start(r -> Reply.of(200, "stolen"));
        Server endpoint = Server.start(r -> Reply.redirect(status, other.endpoint() + r.target()));
        ObjectStore store = cloud.open(cloud.config(endpoint.endpoint()))) {
      assertFails(store, cloud);
      assertThat(endpoint.requests).hasSizeGreaterThanOrEqualTo(6);
      assertThat(other.heard()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("redirects")
  void fromHttpsToHttpIsNotFollowed(Cloud cloud, int status) throws Exception {
    Path account = directory.resolve("account-" + cloud + status);
    try (Server tokens =
            Server.start(r -> Reply.of(200, "{\"access_token\":\"token\",\"expires_in\":3600}"));
        Server other = Server.start(r -> Reply.of(200, "stolen"));
        Server endpoint =
            Server.start(
                certificate.server(), r -> Reply.redirect(status, other.endpoint() + r.target()))) {
      ServiceAccount.write(account, tokens.endpoint());
      StoreConfig config =
          cloud
              .config(endpoint.endpoint(), Optional.of(account))
              .with(cloud.setting("ca-bundle"), certificate.pem().toString());
      try (ObjectStore store = cloud.open(config)) {
        assertFails(store, cloud);
      }
      assertThat(endpoint.heard()).as("it was told who asks").containsIgnoringCase("authorization");
      assertThat(other.heard()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 308})
  void doctorFollowsNone(int status) throws Exception {
    try (Server other = Server.start(r -> Reply.of(200, "stolen"));
        Server endpoint =
            Server.start(r -> Reply.redirect(status, other.endpoint() + r.target()))) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (String scheme : List.of("s3://bucket/", "az://account/container/", "gs://bucket/")) {
        Main.run(
            new String[] {
              "doctor",
              "--no-sign-request",
              "--endpoint-url",
              endpoint.endpoint(),
              scheme,
              "--region",
              "us-east-1",
              "--set",
              "retry.max-attempts=1"
            },
            out,
            out);
      }
      assertThat(endpoint.requests).hasSizeGreaterThanOrEqualTo(6);
      assertThat(other.heard()).as(out.toString(StandardCharsets.UTF_8)).isEmpty();
    }
  }
}
