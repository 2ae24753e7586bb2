package io.s3dlio.rest;

import io.s3dlio.ObjectStoreException;

/** How a store says no. */
public interface Dialect {

  /**
   * Reads an answer that is none of those hoped for.
   *
   * @param answer with the whole body
   * @return code and words that are in it
   */
  AnswerException read(Answer answer);

  /**
   * What such an answer means.
   *
   * @param call to which it was given
   * @param answer what was read
   * @return what the caller is told
   */
  ObjectStoreException meaning(Call call, AnswerException answer);

  /**
   * What a failure means.
   *
   * @param call which failed
   * @param error an answer, or why there is none
   * @return what the caller is told
   */
  default ObjectStoreException translate(Call call, Throwable error) {
    return Failures.cause(error, AnswerException.class)
        .filter(answer -> Failures.told(error).isEmpty())
        .map(answer -> meaning(call, answer))
        .orElseGet(() -> Failures.of(call, error));
  }
}
