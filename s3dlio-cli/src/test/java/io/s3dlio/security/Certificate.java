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

  static Certificate expired(Path directory, String name) throws Exception {
    return make(directory, name, "-ext san=ip:127.0.0.1 -startdate -10d -validity 5");
  }

  private static Certificate make(Path directory, String name, String options) throws Exception {
    Path store = directory.resolve(name + ".p12");
    Path pem = directory.resolve(name + ".pem");
    String with = " -alias server -storepass changeit -keystore " + store;
    keytool(
        "-genkeypair -keyalg EC -groupname secp256r1 -storetype PKCS12 -dname CN="
            + name
            + " "
            + options
            + with);
    keytool("-exportcert -rfc -file " + pem + with);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, "changeit".toCharArray());
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, "changeit".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return new Certificate(pem, store, context);
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
