package io.s3dlio.testkit.server;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.opentest4j.TestAbortedException;

/**
 * One server of each kind for all tests of a JVM: started when a test first asks, stopped when the
 * tests are over. And the programs of others that tests compare with. Thread-safe.
 *
 * <p>Where a server cannot be had, the test that asks is aborted, and {@link NotTestedReport} names
 * it at the end of the run. {@code -Ds3dlio.test.require=minio} makes it fail instead; the value is
 * a list with commas of {@code s3proxy}, {@code minio}, {@code azurite}, {@code fake-gcs}, {@code
 * safetensors}, {@code formats}, {@code torch} and {@code docker}. The last one asks for a MinIO
 * that runs in a container, also where any MinIO would do.
 */
public final class TestServers {

  /** The system property that lists what must be there. */
  static final String REQUIRE = "s3dlio.test.require";

  private static final String NAME_OF_S3PROXY = "s3proxy";
  private static final String NAME_OF_MINIO = "minio";
  private static final String NAME_OF_DOCKER = "docker";
  private static final String NAME_OF_AZURITE = "azurite";
  private static final String NAME_OF_FAKE_GCS = "fake-gcs";
  private static final String NAME_OF_SAFETENSORS = "safetensors";
  private static final String NAME_OF_FORMATS = "formats";
  private static final String NAME_OF_TORCH = "torch";
  private static final List<String> NAMES =
      List.of(
          NAME_OF_S3PROXY,
          NAME_OF_MINIO,
          NAME_OF_DOCKER,
          NAME_OF_AZURITE,
          NAME_OF_FAKE_GCS,
          NAME_OF_SAFETENSORS,
          NAME_OF_FORMATS,
          NAME_OF_TORCH);

  private static final SharedServer<S3Server> S3PROXY = new SharedServer<>(S3ProxyServer::start);
  private static final SharedServer<S3Server> MINIO = new SharedServer<>(MinioServer::start);
  private static final SharedServer<S3Server> DOCKER =
      new SharedServer<>(MinioServer::startInDocker);
  private static final SharedServer<AzuriteServer> AZURITE =
      new SharedServer<>(AzuriteServer::start);
  private static final SharedServer<FakeGcsServer> FAKE_GCS =
      new SharedServer<>(FakeGcsServer::start);

  private TestServers() {}

  /**
   * S3Proxy.
   *
   * @return the server; not to be closed
   * @throws TestAbortedException if it cannot be had
   * @throws AssertionError if it cannot be had and is required
   */
  public static S3Server s3proxy() {
    return obtain(NAME_OF_S3PROXY, S3PROXY::get);
  }

  /**
   * MinIO, from wherever it can be had; from Docker alone where that is required.
   *
   * @return the server; not to be closed
   * @throws TestAbortedException if it cannot be had
   * @throws AssertionError if it cannot be had and is required
   */
  public static S3Server minio() {
    return required().contains(NAME_OF_DOCKER)
        ? minioInDocker()
        : obtain(NAME_OF_MINIO, MINIO::get);
  }

  /**
   * A MinIO of one's own that speaks https.
   *
   * @param directory gets its certificate, {@code public.crt}
   * @return the server, which the caller closes
   * @throws TestAbortedException if it cannot be had
   * @throws AssertionError if it cannot be had and is required
   */
  public static S3Server minioWithTls(Path directory) {
    return obtain(NAME_OF_MINIO, () -> MinioServer.startWithTls(directory));
  }

  /**
   * MinIO in a container.
   *
   * @return the server; not to be closed
   * @throws TestAbortedException if it cannot be had
   * @throws AssertionError if it cannot be had and is required
   */
  public static S3Server minioInDocker() {
    return obtain(NAME_OF_DOCKER, DOCKER::get);
  }

  /**
   * Azurite, for {@code az://}.
   *
   * @return the server; not to be closed
   * @throws TestAbortedException if it cannot be had
   * @throws AssertionError if it cannot be had and is required
   */
  public static AzuriteServer azurite() {
    return obtain(NAME_OF_AZURITE, AZURITE::get);
  }

  /**
   * fake-gcs-server, for {@code gs://}.
   *
   * @return the server; not to be closed
   * @throws TestAbortedException if it cannot be had
   * @throws AssertionError if it cannot be had and is required
   */
  public static FakeGcsServer fakeGcs() {
    return obtain(NAME_OF_FAKE_GCS, FAKE_GCS::get);
  }

  /**
   * A Python with the packages safetensors, in the version of {@code dev/install-safetensors}, and
   * NumPy. Getting it takes 20 seconds, once per user.
   *
   * @return the program
   * @throws TestAbortedException if it cannot be had
   * @throws AssertionError if it cannot be had and is required
   */
  public static Path pythonWithSafetensors() {
    return obtain(NAME_OF_SAFETENSORS, Installer.SAFETENSORS::install);
  }

  /**
   * A Python that reads the files of {@code s3dlio-formats}: with NumPy, h5py, TensorBoard (for
   * TFRecord) and PyArrow, the last in the version of {@code dev/install-formats}. Getting it takes
   * half a minute, once per user.
   *
   * @return the program
   * @throws TestAbortedException if it cannot be had
   * @throws AssertionError if it cannot be had and is required
   */
  public static Path pythonWithFormats() {
    return obtain(NAME_OF_FORMATS, Installer.FORMATS::install);
  }

  /**
   * A Python with PyTorch, too: minutes and 5 GB, once per user.
   *
   * @return the program
   * @throws TestAbortedException if it cannot be had
   * @throws AssertionError if it cannot be had and is required
   */
  public static Path pythonWithTorch() {
    return obtain(NAME_OF_TORCH, Installer.TORCH::install);
  }

  static <T> T obtain(String name, SharedServer.Starter<T> starter) {
    boolean required = required().contains(name);
    try {
      return starter.start();
    } catch (ServerUnavailableException e) {
      if (required) {
        throw new AssertionError(
            "-D" + REQUIRE + "=" + name + ", and it cannot be had: " + e.getMessage(), e);
      }
      throw new TestAbortedException(name + " cannot be had: " + e.getMessage(), e);
    }
  }

  private static Set<String> required() {
    Set<String> names =
        Arrays.stream(System.getProperty(REQUIRE, "").split(","))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toSet());
    for (String name : names) {
      if (!NAMES.contains(name)) {
        throw new IllegalArgumentException(
            "-D" + REQUIRE + " knows " + NAMES + ", not '" + name + "'");
      }
    }
    return names;
  }

  static void close() {
    S3PROXY.close();
    MINIO.close();
    DOCKER.close();
    AZURITE.close();
    FAKE_GCS.close();
  }
}
