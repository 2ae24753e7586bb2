package io.s3dlio.s3.http;

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
import software.amazon.awssdk.http.SdkHttpExecutionAttributes;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;
import software.amazon.awssdk.http.async.SdkHttpContentPublisher;

/** Uses the client as the SDK does. */
final class Caller implements AutoCloseable {

  static final Limits LIMITS =
      new Limits(4, Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20));

  private final NettyHttpClient client;
  private final int port;

  private Caller(int port, Limits limits, Map<String, String> environment) {
    this.client = new NettyHttpClient(limits, 2, Proxies.of(environment), () -> Tls.client(null));
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

  SdkHttpRequest.Builder request(SdkHttpMethod method) {
    return SdkHttpRequest.builder()
        .method(method)
        .protocol("http")
        .host("127.0.0.1")
        .port(port)
        .encodedPath("/path");
  }

  Call get() {
    return send(request(SdkHttpMethod.GET).build(), new Content(Optional.of(0L)), null);
  }

  Call send(SdkHttpMethod method) {
    return send(request(method).build(), new Content(Optional.of(0L)), null);
  }

  Call send(Call call, SdkHttpRequest request) {
    return send(call, request, new Content(Optional.of(0L)), null);
  }

  Call send(SdkHttpRequest request, SdkHttpContentPublisher content, Intake intake) {
    return send(new Call(), request, content, intake);
  }

  private Call send(
      Call call, SdkHttpRequest request, SdkHttpContentPublisher content, Intake intake) {
    AsyncExecuteRequest.Builder asked =
        AsyncExecuteRequest.builder()
            .request(request)
            .requestContentPublisher(content)
            .responseHandler(call);
    if (intake != null) {
      asked.httpExecutionAttributes(
          SdkHttpExecutionAttributes.builder().put(Intake.KEY, () -> intake).build());
    }
    call.end = client.execute(asked.build());
    return call;
  }

  /** A body. */
  static final class Content implements SdkHttpContentPublisher {
    private final Optional<Long> length;
    private final ByteBuffer[] pieces;

    Content(Optional<Long> length, ByteBuffer... pieces) {
      this.length = length;
      this.pieces = pieces;
    }

    @Override
    public Optional<Long> contentLength() {
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
  static final class Call implements SdkAsyncHttpResponseHandler, Subscriber<ByteBuffer> {
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    final CompletableFuture<SdkHttpResponse> response = new CompletableFuture<>();
    final CompletableFuture<Void> complete = new CompletableFuture<>();
    Consumer<Subscription> onSubscribe = s -> s.request(Long.MAX_VALUE);
    CompletableFuture<Void> end;

    @Override
    public void onHeaders(SdkHttpResponse answered) {
      response.complete(answered);
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
      return result(response).statusCode();
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
