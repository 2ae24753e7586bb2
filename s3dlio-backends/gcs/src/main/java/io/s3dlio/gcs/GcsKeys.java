package io.s3dlio.gcs;

import io.s3dlio.ConfigKey;
import java.time.Duration;
import java.util.List;

/**
 * The settings of the store on Google Cloud Storage. What is not set here is looked for where
 * Google's own libraries look: the application default credentials, {@code STORAGE_EMULATOR_HOST},
 * {@code GOOGLE_CLOUD_PROJECT}.
 */
public final class GcsKeys {

  /** Where the store is. */
  public static final ConfigKey<String> ENDPOINT =
      ConfigKey.text(
          "gs.endpoint",
          "URL of the store, such as http://127.0.0.1:4443; without it STORAGE_EMULATOR_HOST, then"
              + " https://storage.googleapis.com. To one with http:// no credentials are sent.");

  /** Whose buckets are made and listed. */
  public static final ConfigKey<String> PROJECT =
      ConfigKey.text(
          "gs.project",
          "Project in which buckets are made and listed; without it GOOGLE_CLOUD_PROJECT, then that"
              + " of the credentials' file.");

  /** Which credentials. */
  public static final ConfigKey<String> CREDENTIALS_FILE =
      ConfigKey.text(
          "gs.credentials-file",
          "JSON file with the key of a service account or other credentials of Google's; without it"
              + " the application default credentials: GOOGLE_APPLICATION_CREDENTIALS, the file of"
              + " `gcloud auth application-default login`, the metadata server.");

  /** Whether requests carry credentials. */
  public static final ConfigKey<Boolean> ANONYMOUS =
      ConfigKey.flag("gs.anonymous", false, "Sends requests without credentials.");

  /** Who pays. */
  public static final ConfigKey<String> USER_PROJECT =
      ConfigKey.text(
          "gs.user-project", "Project that is billed for requests, for buckets of requester pays.");

  /** How objects are kept. */
  public static final ConfigKey<String> STORAGE_CLASS =
      ConfigKey.text(
          "gs.storage-class",
          "Storage class of the objects that are written, such as NEARLINE; without it the"
              + " bucket's.");

  /** Further certificates to trust. */
  public static final ConfigKey<String> CA_BUNDLE =
      ConfigKey.text(
          "gs.ca-bundle",
          "PEM file with certificates to trust beside those that Java trusts, where the endpoint is"
              + " https.");

  /** Whether certificates are checked. */
  public static final ConfigKey<Boolean> INSECURE =
      ConfigKey.flag(
          "gs.insecure",
          false,
          "Trusts any certificate and any name of a host, and warns each time; for tests alone.");

  /** How long connecting may take. */
  public static final ConfigKey<Duration> CONNECT_TIMEOUT =
      ConfigKey.duration(
          "gs.connect-timeout", "10s", "Longest time to connect, and to agree on TLS.");

  /** How long a connection may be silent. */
  public static final ConfigKey<Duration> READ_TIMEOUT =
      ConfigKey.duration(
          "gs.read-timeout",
          "30s",
          "Longest silence of a connection on which an answer is awaited or a body is sent.");

  private GcsKeys() {}

  static List<ConfigKey<?>> all() {
    return List.of(
        ENDPOINT,
        PROJECT,
        CREDENTIALS_FILE,
        ANONYMOUS,
        USER_PROJECT,
        STORAGE_CLASS,
        CA_BUNDLE,
        INSECURE,
        CONNECT_TIMEOUT,
        READ_TIMEOUT);
  }
}
