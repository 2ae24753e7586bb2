package io.s3dlio.gcs;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.s3dlio.rest.Authorizer;
import io.s3dlio.rest.Failures;
import io.s3dlio.rest.NoCredentialsException;
import io.s3dlio.rest.SecretFiles;
import io.s3dlio.rest.Tokens;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Where tokens come from: Google's library, which knows every form of credentials. It is asked on a
 * thread that may wait, by one at a time.
 */
final class Credentials implements Callable<Tokens.Token> {

  /**
   * The first is what storage needs, buckets included; some forms of credentials want the other.
   */
  private static final List<String> SCOPES =
      List.of(
          "https://www.googleapis.com/auth/devstorage.full_control",
          "https://www.googleapis.com/auth/cloud-platform");

  private static final String VARIABLE = "GOOGLE_APPLICATION_CREDENTIALS";

  private static final String WHAT_TO_DO =
      ". Run `gcloud auth application-default login`, name the key of a service account with"
          + " gs.credentials-file, or read public data with gs.anonymous=true (--no-sign-request)";

  private final GcsSettings settings;
  private GoogleCredentials google;

  private Credentials(GcsSettings settings) {
    this.settings = settings;
  }

  /** Looks for credentials when a request first needs them. */
  static Authorizer of(GcsSettings settings) {
    return settings.anonymous()
        ? Authorizer.ANONYMOUS
        : new Tokens(GcsSettings.STORE, new Credentials(settings));
  }

  @Override
  public synchronized Tokens.Token call() {
    if (google == null) {
      google = find();
    }
    try {
      google.refreshIfExpired();
    } catch (IOException | RuntimeException e) {
      throw new NoCredentialsException(
          "no token is given for the credentials of " + source() + ": " + Failures.root(e), e);
    }
    AccessToken token = google.getAccessToken();
    return new Tokens.Token(token.getTokenValue(), token.getExpirationTime().toInstant());
  }

  private String source() {
    return settings
        .config()
        .find(GcsKeys.CREDENTIALS_FILE)
        .map(file -> GcsKeys.CREDENTIALS_FILE.name() + " " + file)
        .or(() -> settings.variable(VARIABLE).map(file -> VARIABLE + " " + file))
        .orElse("the application default");
  }

  private GoogleCredentials find() {
    Optional<Path> file = settings.config().find(GcsKeys.CREDENTIALS_FILE).map(Path::of);
    try {
      GoogleCredentials found =
          file.isPresent() ? read(file.get()) : GoogleCredentials.getApplicationDefault();
      file.or(() -> settings.variable(VARIABLE).map(Path::of))
          .ifPresent(named -> SecretFiles.warnOf(GcsSettings.STORE, named));
      return found.createScoped(SCOPES);
    } catch (IOException | RuntimeException e) {
      String tried =
          file.isPresent()
              ? "no credentials found; tried the file of gs.credentials-file, "
                  + file.get()
                  + (Files.exists(file.get()) ? " (" + Failures.root(e) + ")" : " (not there)")
              : "no credentials found; tried "
                  + VARIABLE
                  + settings.variable(VARIABLE).map(f -> " (" + f + ")").orElse(" (not set)")
                  + ", the file of `gcloud auth application-default login`, the metadata server";
      throw new NoCredentialsException(tried + WHAT_TO_DO, e);
    }
  }

  private static GoogleCredentials read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return GoogleCredentials.fromStream(in);
    }
  }

  /** The project that the file with the credentials names. */
  static Optional<String> projectOfFile(GcsSettings settings) {
    return settings
        .config()
        .find(GcsKeys.CREDENTIALS_FILE)
        .or(() -> settings.variable(VARIABLE))
        .flatMap(
            file -> {
              try {
                JsonElement json = JsonParser.parseString(Files.readString(Path.of(file)));
                return json instanceof JsonObject o
                    ? Answers.text(o, "project_id").or(() -> Answers.text(o, "quota_project_id"))
                    : Optional.empty();
              } catch (IOException | JsonParseException e) {
                return Optional.empty(); // whoever needs the file says what is wrong with it
              }
            });
  }
}
