package io.s3dlio.s3;

import io.s3dlio.rest.Call;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.reactivestreams.Publisher;
import software.amazon.awssdk.http.SdkHttpExecutionAttributes;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;

/** Tells each {@link Call} of its attempts: only here is every one of them seen. */
final class ObservedHttpClient implements SdkAsyncHttpClient {

  private final SdkAsyncHttpClient delegate;

  ObservedHttpClient(SdkAsyncHttpClient delegate) {
    this.delegate = delegate;
  }

  @Override
  public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
    SdkHttpExecutionAttributes attributes = request.httpExecutionAttributes();
    S3Call call = attributes == null ? null : attributes.getAttribute(S3Call.KEY);
    if (call == null) {
      return delegate.execute(request); // what the SDK asks on its own account
    }
    Call.Attempt attempt = call.begin(request.request());
    AsyncExecuteRequest observed =
        AsyncExecuteRequest.builder()
            .request(request.request())
            .requestContentPublisher(request.requestContentPublisher())
            .responseHandler(new Observer(request.responseHandler(), call, attempt))
            .fullDuplex(request.fullDuplex())
            .httpExecutionAttributes(attributes)
            .build(); // without metrics: no collector is ever set
    CompletableFuture<Void> answer = delegate.execute(observed);
    answer.whenComplete((nothing, error) -> attempt.end(error));
    return answer; // itself, not what depends on it: the SDK completes it to break the request off
  }

  @Override
  public String clientName() {
    return delegate.clientName();
  }

  @Override
  public void close() {
    delegate.close();
  }

  /**
   * Hands on what becomes of one attempt, up to its first failure. The client reports some failures
   * twice; the second report would end the attempt that has begun meanwhile.
   */
  private static final class Observer implements SdkAsyncHttpResponseHandler {
    private final SdkAsyncHttpResponseHandler delegate;
    private final Call call;
    private final Call.Attempt attempt;
    private final AtomicBoolean failed = new AtomicBoolean();

    Observer(SdkAsyncHttpResponseHandler delegate, Call call, Call.Attempt attempt) {
      this.delegate = delegate;
      this.call = call;
      this.attempt = attempt;
    }

    @Override
    public void onHeaders(SdkHttpResponse response) {
      if (!failed.get()) {
        attempt.answered(response.statusCode());
        delegate.onHeaders(response);
      }
    }

    @Override
    public void onStream(Publisher<ByteBuffer> stream) {
      if (!failed.get()) {
        boolean ofObject = call.request().equals("get") && attempt.status() < 300;
        delegate.onStream(ofObject ? stream : new SmallStream(stream)); // the SDK has no limit
      }
    }

    @Override
    public void onError(Throwable error) {
      if (failed.compareAndSet(false, true)) {
        attempt.end(error); // before the SDK hears of it and tries again
        delegate.onError(error);
      }
    }
  }
}
