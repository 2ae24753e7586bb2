package io.s3dlio.security;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * Speaks one version of TLS that Java refuses to speak unless its security properties are changed,
 * which takes a process of its own. It ends with its standard input.
 */
final class OldTlsServer implements AutoCloseable {

  private final Process process;
  private final int port;

  private OldTlsServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static OldTlsServer start(Certificate certificate, String version) throws IOException {
    Path security = Files.createTempFile(certificate.store().getParent(), "security", "");
    Files.writeString(security, "jdk.tls.disabledAlgorithms=\njdk.tls.legacyAlgorithms=\n");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.security.properties=" + security,
                "-cp",
                System.getProperty("java.class.path"),
                OldTlsServer.class.getName(),
                certificate.store().toString(),
                version)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      return new OldTlsServer(process, Integer.parseInt(out.readLine()));
    } catch (IOException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  String endpoint() {
    return "https://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** The server itself; proves first that it speaks to one that takes its version. */
  public static void main(String[] args) throws Exception {
    SSLContext context = Certificate.context(Path.of(args[0]));
    SSLServerSocket listener =
        (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0);
    listener.setEnabledProtocols(new String[] {args[1]});
    Thread accepting = new Thread(() -> accept(listener));
    accepting.setDaemon(true);
    accepting.start();
    System.out.println(listener.getLocalPort());
    System.in.readAllBytes();
  }

  private static void accept(SSLServerSocket listener) {
    while (true) {
      try (SSLSocket socket = (SSLSocket) listener.accept()) {
        socket.startHandshake();
        System.err.println("a client has taken " + socket.getSession().getProtocol());
        socket
            .getOutputStream()
            .write("HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      } catch (SSLException e) {
        // as it should be
      } catch (IOException e) {
        return;
      }
    }
  }
}
