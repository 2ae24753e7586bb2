package io.s3dlio.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.StoreConfig;
import io.s3dlio.gcs.Service.Reply;
import io.s3dlio.http.HttpRequest;
import io.s3dlio.testkit.process.JavaCommand;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Credentials that a machine has and no setting names: google-auth looks for them as it does in
 * production, in a JVM of its own whose environment is chosen.
 */
class ApplicationDefaultTest {

  private static final Reply TOKEN =
      Reply.json("{'access_token':'the-token','token_type':'Bearer','expires_in':3600}");

  @TempDir Path home;

  /** What runs in that JVM: authorizes a request and prints the header, or why there is none. */
  static final class Authorize {
    private Authorize() {}

    public static void main(String[] args) throws Exception {
      GcsSettings settings = GcsSettings.of(StoreConfig.defaults(), System.getenv());
      HttpRequest request =
          HttpRequest.builder("GET").server("https", "storage.example", 0).build();
      Credentials.of(settings)
          .authorize(request)
          .handle(
              (authorized, error) ->
                  error == null
                      ? authorized.header("Authorization").orElse("none")
                      : error.toString())
          .thenAccept(System.out::println)
          .get(60, TimeUnit.SECONDS);
    }
  }

  private String authorize(Map<String, String> environment) throws Exception {
    return JavaCommand.of(Authorize.class)
        .options("-Duser.home=" + home)
        .without("(GOOGLE|GCE|CLOUDSDK)_.*")
        .environment(Map.of("HOME", home.toString()))
        .environment(environment)
        .run();
  }

  @Test
  void findsTheMetadataServerOfAMachine() throws Exception {
    try (Service metadata =
        new Service(
            (request, n) ->
                (request.target().contains("/token") ? TOKEN : Reply.json("{}"))
                    .with("Metadata-Flavor", "Google"))) {
      URI server = URI.create(metadata.endpoint());
      assertThat(authorize(Map.of("GCE_METADATA_HOST", server.getAuthority())))
          .contains("Bearer the-token");
      assertThat(metadata.requests("GET", "/token")).hasSize(1);
      assertThat(metadata.requests("GET", "/token").get(0).target()).contains("devstorage");
    }
  }

  @Test
  void findsTheFileThatGcloudWrites() throws Exception {
    try (Service tokens = new Service((request, n) -> TOKEN)) {
      Path gcloud = Files.createDirectories(home.resolve(".config").resolve("gcloud"));
      Files.move(
          CredentialsTest.keyFile(home, tokens.endpoint()),
          gcloud.resolve("application_default_credentials.json"));
      assertThat(authorize(Map.of())).contains("Bearer the-token");
    }
  }

  @Test
  void findsTheFileThatTheEnvironmentNames() throws Exception {
    try (Service tokens = new Service((request, n) -> TOKEN)) {
      Path file = CredentialsTest.keyFile(home, tokens.endpoint());
      assertThat(authorize(Map.of("GOOGLE_APPLICATION_CREDENTIALS", file.toString())))
          .contains("Bearer the-token");
    }
  }

  @Test
  void withoutAnyAllThatWasTriedIsListed() throws Exception {
    assertThat(authorize(Map.of("GCE_METADATA_HOST", "127.0.0.1:1"))) // where nobody listens
        .contains("GOOGLE_APPLICATION_CREDENTIALS (not set)")
        .contains("gcloud auth application-default login")
        .contains("the metadata server")
        .contains("gs.anonymous=true");
  }
}
