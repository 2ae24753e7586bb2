package io.s3dlio.testkit.server;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;

/**
 * MinIO, a server of its own with one directory: the closest to S3 that runs on one machine.
 *
 * <p>It comes, in this order, from a Docker engine where one answers, from a {@code minio} on the
 * PATH, from the cache of {@code dev/install-minio}, or is built there with Go. The last two are
 * one pinned version; a container is made of that same version where the engine has the image
 * {@code s3dlio/minio:VERSION}, and of MinIO's last published image otherwise.
 *
 * <p>What was found by trying the pinned version, beside its {@link #traits() traits}:
 *
 * <ul>
 *   <li>GET and HEAD return the CRC-32C of the whole object, of a multipart upload too if it was
 *       created as {@code FULL_OBJECT} and every part is completed with its own; completing without
 *       those is refused with 400 {@code InvalidPart}. A ranged GET carries none. A wrong one is
 *       refused with 400 {@code XAmzContentChecksumMismatch}.
 *   <li>A CompleteMultipartUpload that is refused leaves the upload open: it wants to be aborted.
 *   <li>{@code If-None-Match: *} and {@code If-Match} have one winner on PUT and
 *       CompleteMultipartUpload; {@code If-None-Match} is ignored on CopyObject. {@code If-Match}
 *       on a key that is not there gives 404.
 *   <li>The last bytes of an empty object ({@code bytes=-5}) are answered with 206 and the
 *       malformed {@code Content-Range: bytes 0--1/0}.
 *   <li>User metadata is taken up to 2 KB, names included; a value outside ASCII gives 403.
 *   <li>A part of a multipart copy has no checksum, so that the upload has to be created without.
 * </ul>
 *
 * <p>It encrypts what it is asked to encrypt, by keys of its own and by {@link #KMS_KEY}, and takes
 * the name of a bucket in a host name below {@link #DOMAIN} too.
 */
public final class MinioServer implements S3Server {

  /** Answers 200 once buckets and users are loaded; MinIO's other two health paths do so before. */
  static final String HEALTH = "/minio/health/cluster";

  /** The one key that it knows for {@code aws:kms}. */
  public static final String KMS_KEY = "test-key";

  /** A host {@code bucket.DOMAIN} names a bucket; nothing resolves it. */
  public static final String DOMAIN = "minio.test";

  private static final int KEY_BYTES = 32;

  private static final Set<S3Trait> TRAITS =
      Set.copyOf(
          EnumSet.of(
              S3Trait.RETURNS_CHECKSUMS,
              S3Trait.LISTS_IN_UTF8_ORDER,
              S3Trait.SWAPS_ATOMICALLY,
              S3Trait.REFUSES_EMPTY_SEGMENTS,
              S3Trait.REFUSES_DOT_SEGMENTS,
              S3Trait.REFUSES_LONG_SEGMENTS,
              S3Trait.TELLS_TRAILING_SLASH_APART,
              S3Trait.STORES_BELOW_AN_OBJECT));

  /** One way of getting a server. */
  private interface Source {
    MinioServer start() throws ServerUnavailableException;
  }

  private final String name;
  private final URI endpoint;
  private final Credentials credentials;
  private final AutoCloseable running;

  MinioServer(String name, URI endpoint, Credentials credentials, AutoCloseable running) {
    this.name = name;
    this.endpoint = endpoint;
    this.credentials = credentials;
    this.running = running;
  }

  /**
   * Starts one, from the first source that has it. Building it takes minutes, once per user.
   *
   * @return the server, ready; the caller closes it
   * @throws ServerUnavailableException if no source has it; the message names each and its reason
   */
  public static MinioServer start() throws ServerUnavailableException {
    List<Source> sources =
        List.of(
            MinioInDocker::start,
            () -> startBinary(ServerProcess.onPath("minio")),
            () -> startBinary(Installer.MINIO.install()));
    List<ServerUnavailableException> failures = new ArrayList<>();
    for (Source source : sources) {
      try {
        return source.start();
      } catch (ServerUnavailableException e) {
        failures.add(e);
      }
    }
    List<String> reasons = failures.stream().map(Throwable::getMessage).toList();
    ServerUnavailableException unavailable =
        new ServerUnavailableException("MinIO: " + String.join("; ", reasons), failures.get(0));
    failures.stream().skip(1).forEach(unavailable::addSuppressed);
    throw unavailable;
  }

