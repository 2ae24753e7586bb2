package io.s3dlio.s3;

import static io.s3dlio.s3.Fixture.failure;
import static io.s3dlio.s3.Fixture.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.s3.WireServer.Reply;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** Where credentials come from, and what is said where they come from nowhere. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class CredentialsTest {

  private static final List<String> PROPERTIES =
      List.of(
          "aws.accessKeyId",
          "aws.secretAccessKey",
          "aws.sessionToken",
          "aws.configFile",
          "aws.sharedCredentialsFile",
          "aws.profile",
          "aws.ec2MetadataServiceEndpoint",
          "aws.ec2MetadataServiceTimeout");

  @TempDir Path directory;

  private final Map<String, String> before = new HashMap<>();
  private WireServer server;

  @BeforeEach
  void hideThisMachine() {
    PROPERTIES.forEach(name -> before.put(name, System.getProperty(name)));
    PROPERTIES.forEach(System::clearProperty);
    System.setProperty("aws.configFile", directory.resolve("config").toString());
    System.setProperty("aws.sharedCredentialsFile", directory.resolve("credentials").toString());
    server = WireServer.start((request, n) -> Reply.of(200));
  }

  @AfterEach
  void showItAgain() {
    server.close();
    before.forEach(
        (name, value) -> {
          if (value == null) {
            System.clearProperty(name);
          } else {
            System.setProperty(name, value);
          }
        });
  }

  private Fixture open(String... settings) throws ObjectStoreException {
    return Fixture.open(
        Fixture.with(
            Fixture.defaults().with(S3Keys.ENDPOINT, server.endpoint().toString()), settings));
  }

  private String keyUsed() {
    String authorization = server.requests().get(0).header("authorization");
    return authorization == null
        ? "none"
        : authorization.replaceAll(".*Credential=([^/]*)/.*", "$1");
  }

  @Test
  void saysWithinSecondsThatThereAreNone() throws ObjectStoreException {
    System.setProperty("aws.ec2MetadataServiceTimeout", "50"); // the SDK's own patience, in seconds
    try (WireServer metadata = WireServer.start((request, n) -> Reply.silence());
        Fixture s3 = open()) {
      System.setProperty("aws.ec2MetadataServiceEndpoint", metadata.endpoint().toString());
      long start = System.nanoTime();
      ObjectStoreException e = failure(s3.backend.head(s3.uri("k")));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
      assertThat(e.kind()).isEqualTo(Kind.UNAUTHENTICATED);
      assertThat(e)
          .hasMessageContaining("aws.accessKeyId")
          .hasMessageContaining("AWS_ACCESS_KEY_ID")
          .hasMessageContaining("AWS_WEB_IDENTITY_TOKEN_FILE")
          .hasMessageContaining("profile `default`")
          .hasMessageContaining("EC2 metadata service")
          .hasMessageContaining("--no-sign-request");
      assertThat(metadata.requests()).isNotEmpty();
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void takesThemFromTheMetadataService() throws ObjectStoreException {
    String credentials =
        "{\"Code\":\"Success\",\"AccessKeyId\":\"metakey\",\"SecretAccessKey\":\"hush\","
            + "\"Token\":\"t\",\"Expiration\":\"2999-01-01T00:00:00Z\"}";
    try (WireServer metadata =
            WireServer.start(
                (request, n) ->
                    request.method().equals("PUT")
                        ? Reply.xml(200, "token", Map.of())
                        : request.target().endsWith("security-credentials/")
                                || request.target().endsWith("security-credentials-extended/")
                            ? Reply.xml(200, "role", Map.of())
                            : Reply.xml(200, credentials, Map.of()));
        Fixture s3 = open()) {
      System.setProperty("aws.ec2MetadataServiceEndpoint", metadata.endpoint().toString());
      get(s3.backend.head(s3.uri("k")));
      int asked = metadata.requests().size();
      get(s3.backend.head(s3.uri("k")));
      assertThat(keyUsed()).isEqualTo("metakey");
      assertThat(metadata.requests()).hasSize(asked);
    }
  }

  @Test
  void takesThemFromAProfile() throws Exception {
    Files.writeString(
        directory.resolve("credentials"),
        "[default]\naws_access_key_id=defaultkey\naws_secret_access_key=hush\n"
            + "[other]\naws_access_key_id=otherkey\naws_secret_access_key=hush\n");
    Files.writeString(
        directory.resolve("config"),
        "[profile other]\nregion=eu-west-3\nendpoint_url=" + server.endpoint() + "\n");
    try (Fixture s3 = Fixture.open(Fixture.defaults().with(S3Keys.PROFILE, "other"))) {
      get(s3.backend.head(s3.uri("k")));
      assertThat(server.requests().get(0).header("authorization")).contains("otherkey/");
      assertThat(server.requests().get(0).header("authorization")).contains("/eu-west-3/s3/");
    }
  }

  @Test
  void prefersTheProfileThatIsNamedToWhatLiesAround() throws Exception {
    System.setProperty("aws.accessKeyId", "propertykey");
    System.setProperty("aws.secretAccessKey", "hush");
    Files.writeString(
        directory.resolve("credentials"),
        "[other]\naws_access_key_id=otherkey\naws_secret_access_key=hush\n");
    try (Fixture s3 = open("s3.profile", "other")) {
      get(s3.backend.head(s3.uri("k")));
      assertThat(keyUsed()).isEqualTo("otherkey");
    }
  }

  @Test
  void takesThemFromProperties() throws ObjectStoreException {
    System.setProperty("aws.accessKeyId", "propertykey");
    System.setProperty("aws.secretAccessKey", "hush");
    try (Fixture s3 = open()) {
      get(s3.backend.head(s3.uri("k")));
      assertThat(keyUsed()).isEqualTo("propertykey");
    }
  }

  @Test
  void sendsASessionToken() throws ObjectStoreException {
    try (Fixture s3 =
        open("s3.access-key", "a", "s3.secret-key", "hush", "s3.session-token", "token")) {
      get(s3.backend.head(s3.uri("k")));
      assertThat(keyUsed()).isEqualTo("a");
      assertThat(server.requests().get(0).header("x-amz-security-token")).isEqualTo("token");
    }
  }

  @Test
  void signsNothingWhereThatIsAskedFor() throws ObjectStoreException {
    System.setProperty("aws.accessKeyId", "propertykey");
    System.setProperty("aws.secretAccessKey", "hush");
    try (Fixture s3 = open("s3.anonymous", "true")) {
      get(s3.backend.head(s3.uri("k")));
      assertThat(keyUsed()).isEqualTo("none");
    }
  }

  @Test
  void namesTheProfileThatIsNotThereAndShowsNoSecret() throws Exception {
    Files.writeString(
        directory.resolve("credentials"),
        "[there]\naws_access_key_id=therekey\naws_secret_access_key=hush-hush\n"
            + "[half]\naws_access_key_id=halfkey\naws_session_token=hush-hush\n");
    for (String profile : List.of("elsewhere", "half")) {
      try (Fixture s3 = open("s3.profile", profile)) {
        ObjectStoreException e = failure(s3.backend.head(s3.uri("k")));
        assertThat(e.kind()).isEqualTo(Kind.UNAUTHENTICATED);
        assertThat(e).hasMessageContaining("profile `" + profile + "`");
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        assertThat(text.toString()).doesNotContain("hush-hush");
      }
    }
  }
}
