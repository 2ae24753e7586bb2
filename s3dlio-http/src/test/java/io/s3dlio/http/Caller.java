package io.s3dlio.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Uses the client as a backend does. */
final class Caller implements AutoCloseable {

  static final Limits LIMITS =
      new Limits("test", 4, Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20));

  private final NettyHttpClient client;
  private final int port;

  private Caller(int port, Limits limits, Map<String, String> environment) {
    this.client = new NettyHttpClient(limits, 2, Proxies.of(environment), null);
    this.port = port;
  }

  /** Of a port that is taken, but where nobody listens. */
  static Caller refusedBy(Socket bound, Limits limits) {
    return new Caller(bound.getLocalPort(), limits, Map.of());
  }

  static Caller of(RawServer server) {
    return new Caller(server.port(), LIMITS, Map.of());
  }

  static Caller of(RawServer server, Limits limits) {
    return new Caller(server.port(), limits, Map.of());
  }

  static Caller of(RawServer server, Map<String, String> environment) {
    return new Caller(server.port(), LIMITS, environment);
  }

  HttpRequest.Builder request(String method) {
    return HttpRequest.builder(method).server("http", "127.0.0.1", port).target("/path");
  }

  HttpRequest.Builder request(String method, String scheme, String host) {
    return request(method).server(scheme, host, port);
  }

  Call get() {
    return send(request("GET"), new Content(Optional.of(0L)), null);
  }

  Call send(String method) {
    return send(request(method), new Content(Optional.of(0L)), null);
  }

  Call send(Call call, HttpRequest.Builder request) {
    return send(call, request, new Content(Optional.of(0L)), null);
  }

  Call send(HttpRequest.Builder request, HttpRequest.Content content, Intake intake) {
    return send(new Call(), request, content, intake);
  }

  private Call send(
      Call call, HttpRequest.Builder request, HttpRequest.Content content, Intake intake) {
    call.intake = intake;
    call.end = client.execute(request.content(content).build(), call);
    return call;
  }

  /** A body. */
  static final class Content implements HttpRequest.Content {
    private final Optional<Long> length;
    private final ByteBuffer[] pieces;

    Content(Optional<Long> length, ByteBuffer... pieces) {
      this.length = length;
      this.pieces = pieces;
    }

    @Override
    public Optional<Long> length() {
      return length;
    }

    @Override
    public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
      subscriber.onSubscribe(
          new Subscription() {
            private int next;

            @Override
            public void request(long n) {
              for (long i = 0; i < n && next < pieces.length; i++) {
                subscriber.onNext(pieces[next++]);
              }
              if (next == pieces.length) {
                next++;
                subscriber.onComplete();
              }
            }

            @Override
            public void cancel() {
              next = pieces.length + 1;
            }
          });
    }
  }

  /** One request and what came of it. */
  static final class Call implements ResponseHandler, Subscriber<ByteBuffer> {
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    final CompletableFuture<ResponseHead> response = new CompletableFuture<>();
    final CompletableFuture<Void> complete = new CompletableFuture<>();
    Consumer<Subscription> onSubscribe = s -> s.request(Long.MAX_VALUE);
    CompletableFuture<Void> end;
    private Intake intake;

    @Override
    public void onHead(ResponseHead answered) {
      response.complete(answered);
    }

    @Override
    public Intake intake() {
      return intake;
    }

    @Override
    public void onStream(Publisher<ByteBuffer> stream) {
      stream.subscribe(this);
    }

    @Override
    public void onSubscribe(Subscription s) {
      onSubscribe.accept(s);
    }

    @Override
    public void onNext(ByteBuffer bytes) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      body.writeBytes(copy);
    }

    @Override
    public void onComplete() {
      complete.complete(null);
    }

    @Override
    public void onError(Throwable error) { // of the stream and of the handler
      response.completeExceptionally(error);
      complete.completeExceptionally(error);
    }

    /** Waits for all of the answer. */
    Call await() {
      result(end);
      result(complete);
      return this;
    }

    int status() {
      return result(response).status();
    }

    String body() {
      return body.toString(StandardCharsets.ISO_8859_1);
    }

    /** What it failed with: the same for whoever is told. */
    Throwable failure() {
      Throwable failure = failure(end);
      assertThat(failure(complete)).isSameAs(failure);
      return failure;
    }

    private static Throwable failure(CompletableFuture<?> future) {
      try {
        future.get(30, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        return e.getCause();
      } catch (InterruptedException | TimeoutException e) {
        throw new AssertionError("no end within 30 s", e);
      }
      throw new AssertionError("no failure");
    }

    private static <T> T result(CompletableFuture<T> future) {
      try {
        return future.get(30, TimeUnit.SECONDS);
      } catch (ExecutionException | InterruptedException | TimeoutException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
