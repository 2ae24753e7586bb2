package io.s3dlio.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Whom to trust: what Java trusts, and a file of further certificates. */
public final class Trust {

  private Trust() {}

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