  /**
   * Starts one in a container.
   *
   * @return the server, ready; the caller closes it
   * @throws ServerUnavailableException if no Docker engine answers, or it does not start the image
   */
  public static MinioServer startInDocker() throws ServerUnavailableException {
    return MinioInDocker.start();
  }

  /**
   * Starts a binary, on a free port of 127.0.0.1 and a new temporary directory. The process and the
   * directory end with this JVM at the latest, even if it is killed.
   *
   * @param binary the program {@code minio}
   * @return the server, ready; the caller closes it
   * @throws ServerUnavailableException if it does not come up; the message holds the end of its log
   */
  public static MinioServer startBinary(Path binary) throws ServerUnavailableException {
    Credentials credentials = Credentials.random();
    ServerProcess process =
        ServerProcess.start(
            binary,
            new ServerProcess.Launch(
                environment(credentials),
                port -> List.of("server", "--address", ServerProcess.HOST + ":" + port, "data"),
                HEALTH,
                200));
    return new MinioServer("MinIO (" + binary + ")", process.endpoint(), credentials, process);
  }

  static Map<String, String> environment(Credentials credentials) {
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    return Map.of(
        "MINIO_ROOT_USER",
        credentials.accessKey(),
        "MINIO_ROOT_PASSWORD",
        credentials.secretKey(),
        "MINIO_BROWSER",
        "off",
        "MINIO_DOMAIN",
        DOMAIN,
        "MINIO_KMS_SECRET_KEY",
        KMS_KEY + ":" + Base64.getEncoder().encodeToString(key));
  }

  /**
   * Starts a binary that speaks https, the only way in which it takes keys of customers.
   *
   * @param directory gets the certificate, {@code public.crt}, and its key; stays the caller's
   * @return the server, ready; the caller closes it
   * @throws ServerUnavailableException if there is no binary, no certificate can be made, or it
   *     does not come up
   */
  public static MinioServer startWithTls(Path directory) throws ServerUnavailableException {
    Path binary;
    try {
      binary = ServerProcess.onPath("minio");
    } catch (ServerUnavailableException e) {
      binary = Installer.MINIO.install();
    }
    SSLContext tls;
    try {
      TestCertificate certificate = TestCertificate.of(directory, "server", TestCertificate.LOCAL);
      Files.copy(certificate.pem(), directory.resolve("public.crt"));
      certificate.writeKey(directory.resolve("private.key"));
      tls = certificate.client();
    } catch (IOException e) {
      throw new ServerUnavailableException("MinIO with TLS: " + e.getMessage(), e);
    }
    Credentials credentials = Credentials.random();
    ServerProcess process =
        ServerProcess.start(
            binary,
            new ServerProcess.Launch(
                environment(credentials),
                port ->
                    List.of(
                        "server",
                        "--certs-dir",
                        directory.toString(),
                        "--address",
                        ServerProcess.HOST + ":" + port,
                        "data"),
                HEALTH,
                200,
                Optional.of(tls)));
    return new MinioServer("MinIO (TLS)", process.endpoint(), credentials, process);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public URI endpoint() {
    return endpoint;
  }

  @Override
  public String accessKey() {
    return credentials.accessKey();
  }

  @Override
  public String secretKey() {
    return credentials.secretKey();
  }

  @Override
  public Set<S3Trait> traits() {
    return TRAITS;
  }

  @Override
  public void close() {
    try {
      running.close();
    } catch (Exception e) { // what AutoCloseable declares
      throw new IllegalStateException(name + " does not stop", e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
