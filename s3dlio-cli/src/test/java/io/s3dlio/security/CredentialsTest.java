package io.s3dlio.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.s3dlio.ConfigKey;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStores;
import io.s3dlio.StoreConfig;
import io.s3dlio.cli.Main;
import io.s3dlio.security.Server.Reply;
import io.s3dlio.testkit.server.TestCertificate;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where credentials may come from, and who may read them there. */
class CredentialsTest {

  @TempDir Path directory;

  @Test
  void noSecretIsTakenFromTheCommandLine() {
    List<ConfigKey<?>> secrets =
        ObjectStores.knownKeys().stream().filter(ConfigKey::secret).toList();
    assertThat(secrets).hasSizeGreaterThanOrEqualTo(6);
    for (ConfigKey<?> secret : secrets) {
      ByteArrayOutputStream said = new ByteArrayOutputStream();
      int status =
          Main.run(
              new String[] {"ls", "--set", secret.name() + "=CANARY", "memory://x/"}, said, said);
      assertThat(status).as(secret.name()).isEqualTo(2);
      assertThat(said.toString(UTF_8)).contains(secret.variable()).doesNotContain("CANARY");
    }
  }

  /** None of its own could be a secret: each is a place, a name, a number or a choice. */
  @Test
  void noOptionIsForASecret() {
    for (String command : List.of("ls", "put", "get", "upload", "download", "cp", "doctor")) {
      ByteArrayOutputStream said = new ByteArrayOutputStream();
      Main.run(new String[] {command, "--help"}, said, said);
      assertThat(said.toString(UTF_8))
          .doesNotContainPattern("(?i)--[a-z-]*(secret|password|token|access-key|account-key|sas)");
    }
  }

  /** Anybody on the way could answer it, or read the answer. */
  @ParameterizedTest
  @ValueSource(strings = {"http://192.0.2.7/creds", "http://169.254.169.253/creds"})
  void aContainersCredentialsAreNotFetchedFromAnywhere(String uri) throws Exception {
    Map<String, String> properties =
        Map.of(
            "aws.containerCredentialsFullUri",
            uri,
            "aws.disableEc2Metadata",
            "true",
            "aws.sharedCredentialsFile",
            directory.resolve("none").toString(),
            "aws.configFile",
            directory.resolve("none").toString());
    properties.forEach(System::setProperty);
    StoreConfig config =
        StoreConfig.defaults()
            .with("s3.endpoint", "http://127.0.0.1:1")
            .with("retry.max-attempts", "1");
    try (ObjectStore store = Cloud.S3.open(config)) {
      ObjectStoreException e =
          catchThrowableOfType(
              ObjectStoreException.class, () -> store.get(Cloud.S3.uri("key")).close());
      assertThat(e.kind()).isEqualTo(ObjectStoreException.Kind.UNAUTHENTICATED);
      assertThat(e).hasStackTraceContaining("invalid host");
    } finally {
      properties.keySet().forEach(System::clearProperty);
    }
  }

  private static List<String> warnings(Cloud cloud, StoreConfig config) throws Exception {
    return Warnings.during(
        () -> {
          try (ObjectStore store = cloud.open(config)) {
            assertThatThrownBy(() -> store.get(cloud.uri("key")).close())
                .isInstanceOf(ObjectStoreException.class);
          }
        });
  }

  @Test
  void aProfileThatOthersCanReadIsToldOf() throws Exception {
    Path file = directory.resolve("credentials");
    Files.writeString(file, "[default]\naws_access_key_id=AKIA\naws_secret_access_key=x\n");
    System.setProperty("aws.sharedCredentialsFile", file.toString());
    try (Server server = Server.start(r -> Reply.of(404, ""))) {
      StoreConfig config =
          StoreConfig.defaults()
              .with("s3.endpoint", server.endpoint())
              .with("s3.profile", "default");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      assertThat(warnings(Cloud.S3, config))
          .singleElement()
          .asString()
          .contains(file.toString(), "chmod 600");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      assertThat(warnings(Cloud.S3, config)).isEmpty();
    } finally {
      System.clearProperty("aws.sharedCredentialsFile");
    }
  }

  @Test
  void aServiceAccountThatOthersCanReadIsToldOf() throws Exception {
    TestCertificate certificate = TestCertificate.of(directory, "good", TestCertificate.LOCAL);
    Path file = directory.resolve("account.json");
    try (Server tokens =
            Server.start(r -> Reply.of(200, "{\"access_token\":\"t\",\"expires_in\":3600}"));
        Server server = Server.start(certificate.server(), r -> Reply.of(404, ""))) {
      ServiceAccount.write(file, tokens.endpoint());
      StoreConfig config =
          Cloud.GCS
              .config(server.endpoint(), Optional.of(file))
              .with("gs.ca-bundle", certificate.pem().toString());
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
      assertThat(warnings(Cloud.GCS, config))
          .singleElement()
          .asString()
          .contains(file.toString(), "chmod 600");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      assertThat(warnings(Cloud.GCS, config)).isEmpty();
    }
  }
}
