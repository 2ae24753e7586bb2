package io.s3dlio.security;

import io.s3dlio.testkit.process.JavaCommand;
import io.s3dlio.testkit.process.JavaProcess;
import io.s3dlio.testkit.server.TestCertificate;
import java.io.IOException;
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

  private final JavaProcess process;
  private final String port;

  private OldTlsServer(JavaProcess process, String port) {
    this.process = process;
    this.port = port;
  }

  static OldTlsServer start(TestCertificate certificate, String version)
      throws IOException, InterruptedException {
    Path security = Files.createTempFile(certificate.store().getParent(), "security", "");
    Files.writeString(security, "jdk.tls.disabledAlgorithms=\njdk.tls.legacyAlgorithms=\n");
    JavaProcess process =
        JavaCommand.of(OldTlsServer.class, certificate.store().toString(), version)
            .options("-Djava.security.properties=" + security)
            .start();
    try {
      return new OldTlsServer(process, process.awaitLine(line -> line.matches("[0-9]+")));
    } catch (AssertionError | InterruptedException e) {
      process.close();
      throw e;
    }
  }

  String endpoint() {
    return "https://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.close();
  }

  /** The server itself; proves first that it speaks to one that takes its version. */
  public static void main(String[] args) throws Exception {
    SSLContext context = new TestCertificate(null, Path.of(args[0])).server();
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
