package io.s3dlio.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate that signs itself, made by keytool.
 *
 * @param pem for those who are to trust it
 * @param store the same, as a PKCS 12 store with the key; its password is {@code changeit}
 * @param server for the side that shows it
 */
record Certificate(Path pem, Path store, SSLContext server) {

  static Certificate of127001(Path directory, String name) throws Exception {
    return make(directory, name, "-ext san=ip:127.0.0.1 -validity 2");
  }

  static Certificate ofAnotherHost(Path directory, String name) throws Exception {
    return make(directory, name, "-ext san=dns:elsewhere.example -validity 2");
  }

  /** Signed by another, which is what there is to trust: a trusted one itself never expires. */
  static Certificate expired(Path directory, String name) throws Exception {
    Certificate authority = make(directory, name + "-ca", "-ext bc:c -validity 2");
    Certificate own = of127001(directory, name);
    Path request = directory.resolve(name + ".csr");
    Path signed = directory.resolve(name + "-signed.pem");
    keytool("-certreq -file " + request + with(own.store));
    keytool(
        "-gencert -rfc -ext san=ip:127.0.0.1 -startdate -10d -validity 5 -infile "
            + request
            + " -outfile "
            + signed
            + with(authority.store));
    keytool(
        "-importcert -noprompt -trustcacerts -storepass changeit -alias ca -file "
            + authority.pem
            + " -keystore "
            + own.store);
    keytool("-importcert -noprompt -file " + signed + with(own.store));
    return new Certificate(authority.pem, own.store, context(own.store));
  }

  private static Certificate make(Path directory, String name, String options) throws Exception {
    Path store = directory.resolve(name + ".p12");
    Path pem = directory.resolve(name + ".pem");
    keytool(
        "-genkeypair -keyalg EC -groupname secp256r1 -storetype PKCS12 -dname CN="
            + name
            + " "
            + options
            + with(store));
    keytool("-exportcert -rfc -file " + pem + with(store));
    return new Certificate(pem, store, context(store));
  }

  private static String with(Path store) {
    return " -alias server -storepass changeit -keystore " + store;
  }

  /** For a side that shows what a store holds. */
  static SSLContext context(Path store) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, "changeit".toCharArray());
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, "changeit".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  private static void keytool(String arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments.split(" +")));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
  }
}
