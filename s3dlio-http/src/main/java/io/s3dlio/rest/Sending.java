package io.s3dlio.rest;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.http.HttpRequest;
import io.s3dlio.http.Intake;
import io.s3dlio.http.ResponseHandler;
import io.s3dlio.http.ResponseHead;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.reactivestreams.Publisher;

/** One request on its way: attempt after attempt until one succeeds or no more is allowed. */
final class Sending<T> {

  final CompletableFuture<T> result = new CompletableFuture<>();

  private final RestClient client;
  private final Call call;
  private final HttpRequest request;
  private final Reply<T> reply;
  private final long deadline;

  /** What is to be given up if the result is: an attempt, or the wish for credentials. */
  private volatile CompletableFuture<?> underWay;

  Sending(RestClient client, Call call, HttpRequest request, Reply<T> reply) {
    this.client = client;
    this.call = call;
    this.request = request;
    this.reply = reply;
    this.deadline = System.nanoTime() + client.requestTimeout().toNanos();
  }

  void start() {
    Future<?> limit;
    try {
      limit =
          client
              .timer()
              .schedule(
                  () -> end(new Failures.DeadlineException(null)),
                  client.requestTimeout().toNanos(),
                  TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      end(new IllegalArgumentException("the store is closed"));
      return;
    }
    result.whenComplete(
        (value, error) -> {
          limit.cancel(false);
          if (error != null) {
            giveUp(error);
          }
        });
    attempt();
  }

  /** Of an attempt that is given up from here its handler does not hear. */
  private void giveUp(Throwable why) {
    CompletableFuture<?> unwanted = underWay;
    if (unwanted != null) {
      unwanted.cancel(true);
    }
    call.finish(Optional.of(client.dialect().translate(call, why).kind()));
  }

  private void attempt() {
    if (result.isDone()) {
      return;
    }
    CompletableFuture<HttpRequest> authorized;
    try {
      authorized = client.authorizer().authorize(request);
    } catch (RuntimeException e) {
      authorized = CompletableFuture.failedFuture(e);
    }
    authorized.whenComplete(
        (ready, error) -> {
          if (error != null) {
            end(Steps.bare(error));
          } else {
            send(ready);
          }
        });
  }

  private void send(HttpRequest ready) {
    if (result.isDone()) {
      return;
    }
    Call.Attempt attempt = call.begin(ready.server());
    Handler handler = new Handler(attempt);
    // Before it is sent: what ends it may come at once.
    handler.end.whenComplete((value, error) -> ended(value, error));
    CompletableFuture<Void> exchange = client.http().execute(ready, handler);
    exchange.whenComplete((nothing, error) -> attempt.end(error));
    underWay = exchange;
    if (result.isCompletedExceptionally()) {
      exchange.cancel(true);
    }
  }

  private void ended(T value, Throwable error) {
    if (error == null) {
      client.budget().succeeded(call.attempts() > 1);
      call.finish(Optional.empty());
      result.complete(value);
      return;
    }
    Throwable why = Steps.bare(error);
    ObjectStoreException told = client.dialect().translate(call, why);
    call.finish(Optional.of(told.kind()));
    long pause = pause(why);
    boolean again =
        told.isRetryable()
            && Failures.cause(why, RefusedException.class).isEmpty()
            && call.attempts() < client.maxAttempts()
            && System.nanoTime() + pause < deadline
            && !result.isDone()
            && client.budget().take();
    if (!again) {
      result.completeExceptionally(told);
      return;
    }
    try {
      client.timer().schedule(this::attempt, pause, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) { // the store is being closed
      result.completeExceptionally(told);
    }
  }

  private long pause(Throwable why) {
    return Failures.cause(why, AnswerException.class)
        .flatMap(AnswerException::retryAfter)
        .map(client::patienceNanos)
        .orElseGet(() -> client.pauseNanos(call.attempts()));
  }

  /** Without another attempt. */
  private void end(Throwable why) {
    ObjectStoreException told = client.dialect().translate(call, why);
    if (!result.isDone()) {
      call.finish(Optional.of(told.kind())); // before whoever waits goes on
      result.completeExceptionally(told);
    }
  }

  /** Hears of one attempt. Its end is what came first. */
  private final class Handler implements ResponseHandler {
    final CompletableFuture<T> end = new CompletableFuture<>();
    private final Call.Attempt attempt;
    private Taking<?> body;

    Handler(Call.Attempt attempt) {
      this.attempt = attempt;
    }

    @Override
    public void onHead(ResponseHead head) {
      attempt.answered(head.status());
      if (reply.accepts(head.status())) {
        Taking<T> good = reply.begin(attempt, head);
        follow(good.done());
        body = good;
      } else {
        Taking<AnswerException> bad =
            new SmallBody<>(head, answer -> client.dialect().read(answer));
        follow(bad.done().thenCompose(CompletableFuture::failedFuture));
        body = bad;
      }
    }

    private void follow(CompletableFuture<T> done) {
      done.whenComplete(
          (value, error) -> {
            if (error == null) {
              end.complete(value);
            } else {
              end.completeExceptionally(Steps.bare(error));
            }
          });
    }

    @Override
    public Intake intake() {
      return body.intake();
    }

    @Override
    public void onStream(Publisher<ByteBuffer> stream) {
      stream.subscribe(body);
    }

    @Override
    public void onError(Throwable why) {
      attempt.end(why);
      end.completeExceptionally(why);
    }
  }
}
