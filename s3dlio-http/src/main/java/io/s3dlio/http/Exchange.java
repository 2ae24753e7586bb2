package io.s3dlio.http;

import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One request, its answer, and whom to tell of it. Once a connection has it, all but {@link
 * #future} is for that connection's thread.
 */
final class Exchange {

  final Route route;

  /** What the caller holds: completing it gives the request up. */
  final CompletableFuture<Void> future = new CompletableFuture<>();

  final HttpRequest request;

  private final ResponseHandler handler;
  private ResponseStream stream;
  private Intake intake;

  Exchange(HttpRequest request, ResponseHandler handler, Route route) {
    this.request = request;
    this.handler = handler;
    this.route = route;
  }

  /** Whether nobody waits for it any more. */
  boolean isOver() {
    return future.isDone();
  }

  /** Whether no answer to it has a body. */
  boolean isBodiless() {
    return request.method().equals("HEAD");
  }

  /**
   * The head of the answer has come.
   *
   * @param flow told to pause (false) and to go on (true)
   */
  void answer(ResponseHead head, EventLoop loop, Consumer<Boolean> flow) {
    handler.onHead(head);
    intake = handler.intake();
    stream = new ResponseStream(loop, flow, this::cancel);
    handler.onStream(stream);
  }

  /** Who takes the body past the stream; null if nobody does. */
  Intake intake() {
    return intake;
  }

  /** Passes a piece of the body on. */
  void body(ByteBuffer piece) {
    if (intake != null) {
      intake.take(piece);
    } else { // who reads the stream may keep it
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
    // The handler first: when the stream has ended the SDK for S3 begins anew, with the same
    // transformer.
    handler.onError(why);
    if (stream != null) {
      stream.fail(why);
    }
    future.completeExceptionally(why);
  }
}
