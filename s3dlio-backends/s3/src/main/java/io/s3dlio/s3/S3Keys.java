package io.s3dlio.s3;

import io.s3dlio.ConfigKey;
import java.time.Duration;
import java.util.List;

/**
 * The settings of the store on S3. What is not set here is looked for where the AWS command line
 * looks: {@code AWS_*} variables, then the profile.
 */
public final class S3Keys {

  /** How a bucket is named in a request. */
  public enum PathStyle {
    /** In the path where an endpoint is set or the name cannot be part of a host name. */
    AUTO,
    /** In the path. */
    TRUE,
    /** In the host name. */
    FALSE
  }

  /** Which checksum goes with the bytes. */
  public enum Checksum {
    /** CRC-32C, which reads are compared with as well. */
    CRC32C,
    /** CRC-32. */
    CRC32,
    /** CRC-64/NVME, of which AWS keeps one of every object. */
    CRC64NVME,
    /** SHA-256; of an upload in parts, that of those of its parts. */
    SHA256,
    /** None, for stores that refuse the header. */
    NONE
  }

  /** How the store encrypts what it keeps. */
  public enum Encryption {
    /** As the bucket says. */
    DEFAULT,
    /** With keys of the store. */
    SSE_S3,
    /** With a key of a key management service. */
    SSE_KMS,
    /** With a key that goes with each request, and that the store does not keep. */
    SSE_C
  }

  /** Whether the signature covers the body. */
  public enum PayloadSigning {
    /** The checksum alone, which is a header. */
    UNSIGNED,
    /** The body too. */
    SIGNED
  }

  /** Who speaks HTTP. */
  public enum Transport {
    /** A client of this library's own, which moves bytes between memory and socket directly. */
    NETTY,
    /** The client that comes with the AWS SDK. */
    SDK
  }

  /** Where the store is. */
  public static final ConfigKey<String> ENDPOINT =
      ConfigKey.text(
          "s3.endpoint",
          "URL of the store, such as http://127.0.0.1:9000; without it AWS_ENDPOINT_URL_S3,"
              + " AWS_ENDPOINT_URL, the profile's endpoint_url, then AWS itself.");

  /** The region that requests are signed for. */
  public static final ConfigKey<String> REGION =
      ConfigKey.text(
          "s3.region",
          "Region that requests are signed for; without it AWS_REGION, AWS_DEFAULT_REGION, the"
              + " profile's region, and us-east-1 where an endpoint is set.");

  /** Which profile. */
  public static final ConfigKey<String> PROFILE =
      ConfigKey.text(
          "s3.profile",
          "Profile of ~/.aws/config and ~/.aws/credentials whose credentials are used, and no"
              + " others; without it AWS_PROFILE, after the variables with credentials.");

  /** How a bucket is named in a request. */
  public static final ConfigKey<PathStyle> PATH_STYLE =
      ConfigKey.choice(
          "s3.path-style",
          PathStyle.AUTO,
          "Whether the bucket stands in the path and not in the host name; auto: where an endpoint"
              + " is set or the name does not fit into a host name.");

  /** Whether AWS is asked where it keeps to FIPS 140. */
  public static final ConfigKey<Boolean> FIPS =
      ConfigKey.flag(
          "s3.fips", false, "Asks AWS at its endpoints with cryptography that keeps to FIPS 140.");

  /** Whether AWS is asked where it speaks IPv6. */
  public static final ConfigKey<Boolean> DUAL_STACK =
      ConfigKey.flag(
          "s3.dual-stack", false, "Asks AWS at its endpoints with IPv6 as well as IPv4.");

  /** Whether requests are signed. */
  public static final ConfigKey<Boolean> ANONYMOUS =
      ConfigKey.flag("s3.anonymous", false, "Sends requests without a signature.");

  /** Access key. */
  public static final ConfigKey<String> ACCESS_KEY =
      ConfigKey.text(
          "s3.access-key", "Access key ID; with s3.secret-key, in place of the default chain.");

  /** Secret key. */
  public static final ConfigKey<String> SECRET_KEY =
      ConfigKey.secret("s3.secret-key", "Secret access key, for s3.access-key.");

  /** Session token. */
  public static final ConfigKey<String> SESSION_TOKEN =
      ConfigKey.secret(
          "s3.session-token", "Session token, where s3.access-key is a temporary one.");

