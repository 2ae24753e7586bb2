package io.s3dlio.http;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Whom to trust: whom Java trusts, those of a file too, or anybody. */
public final class Trust {

  private static final TrustManager[] ANYBODY =
      InsecureTrustManagerFactory.INSTANCE.getTrustManagers();

  private Trust() {}

  /**
   * What settings say.
   *
   * @param store what their names begin with, such as {@code s3}
   * @param insecure whether anybody is trusted
   * @param bundle a PEM file of certificates to trust beside those that Java trusts
   * @param names how users name the file, for messages
   * @return for TLS; empty for whom Java trusts
   * @throws IllegalArgumentException if both are set, or the file holds no certificates
   */
  public static Optional<TrustManager[]> of(
      String store, boolean insecure, Optional<Path> bundle, String names) {
    if (insecure && bundle.isPresent()) {
      throw new IllegalArgumentException(
          store + ".insecure=true trusts anybody, and " + names + " says whom; unset one of them");
    }
    return insecure ? Optional.of(ANYBODY) : bundle.map(file -> with(file, names));
  }

  /**
   * Says that a store trusts anybody, if it does; for when it is opened.
   *
   * @param store what the names of its settings begin with
   * @param insecure whether it does
   */
  public static void warn(String store, boolean insecure) {
    if (insecure) {
      System.getLogger("io.s3dlio." + store)
          .log(
              Level.WARNING,
              store
                  + ".insecure=true: certificates are not checked; anybody between here and the"
                  + " server can read and change what is sent");
    }
  }

  static boolean isAnybody(TrustManager trust) {
    return trust == ANYBODY[0];
  }

  /**
   * Adds to what Java trusts.
   *
   * @param bundle a PEM file
   * @param names how users name it, for messages
   * @return for TLS
   * @throws IllegalArgumentException if it holds no certificates
   */
  public static TrustManager[] with(Path bundle, String names) {
    try {
      KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
      all.load(null, null);
      int n = 0;
      for (TrustManager manager : managers(null)) {
        for (X509Certificate issuer : ((X509TrustManager) manager).getAcceptedIssuers()) {
          all.setCertificateEntry("java-" + n++, issuer);
        }
      }
      for (Certificate certificate : certificates(bundle)) {
        all.setCertificateEntry("bundle-" + n++, certificate);
      }
      return managers(all);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "the CA bundle " + bundle + " (" + names + ") cannot be used: " + e, e);
    }
  }

  private static Collection<? extends Certificate> certificates(Path bundle)
      throws IOException, GeneralSecurityException {
    // In memory: the parser reads a byte at a time.
    try (InputStream in = new ByteArrayInputStream(Files.readAllBytes(bundle))) {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (found.isEmpty()) {
        throw new GeneralSecurityException("it holds no certificate");
      }
      return found;
    }
  }

  private static TrustManager[] managers(KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }
}
