package io.s3dlio.gcs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStores;
import io.s3dlio.StoreConfig;
import io.s3dlio.rest.Crc32c;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers what a script says: for what the service does and the emulator does not. Keeps what it
 * was sent.
 */
final class Service implements AutoCloseable {

  /** What it was sent. */
  record Request(String method, String target, Headers headers, byte[] body) {
    boolean is(String wanted, String part) {
      return method.equals(wanted) && target.contains(part);
    }

    String text() {
      return new String(body, ISO_8859_1);
    }

    /** The bytes of the object that an upload sends. */
    byte[] media() {
      String text = text();
      int from = text.indexOf("\r\n\r\n", text.indexOf('}')) + 4;
      return text.substring(from, text.lastIndexOf("\r\n--")).getBytes(ISO_8859_1);
    }

    /** The description of an object that an upload begins with, or the whole body. */
    JsonObject json() {
      String text = new String(body, UTF_8);
      int from = text.indexOf('{');
      int to = text.startsWith("--") ? text.indexOf("\r\n--", from) : text.length();
      return JsonParser.parseString(text.substring(from, to)).getAsJsonObject();
    }
  }

  /**
   * What it sends back.
   *
   * @param status 0 to hang up without a word
   */
  record Reply(int status, Map<String, String> headers, String body) {
    static Reply json(String body) {
      return new Reply(200, Map.of("Content-Type", "application/json"), body.replace('\'', '"'));
    }

    static Reply object(String name, long generation, long size, int crc) {
      return json(
          "{'name':'%s','generation':'%d','size':'%d','crc32c':'%s'}"
              .formatted(name, generation, size, Crc32c.encode(crc)));
    }

    static Reply error(int status, String reason, String message) {
      return new Reply(
          status,
          Map.of("Content-Type", "application/json"),
          "{'error':{'code':%d,'message':'%s','errors':[{'reason':'%s'}]}}"
              .formatted(status, message, reason)
              .replace('\'', '"'));
    }

    static Reply hangUp() {
      return new Reply(0, Map.of(), "");
    }

    Reply with(String header, String value) {
      Map<String, String> more = new java.util.HashMap<>(headers);
      more.put(header, value);
      return new Reply(status, more, body);
    }
  }

  /** Tells what to answer. */
  interface Script {
    /**
     * Answers.
     *
     * @param number of the request, from 1
     */
    Reply answer(Request request, int number);
  }

  final List<Request> requests = new CopyOnWriteArrayList<>();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Script script;
  private final AtomicInteger count = new AtomicInteger();

  Service(Script script) throws IOException {
    this.script = script;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      Request request =
          new Request(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              exchange.getRequestHeaders(),
              exchange.getRequestBody().readAllBytes());
      requests.add(request);
      Reply reply = script.answer(request, count.incrementAndGet());
      if (reply.status == 0) {
        return; // closes the connection
      }
      reply.headers.forEach(exchange.getResponseHeaders()::set);
      byte[] body = reply.body.getBytes(UTF_8);
      exchange.sendResponseHeaders(reply.status, body.length == 0 ? -1 : body.length);
      if (body.length > 0) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  StoreConfig config() {
    return StoreConfig.defaults()
        .with(GcsKeys.ENDPOINT, endpoint())
        .with(StoreConfig.PART_SIZE, "64KiB")
        .with(StoreConfig.MULTIPART_THRESHOLD, "128KiB")
        .with(StoreConfig.RETRY_BASE_DELAY, "1ms")
        .with(StoreConfig.REQUEST_TIMEOUT, "20s");
  }

  /** The caller closes it. */
  ObjectStore store() throws IOException {
    return ObjectStores.open("gs://bucket/", config());
  }

  List<Request> requests(String method, String part) {
    return requests.stream().filter(r -> r.is(method, part)).toList();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