  /** Further certificates to trust. */
  public static final ConfigKey<String> CA_BUNDLE =
      ConfigKey.text(
          "s3.ca-bundle",
          "PEM file with certificates to trust beside those that Java trusts, where the endpoint is"
              + " https; without it AWS_CA_BUNDLE.");

  /** Whether certificates are checked. */
  public static final ConfigKey<Boolean> INSECURE =
      ConfigKey.flag(
          "s3.insecure",
          false,
          "Trusts any certificate and any name of a host, and warns each time; for tests alone.");

  /** Which checksum goes with the bytes. */
  public static final ConfigKey<Checksum> CHECKSUM =
      ConfigKey.choice(
          "s3.checksum",
          Checksum.CRC32C,
          "Checksum that is sent with each write, and which the store compares; reads are compared"
              + " with a crc32c alone, where the store has one of the whole object. none for stores"
              + " that refuse the header.");

  /** Whether the signature covers the body. */
  public static final ConfigKey<PayloadSigning> PAYLOAD_SIGNING =
      ConfigKey.choice(
          "s3.payload-signing",
          PayloadSigning.UNSIGNED,
          "Whether the signature covers the body of a write: unsigned, its checksum alone; signed,"
              + " the body too, by a SHA-256 that takes more time than all the rest.");

  /** How objects are kept. */
  public static final ConfigKey<String> STORAGE_CLASS =
      ConfigKey.text(
          "s3.storage-class",
          "Storage class of the objects that are written or copied to, such as STANDARD_IA; without"
              + " it STANDARD.");

  /** How the store encrypts what it keeps. */
  public static final ConfigKey<Encryption> ENCRYPTION =
      ConfigKey.choice(
          "s3.encryption",
          Encryption.DEFAULT,
          "How the store encrypts what is written or copied to: default, as the bucket says; sse-s3,"
              + " with its own keys; sse-kms, with a key of a key management service; sse-c, with"
              + " s3.customer-key.");

  /** Which key of the key management service. */
  public static final ConfigKey<String> KMS_KEY =
      ConfigKey.text(
          "s3.kms-key",
          "ID or ARN of the key, for s3.encryption=sse-kms; without it the store's own.");

  /** The key that goes with each request. */
  public static final ConfigKey<String> CUSTOMER_KEY =
      ConfigKey.secret(
          "s3.customer-key",
          "Key for s3.encryption=sse-c, 32 bytes in Base64. It goes with every read and write, over"
              + " https alone; the store keeps none, and without it nobody reads what was written.");

  /** Who pays. */
  public static final ConfigKey<Boolean> REQUESTER_PAYS =
      ConfigKey.flag(
          "s3.requester-pays",
          false,
          "Agrees to pay for requests to buckets whose owners have their users pay.");

  /** How long connecting may take. */
  public static final ConfigKey<Duration> CONNECT_TIMEOUT =
      ConfigKey.duration(
          "s3.connect-timeout", "10s", "Longest time to connect, and to agree on TLS.");

  /** How long a connection may be silent. */
  public static final ConfigKey<Duration> READ_TIMEOUT =
      ConfigKey.duration(
          "s3.read-timeout",
          "30s",
          "Longest silence of a connection on which an answer is awaited or a body is sent.");

  /** Who speaks HTTP. */
  public static final ConfigKey<Transport> TRANSPORT =
      ConfigKey.choice(
          "s3.transport",
          Transport.NETTY,
          "Who speaks HTTP: netty, a client of this library that moves bytes between memory and"
              + " socket directly, or sdk, the one that comes with the AWS SDK.");

  private S3Keys() {}

  static List<ConfigKey<?>> all() {
    return List.of(
        ENDPOINT,
        REGION,
        PROFILE,
        PATH_STYLE,
        FIPS,
        DUAL_STACK,
        ANONYMOUS,
        ACCESS_KEY,
        SECRET_KEY,
        SESSION_TOKEN,
        CA_BUNDLE,
        INSECURE,
        CHECKSUM,
        PAYLOAD_SIGNING,
        STORAGE_CLASS,
        ENCRYPTION,
        KMS_KEY,
        CUSTOMER_KEY,
        REQUESTER_PAYS,
        CONNECT_TIMEOUT,
        READ_TIMEOUT,
        TRANSPORT);
  }
}
