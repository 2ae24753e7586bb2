package io.s3dlio.testkit.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate for a test, with its key, made by the JDK's keytool. Who makes it owns its files.
 *
 * @param pem what those have to trust who are to trust it
 * @param store certificate and key, a PKCS 12 store of the password {@link #PASSWORD}
 */
public record TestCertificate(Path pem, Path store) {

  /** Of stores and keys. They protect nothing. */
  public static final String PASSWORD = "changeit";

  /** The name of this machine for itself, as {@link #of} takes it. */
  public static final String LOCAL = "ip:127.0.0.1";

  private static final String ALIAS = "server";
  private static final int LIMIT_SECONDS = 60;

  /**
   * Makes one that signs itself, valid for two days.
   *
   * @param directory gets files whose names begin with the name
   * @param name any, of letters and digits
   * @param hosts whom it is for, as keytool writes it: {@code ip:127.0.0.1}, {@code dns:localhost}
   * @return the certificate
   * @throws IOException if it cannot be made; says what keytool says
   */
  public static TestCertificate of(Path directory, String name, String... hosts)
      throws IOException {
    return make(directory, name, "san=" + String.join(",", hosts));
  }

  /**
   * Makes one for 127.0.0.1 that expired five days ago. Another has signed it, which is what there
   * is to trust: one that is itself trusted never expires.
   *
   * @param directory gets files whose names begin with the name
   * @param name any, of letters and digits
   * @return the certificate
   * @throws IOException if it cannot be made; says what keytool says
   */
  public static TestCertificate expired(Path directory, String name) throws IOException {
    TestCertificate authority = make(directory, name + "-ca", "bc:c");
    TestCertificate own = of(directory, name, LOCAL);
    String request = directory.resolve(name + ".csr").toString();
    String signed = directory.resolve(name + "-signed.pem").toString();
    keytool(own.store, ALIAS, "-certreq", "-file", request);
    keytool(
        authority.store,
        ALIAS,
        "-gencert",
        "-rfc",
        "-ext",
        "san=" + LOCAL,
        "-startdate",
        "-10d",
        "-validity",
        "5",
        "-infile",
        request,
        "-outfile",
        signed);
    keytool(own.store, "ca", "-importcert", "-noprompt", "-file", authority.pem.toString());
    keytool(own.store, ALIAS, "-importcert", "-noprompt", "-file", signed);
    return new TestCertificate(authority.pem, own.store);
  }

  private static TestCertificate make(Path directory, String name, String extension)
      throws IOException {
    Path store = directory.resolve(name + ".p12");
    Path pem = directory.resolve(name + ".pem");
    keytool(
        store,
        ALIAS,
        "-genkeypair",
        "-keyalg",
        "EC",
        "-groupname",
        "secp256r1",
        "-validity",
        "2",
        "-dname",
        "CN=" + name,
        "-ext",
        extension,
        "-storetype",
        "PKCS12");
    keytool(store, ALIAS, "-exportcert", "-rfc", "-file", pem.toString());
    return new TestCertificate(pem, store);
  }

  /**
   * For the side that shows it.
   *
   * @return a context without trust in anybody
   * @throws IOException if the store cannot be read
   */
  public SSLContext server() throws IOException {
    try {
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(keys(), PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("no TLS with " + store + ": " + e.getMessage(), e);
    }
  }

  /**
   * For the side that trusts it, and nobody else.
   *
   * @return a context
   * @throws IOException if the store cannot be read
   */
  public SSLContext client() throws IOException {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry(ALIAS, keys().getCertificate(ALIAS));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("no TLS with " + store + ": " + e.getMessage(), e);
    }
  }

  /**
   * Writes the key for programs that take it as PEM.
   *
   * @param file is made, or replaced
   * @throws IOException if that fails
   */
  public void writeKey(Path file) throws IOException {
    try {
      byte[] key = keys().getKey(ALIAS, PASSWORD.toCharArray()).getEncoded();
      String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
      Files.writeString(
          file, "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n", US_ASCII);
    } catch (GeneralSecurityException e) {
      throw new IOException("no key in " + store + ": " + e.getMessage(), e);
    }
  }

  private KeyStore keys() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private static void keytool(Path store, String alias, String... words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(words));
    command.addAll(List.of("-alias", alias, "-storepass", PASSWORD, "-keystore", store.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("keytool: " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while keytool made a certificate", e);
    } finally {
      process.destroyForcibly();
    }
  }
}
