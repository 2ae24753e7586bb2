package io.s3dlio.s3;

import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.PutMode;
import io.s3dlio.PutResult;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** What the answers to conditional writes mean. */
final class Conditions {

  private Conditions() {}

  /**
   * Says what a refused write means, and settles a refusal that may be of our own making: when a
   * first try has been carried out but its answer was lost, the second one finds the object there.
   *
   * @param answer to the write
   * @param mode its condition
   * @param head asks about the object
   * @param crc32c of the content written, if known
   * @param size of the content written
   */
  static CompletableFuture<PutResult> settle(
      CompletableFuture<PutResult> answer,
      Call call,
      PutMode mode,
      Supplier<CompletableFuture<ObjectMeta>> head,
      Optional<Integer> crc32c,
      long size) {
    return Steps.of(
        steps ->
            steps
                .step(answer)
                .exceptionallyCompose(
                    e -> {
                      ObjectStoreException told = translate(Steps.bare(e), call, mode);
                      if (call.attempts() < 2 || crc32c.isEmpty() || !isRefusal(told)) {
                        return CompletableFuture.failedFuture(told);
                      }
                      return steps
                          .step(head.get())
                          .handle(
                              (meta, failure) -> settled(told, call, meta, failure, crc32c, size))
                          .thenCompose(settled -> settled);
                    }));
  }

  private static CompletableFuture<PutResult> settled(
      ObjectStoreException told,
      Call call,
      ObjectMeta meta,
      Throwable failure,
      Optional<Integer> crc32c,
      long size) {
    if (failure != null && S3Errors.of(call, failure).kind() != Kind.NOT_FOUND) {
      return CompletableFuture.failedFuture(unknown(told, call, failure));
    }
    return meta != null && is(meta, crc32c, size)
        ? CompletableFuture.completedFuture(new PutResult(meta.etag()))
        : CompletableFuture.failedFuture(told);
  }

  private static ObjectStoreException unknown(
      ObjectStoreException told, Call call, Throwable failure) {
    ObjectStoreException looked = S3Errors.of(call, failure);
    ObjectStoreException e =
        ObjectStoreException.of(
            looked.kind(),
            call.operation,
            call.uri,
            "the answer to a first try was lost, a later one was refused, and it is not known whether"
                + " the object at "
                + call.endpoint.describe()
                + " is the one written, since that cannot be looked at; read it",
            looked);
    e.addSuppressed(told);
    return e;
  }

  private static boolean is(ObjectMeta meta, Optional<Integer> crc32c, long size) {
    return meta.size() == size && meta.crc32c().equals(crc32c);
  }

  private static boolean isRefusal(ObjectStoreException e) {
    return e.kind() == Kind.ALREADY_EXISTS
        || e.kind() == Kind.PRECONDITION_FAILED
        || S3Errors.hasCode(e, "NoSuchUpload");
  }

  private static ObjectStoreException translate(Throwable error, Call call, PutMode mode) {
    if (!(error instanceof ObjectStoreException)) {
      return S3Errors.of(call, error);
    }
    ObjectStoreException e = (ObjectStoreException) error;
    if (mode instanceof PutMode.Create && e.kind() == Kind.PRECONDITION_FAILED) {
      return ObjectStoreException.of(
          Kind.ALREADY_EXISTS,
          call.operation,
          call.uri,
          "there is an object already at " + call.endpoint.describe(),
          e);
    }
    if (mode instanceof PutMode.IfMatch && S3Errors.hasCode(e, "NoSuchKey")) {
      return ObjectStoreException.of(
          Kind.PRECONDITION_FAILED,
          call.operation,
          call.uri,
          "there is no object at " + call.endpoint.describe() + ", and so none with that ETag",
          e);
    }
    return e;
  }
}
