package io.s3dlio.testkit.server;

import java.net.URI;
import java.util.EnumSet;
import java.util.Set;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;

/**
 * S3Proxy inside this JVM, keeping its objects on the heap. It is always there, so that no build
 * goes without a server that checks signatures; it is not S3 to the letter.
 *
 * <p>What was found by trying S3Proxy 4.1.0, beside its {@link #traits() traits}:
 *
 * <ul>
 *   <li>A ranged GET carries no checksum; one sent as a trailer is accepted and forgotten, and so
 *       is that of a multipart upload whose parts are completed without theirs. A wrong one is
 *       refused with 400 {@code BadDigest}.
 *   <li>{@code If-None-Match: *} has one winner on PUT and CompleteMultipartUpload, and is ignored
 *       on CopyObject.
 *   <li>CompleteMultipartUpload with the size of the object is refused with 501.
 *   <li>Listings and times know whole seconds; a delimiter has one character.
 *   <li>User metadata is taken up to about 8 KiB; a value outside Latin-1 gives 403.
 * </ul>
 *
 * <p>S3Proxy's jar cannot be a Java module (it lists services that it does not contain): use this
 * class on the class path.
 */
public final class S3ProxyServer implements S3Server {

  private static final Set<S3Trait> TRAITS =
      Set.copyOf(
          EnumSet.of(
              S3Trait.RETURNS_CHECKSUMS,
              S3Trait.DELETES_CONDITIONALLY,
              S3Trait.FINDS_UPLOADS_BY_PREFIX,
              S3Trait.REFUSES_LEADING_SLASH));

  private final S3Proxy proxy;
  private final Credentials credentials;

  private S3ProxyServer(S3Proxy proxy, Credentials credentials) {
    this.proxy = proxy;
    this.credentials = credentials;
  }

  /**
   * Starts one on a free port of 127.0.0.1.
   *
   * @return the server; the caller closes it
   * @throws ServerUnavailableException if it does not start
   */
  public static S3ProxyServer start() throws ServerUnavailableException {
    Credentials credentials = Credentials.random();
    S3Proxy proxy =
        S3Proxy.builder()
            .blobStore(new TransientNio2BlobStore())
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(
                AuthenticationType.AWS_V4, credentials.accessKey(), credentials.secretKey())
            .build();
    S3ProxyServer server = new S3ProxyServer(proxy, credentials);
    try {
      proxy.start();
      return server;
    } catch (Exception e) { // what Jetty declares
      server.close();
      throw new ServerUnavailableException("S3Proxy does not start: " + e.getMessage(), e);
    }
  }

  @Override
  public String name() {
    return "S3Proxy (in this JVM)";
  }

  @Override
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + proxy.getPort());
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
      proxy.stop();
    } catch (Exception e) { // what Jetty declares
      throw new IllegalStateException("S3Proxy does not stop", e);
    }
  }

  @Override
  public String toString() {
    return name();
  }
}
