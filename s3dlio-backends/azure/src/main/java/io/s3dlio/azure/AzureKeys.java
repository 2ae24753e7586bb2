package io.s3dlio.azure;

import io.s3dlio.ConfigKey;
import java.time.Duration;
import java.util.List;

/**
 * The settings of the store on Azure. What is not set here is looked for where Azure's command line
 * looks: {@code AZURE_STORAGE_*} variables, then azure-identity's chain.
 */
public final class AzureKeys {

  /** Which checksum goes with the bytes. */
  public enum Checksum {
    /** CRC-32C of the whole object, kept in its metadata. */
    CRC32C,
    /** None. */
    NONE
  }

  /** What storing costs, against what reading costs. */
  public enum AccessTier {
    /** The account's own. */
    DEFAULT,
    /** For what is read often. */
    HOT,
    /** For what is kept a month or longer. */
    COOL,
    /** For what is kept three months or longer. */
    COLD,
    /** For what is hardly read: it has to be brought back first. */
    ARCHIVE
  }

  /** Where the store is. */
  public static final ConfigKey<String> ENDPOINT =
      ConfigKey.text(
          "az.endpoint",
          "URL of the blob service, such as http://127.0.0.1:10000 or"
              + " https://account.privatelink.example; the account is appended where the host is an"
              + " address or localhost. Without it the connection string's BlobEndpoint,"
              + " AZURE_STORAGE_ENDPOINT, then https://account.blob.core.windows.net.");

  /** Account key. */
  public static final ConfigKey<String> ACCOUNT_KEY =
      ConfigKey.secret(
          "az.account-key",
          "Key of the account; without it AZURE_STORAGE_KEY, where AZURE_STORAGE_ACCOUNT is the"
              + " account or is not set.");

  /** Shared access signature. */
  public static final ConfigKey<String> SAS_TOKEN =
      ConfigKey.secret(
          "az.sas-token",
          "Shared access signature, the query of a URL; without it AZURE_STORAGE_SAS_TOKEN.");

  /** Connection string. */
  public static final ConfigKey<String> CONNECTION_STRING =
      ConfigKey.secret(
          "az.connection-string",
          "Connection string, as the portal shows it; without it AZURE_STORAGE_CONNECTION_STRING.");

  /** Whether requests say who asks. */
  public static final ConfigKey<Boolean> ANONYMOUS =
      ConfigKey.flag(
          "az.anonymous", false, "Sends requests without credentials, for public containers.");

  /** Where new blobs are kept. */
  public static final ConfigKey<AccessTier> ACCESS_TIER =
      ConfigKey.choice(
          "az.access-tier",
          AccessTier.DEFAULT,
          "Access tier of new blobs; default: the account's own. What is archived has to be brought"
              + " back before it can be read.");

  /** Further certificates to trust. */
  public static final ConfigKey<String> CA_BUNDLE =
      ConfigKey.text(
          "az.ca-bundle",
          "PEM file with certificates to trust beside those that Java trusts, where the endpoint is"
              + " https.");

  /** Whether certificates are checked. */
  public static final ConfigKey<Boolean> INSECURE =
      ConfigKey.flag(
          "az.insecure",
          false,
          "Trusts any certificate and any name of a host, and warns each time; for tests alone.");

  /** Which checksum goes with the bytes. */
  public static final ConfigKey<Checksum> CHECKSUM =
      ConfigKey.choice(
          "az.checksum",
          Checksum.CRC32C,
          "Checksum of the whole object that is kept in its metadata with each write, as"
              + " s3dlio_crc32c, and compared when it is read; or none.");

  /** How long connecting may take. */
  public static final ConfigKey<Duration> CONNECT_TIMEOUT =
      ConfigKey.duration(
          "az.connect-timeout", "10s", "Longest time to connect, and to agree on TLS.");

  /** How long a connection may be silent. */
  public static final ConfigKey<Duration> READ_TIMEOUT =
      ConfigKey.duration(
          "az.read-timeout",
          "30s",
          "Longest silence of a connection on which an answer is awaited or a body is sent.");

  private AzureKeys() {}

  static List<ConfigKey<?>> all() {
    return List.of(
        ENDPOINT,
        ACCOUNT_KEY,
        SAS_TOKEN,
        CONNECTION_STRING,
        ANONYMOUS,
        ACCESS_TIER,
        CA_BUNDLE,
        INSECURE,
        CHECKSUM,
        CONNECT_TIMEOUT,
        READ_TIMEOUT);
  }
}
