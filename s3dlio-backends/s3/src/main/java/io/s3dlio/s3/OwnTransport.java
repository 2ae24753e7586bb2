package io.s3dlio.s3;

import io.s3dlio.http.HttpRequest;
import io.s3dlio.http.Intake;
import io.s3dlio.http.NettyHttpClient;
import io.s3dlio.http.ResponseHandler;
import io.s3dlio.http.ResponseHead;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import software.amazon.awssdk.http.SdkHttpExecutionAttributes;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;
import software.amazon.awssdk.http.async.SdkHttpContentPublisher;

/**
 * Our client as the SDK sees it. A {@link Call} that names an intake gets the body past the SDK.
 */
final class OwnTransport implements SdkAsyncHttpClient {

  private final NettyHttpClient client;

  OwnTransport(NettyHttpClient client) {
    this.client = client;
  }

  @Override
  public CompletableFuture<Void> execute(AsyncExecuteRequest asked) {
    SdkHttpRequest http = asked.request();
    HttpRequest.Builder request =
        HttpRequest.builder(http.method().name())
            .server(http.protocol(), http.host(), http.port())
            .target(
                http.encodedPath()
                    + http.encodedQueryParameters().map(query -> "?" + query).orElse(""))
            .content(new Content(asked.requestContentPublisher()));
    http.forEachHeader((name, values) -> values.forEach(value -> request.header(name, value)));
    SdkHttpExecutionAttributes attributes = asked.httpExecutionAttributes();
    S3Call call = attributes == null ? null : attributes.getAttribute(S3Call.KEY);
    return client.execute(request.build(), new Handler(asked.responseHandler(), call));
  }

  @Override
  public String clientName() {
    return "S3dlioNetty";
  }

  @Override
  public void close() {
    client.close();
  }

  private record Content(SdkHttpContentPublisher publisher) implements HttpRequest.Content {
    @Override
    public Optional<Long> length() {
      return publisher.contentLength();
    }

    @Override
    public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
      publisher.subscribe(subscriber);
    }
  }

  private record Handler(SdkAsyncHttpResponseHandler handler, S3Call call)
      implements ResponseHandler {
    @Override
    public void onHead(ResponseHead head) {
      SdkHttpResponse.Builder response =
          SdkHttpResponse.builder().statusCode(head.status()).statusText(head.reason());
      for (int i = 0; i < head.count(); i++) {
        response.appendHeader(head.name(i), head.value(i));
      }
      handler.onHeaders(response.build());
    }

    @Override
    public Intake intake() {
      return call == null ? null : call.intake();
    }

    @Override
    public void onStream(Publisher<ByteBuffer> body) {
      handler.onStream(body);
    }

    @Override
    public void onError(Throwable why) {
      handler.onError(why);
    }
  }
}
