package io.s3dlio.rest;

import io.s3dlio.http.Intake;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.reactivestreams.Subscriber;

/**
 * Takes the body of one answer.
 *
 * @param <T> what becomes of it
 */
public interface Taking<T> extends Subscriber<ByteBuffer> {

  /**
   * What becomes of it.
   *
   * @return complete when the body has been taken, or cannot be
   */
  CompletableFuture<T> done();

  /**
   * Who takes the body past the stream.
   *
   * @return null if nobody does
   */
  Intake intake();
}
