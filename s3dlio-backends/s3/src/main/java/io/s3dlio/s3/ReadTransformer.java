package io.s3dlio.s3;

import io.s3dlio.ByteRange;
import io.s3dlio.rest.Call;
import io.s3dlio.rest.ReadBody;
import io.s3dlio.spi.Receiver;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** Takes the answers to a GET, one an attempt, and hands them to the receiver. */
final class ReadTransformer implements AsyncResponseTransformer<GetObjectResponse, Void> {

  private final S3Call call;
  private final ByteRange range;
  private final Receiver receiver;
  private volatile ReadBody body;

  ReadTransformer(S3Call call, ByteRange range, Receiver receiver) {
    this.call = call;
    this.range = range;
    this.receiver = receiver;
  }

  @Override
  public CompletableFuture<Void> prepare() {
    body = new ReadBody(call, range, receiver);
    return body.done();
  }

  @Override
  public void onResponse(GetObjectResponse response) {
    Call.Attempt attempt = call.current();
    call.takenBy(attempt, body);
    body.begin(
        attempt,
        Optional.ofNullable(response.contentLength()),
        Optional.ofNullable(response.contentRange()),
        span -> Answers.meta(call.uri(), response, span.size(), span.isWhole()));
  }

  @Override
  public void onStream(SdkPublisher<ByteBuffer> publisher) {
    publisher.subscribe(body);
  }

  /**
   * Before there is an answer, the SDK knows of the failure without us. It may then have begun the
   * next attempt already when it tells us here: that one has not failed.
   */
  @Override
  public void exceptionOccurred(Throwable error) {
    ReadBody current = body;
    Call.Attempt attempt = current == null ? null : current.attempt();
    if (attempt != null && attempt.endedWith(error)) {
      current.done().completeExceptionally(error);
    }
  }
}
