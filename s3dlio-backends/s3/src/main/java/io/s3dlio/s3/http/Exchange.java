package io.s3dlio.s3.http;

import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import software.amazon.awssdk.http.SdkHttpExecutionAttributes;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;
import software.amazon.awssdk.http.async.SdkHttpContentPublisher;

/**
 * One request, its answer, and whom to tell of it. Once a connection has it, all but {@link
 * #future} is for that connection's thread.
 */
final class Exchange {

  final Route route;

  /** What the SDK holds: completing it gives the request up. */
  final CompletableFuture<Void> future = new CompletableFuture<>();

  private final AsyncExecuteRequest asked;
  private final SdkAsyncHttpResponseHandler handler;
  private ResponseStream stream;
  private Intake intake;

  Exchange(AsyncExecuteRequest asked, Route route) {
    this.asked = asked;
    this.route = route;
    this.handler = asked.responseHandler();
  }

  SdkHttpRequest request() {
    return asked.request();
  }

  SdkHttpContentPublisher content() {
    return asked.requestContentPublisher();
  }

  /** Of the request's body; empty if nobody knows it beforehand. */
  Optional<Long> length() {
    return content()
        .contentLength()
        .or(() -> request().firstMatchingHeader("Content-Length").map(Long::valueOf));
  }

  /** Whether nobody waits for it any more. */
  boolean isOver() {
    return future.isDone();
  }

  /** Whether no answer to it has a body. */
  boolean isBodiless() {
    return request().method() == SdkHttpMethod.HEAD;
  }

  /**
   * The head of the answer has come.
   *
   * @param flow told to pause (false) and to go on (true)
   */
  void answer(ResponseHead head, EventLoop loop, Consumer<Boolean> flow) {
    SdkHttpResponse.Builder response =
        SdkHttpResponse.builder().statusCode(head.status).statusText(head.reason);
    for (int i = 0; i < head.count(); i++) {
      response.appendHeader(head.name(i), head.value(i));
    }
    handler.onHeaders(response.build());
    SdkHttpExecutionAttributes attributes = asked.httpExecutionAttributes();
    Intake.Finder finder = attributes == null ? null : attributes.getAttribute(Intake.KEY);
    intake = finder == null ? null : finder.intake();
    stream = new ResponseStream(loop, flow, this::cancel);
    handler.onStream(stream);
  }

  /** Who takes the body past the SDK; null if nobody does. */
  Intake intake() {
    return intake;
  }

  /** Passes a piece of the body on. */
  void body(ByteBuffer piece) {
    if (intake != null) {
      intake.take(piece);
    } else { // the SDK's consumers may keep it
      ByteBuffer kept = ByteBuffer.allocate(piece.remaining());
      stream.offer(kept.put(piece).flip());
    }
  }

  /** The answer is complete. */
  void complete() {
    stream.end(() -> future.complete(null));
  }

  /** Nobody wants the rest of the answer. */
  private void cancel() {
    future.completeExceptionally(new CancellationException("the rest was not wanted"));
  }

  /** There is no answer, or no complete one. Of no effect if the request is over. */
  void fail(Throwable why) {
    if (isOver()) {
      return;
    }
    // The handler first: when the stream has ended the SDK begins anew, with the same transformer.
    handler.onError(why);
    if (stream != null) {
      stream.fail(why);
    }
    future.completeExceptionally(why);
  }
}
