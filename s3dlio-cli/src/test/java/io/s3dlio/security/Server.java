package io.s3dlio.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/** Answers what no real store answers, and keeps what it was sent. */
final class Server implements AutoCloseable {

  /** What it was sent. */
  record Request(String method, String target, Headers headers, byte[] body) {
    /** All of it, as a hostile server could repeat it. */
    String text() {
      StringBuilder text = new StringBuilder(method + " " + target);
      headers.forEach((name, values) -> text.append("\n" + name + ": " + values.get(0)));
      return text.toString();
    }

    boolean isOfGcs() {
      return target.contains("/storage/v1") || target.contains("/upload/");
    }
  }

  /** What it sends back. */
  record Reply(int status, Map<String, String> headers, byte[] body) {
    static Reply of(int status, String body) {
      return new Reply(status, Map.of(), body.getBytes(UTF_8));
    }

    static Reply redirect(int status, String to) {
      return new Reply(status, Map.of("Location", to), new byte[0]);
    }
  }

  /** How much of a body is kept. */
  private static final int SHOWN = 1000;

  final List<Request> requests = new CopyOnWriteArrayList<>();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Function<Request, Reply> script;

  private Server(HttpServer server, Function<Request, Reply> script) {
    this.server = server;
    this.script = script;
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  static Server start(Function<Request, Reply> script) throws IOException {
    return new Server(HttpServer.create(anyPort(), 0), script);
  }

  static Server start(SSLContext tls, Function<Request, Reply> script) throws IOException {
    HttpsServer server = HttpsServer.create(anyPort(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return new Server(server, script);
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      Request request =
          new Request(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              exchange.getRequestHeaders(),
              exchange.getRequestBody().readNBytes(SHOWN));
      exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
      requests.add(request);
      Reply reply = script.apply(request);
      reply.headers.forEach(exchange.getResponseHeaders()::set);
      boolean head = request.method.equals("HEAD") || reply.body.length == 0;
      exchange.sendResponseHeaders(reply.status, head ? -1 : reply.body.length);
      if (!head) {
        exchange.getResponseBody().write(reply.body);
      }
    }
  }

  /** All that it was told. */
  String heard() {
    return requests.stream().map(Request::text).collect(Collectors.joining("\n"));
  }

  int port() {
    return server.getAddress().getPort();
  }

  String endpoint() {
    return (server instanceof HttpsServer ? "https" : "http") + "://127.0.0.1:" + port();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
