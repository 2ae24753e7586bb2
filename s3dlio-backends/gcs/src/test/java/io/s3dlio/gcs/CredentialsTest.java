package io.s3dlio.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonObject;
import io.s3dlio.StoreConfig;
import io.s3dlio.gcs.Service.Reply;
import io.s3dlio.http.HttpRequest;
import io.s3dlio.rest.Authorizer;
import io.s3dlio.rest.NoCredentialsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens, for the key of a service account and a server that gives them. */
class CredentialsTest {

  private static final HttpRequest REQUEST =
      HttpRequest.builder("GET").server("https", "storage.example", 0).build();

  @TempDir Path directory;

  static Path keyFile(Path directory, String tokenServer) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    String key =
        Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
    JsonObject json = new JsonObject();
    json.addProperty("type", "service_account");
    json.addProperty("project_id", "project");
    json.addProperty("private_key_id", "id");
    json.addProperty(
        "private_key", "-----BEGIN PRIVATE KEY-----\n" + key + "\n-----END PRIVATE KEY-----\n");
    json.addProperty("client_email", "me@project.example");
    json.addProperty("client_id", "1");
    json.addProperty("token_uri", tokenServer + "/token");
    return Files.writeString(directory.resolve("key.json"), json.toString());
  }

  private static Authorizer of(Path file) {
    StoreConfig config = StoreConfig.defaults().with(GcsKeys.CREDENTIALS_FILE, file.toString());
    return Credentials.of(GcsSettings.of(config, Map.of()));
  }

  private static HttpRequest get(CompletableFuture<HttpRequest> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  private static NoCredentialsException refusal(Authorizer authorizer) {
    ExecutionException e =
        catchThrowableOfType(ExecutionException.class, () -> get(authorizer.authorize(REQUEST)));
    assertThat(e).hasCauseInstanceOf(NoCredentialsException.class);
    return (NoCredentialsException) e.getCause();
  }

  @Test
  void aTokenIsFetchedOnceForAllRequests() throws Exception {
    try (Service tokens =
        new Service(
            (r, n) ->
                Reply.json(
                    "{'access_token':'token-"
                        + n
                        + "','token_type':'Bearer','expires_in':3600}"))) {
      Authorizer authorizer = of(keyFile(directory, tokens.endpoint()));
      assertThat(tokens.requests).as("nothing is asked before it is needed").isEmpty();
      for (int i = 0; i < 3; i++) {
        assertThat(get(authorizer.authorize(REQUEST)).header("Authorization"))
            .contains("Bearer token-1");
      }
      assertThat(tokens.requests).hasSize(1);
    }
  }

  @Test
  void aTokenThatIsAboutToEndIsFetchedAnew() throws Exception {
    try (Service tokens =
        new Service(
            (r, n) ->
                Reply.json(
                    "{'access_token':'token-" + n + "','token_type':'Bearer','expires_in':60}"))) {
      Authorizer authorizer = of(keyFile(directory, tokens.endpoint()));
      assertThat(get(authorizer.authorize(REQUEST)).header("Authorization"))
          .contains("Bearer token-1");
      assertThat(get(authorizer.authorize(REQUEST)).header("Authorization"))
          .contains("Bearer token-2");
    }
  }

  @Test
  void aRefusedKeyIsNamedAndNotShown() throws Exception {
    try (Service tokens =
        new Service((r, n) -> new Reply(400, Map.of(), "{\"error\":\"invalid_grant\"}"))) {
      Path file = keyFile(directory, tokens.endpoint());
      String key =
          com.google.gson.JsonParser.parseString(Files.readString(file))
              .getAsJsonObject()
              .get("private_key")
              .getAsString()
              .split("\n")[1];
      NoCredentialsException e = refusal(of(file));
      assertThat(e)
          .hasMessageContaining("gs.credentials-file " + file)
          .hasMessageContaining("invalid_grant");
      assertThat(e).hasStackTraceContaining("NoCredentials").hasMessageNotContaining(key);
    }
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path file = directory.resolve("none.json");
    assertThat(refusal(of(file)))
        .hasMessageContaining("tried the file of gs.credentials-file, " + file + " (not there)")
        .hasMessageContaining("gcloud auth application-default login");
  }

  @Test
  void aFileThatHoldsNoCredentialsIsNamed() throws Exception {
    Path file = Files.writeString(directory.resolve("other.json"), "{\"type\":\"hush\"}");
    assertThat(refusal(of(file))).hasMessageContaining("tried the file of gs.credentials-file, ");
  }
}
