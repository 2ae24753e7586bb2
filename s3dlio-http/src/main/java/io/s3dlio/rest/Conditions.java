package io.s3dlio.rest;

import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.PutMode;
import io.s3dlio.PutResult;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** What the answers to conditional writes mean. */
public final class Conditions {

  /** How a store refuses a write. */
  public interface Refusals {

    /**
     * Whether a failure says that there is no such object.
     *
     * @param e what the write failed with
     * @return true if the condition was about an object that is not there
     */
    boolean isAbsent(ObjectStoreException e);

    /**
     * Whether a failure, beside one of the conditions, is what a second try meets where the first
     * one was carried out.
     *
     * @param e what the write failed with
     * @return true if an earlier try may be the reason
     */
    default boolean isLeftover(ObjectStoreException e) {
      return false;
    }
  }

  private Conditions() {}

  /**
   * Says what a refused write means, and settles a refusal that may be of our own making: when a
   * first try has been carried out but its answer was lost, the second one finds the object there.
   *
   * @param answer to the write
   * @param call the write
   * @param mode its condition
   * @param refusals how the store refuses
   * @param head asks about the object
   * @param crc32c of the content written, if known
   * @param size of the content written
   * @return the answer, settled
   */
  public static CompletableFuture<PutResult> settle(
      CompletableFuture<PutResult> answer,
      Call call,
      PutMode mode,
      Refusals refusals,
      Supplier<CompletableFuture<ObjectMeta>> head,
      Optional<Integer> crc32c,
      long size) {
    return Steps.of(
        steps ->
            steps
                .step(answer)
                .exceptionallyCompose(
                    e -> {
                      ObjectStoreException told =
                          translate(Failures.of(call, Steps.bare(e)), call, mode, refusals);
                      boolean refused =
                          told.kind() == Kind.ALREADY_EXISTS
                              || told.kind() == Kind.PRECONDITION_FAILED
                              || refusals.isLeftover(told);
                      if (call.attempts() < 2 || crc32c.isEmpty() || !refused) {
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
    if (failure != null) {
      ObjectStoreException looked = Failures.of(call, Steps.bare(failure));
      return CompletableFuture.failedFuture(
          looked.kind() == Kind.NOT_FOUND ? told : unknown(told, call, looked));
    }
    return meta.size() == size && meta.crc32c().equals(crc32c)
        ? CompletableFuture.completedFuture(new PutResult(meta.etag(), meta.version()))
        : CompletableFuture.failedFuture(told);
  }

  private static ObjectStoreException unknown(
      ObjectStoreException told, Call call, ObjectStoreException looked) {
    ObjectStoreException e =
        ObjectStoreException.of(
            looked.kind(),
            call.operation(),
            call.uri(),
            "the answer to a first try was lost, a later one was refused, and it is not known whether"
                + " the object at "
                + call.where()
                + " is the one written, since that cannot be looked at; read it",
            looked);
    e.addSuppressed(told);
    return e;
  }

  private static ObjectStoreException translate(
      ObjectStoreException e, Call call, PutMode mode, Refusals refusals) {
    if (mode instanceof PutMode.Create && e.kind() == Kind.PRECONDITION_FAILED) {
      return ObjectStoreException.of(
          Kind.ALREADY_EXISTS,
          call.operation(),
          call.uri(),
          "there is an object already at " + call.where(),
          e);
    }
    if (mode instanceof PutMode.IfMatch && refusals.isAbsent(e)) {
      return ObjectStoreException.of(
          Kind.PRECONDITION_FAILED,
          call.operation(),
          call.uri(),
          "there is no object at " + call.where() + ", and so none with that ETag",
          e);
    }
    return e;
  }
}
