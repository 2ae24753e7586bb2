package io.s3dlio.rest;

import io.s3dlio.ByteRange;
import io.s3dlio.ObjectMeta;
import io.s3dlio.http.ResponseHead;
import io.s3dlio.spi.Receiver;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What is made of the answers to a request.
 *
 * @param <T> the result
 */
@FunctionalInterface
public interface Reply<T> {

  /**
   * Whether a status is one of those hoped for.
   *
   * @param status of the answer
   * @return false if it is an error
   */
  default boolean accepts(int status) {
    return status < 300;
  }

  /**
   * Takes one such answer.
   *
   * @param attempt to which it was given
   * @param head its head
   * @return takes its body
   */
  Taking<T> begin(Call.Attempt attempt, ResponseHead head);

  /**
   * Of answers with small bodies.
   *
   * @param meaning what one means; throws a {@link RuntimeException} if it makes no sense: the
   *     request is then repeated
   * @return the reply
   * @param <T> the result
   */
  static <T> Reply<T> of(Function<Answer, T> meaning) {
    return (attempt, head) -> new SmallBody<>(head, meaning);
  }

  /**
   * Of answers whose body goes to a receiver.
   *
   * @param call the read
   * @param range what it asks for
   * @param receiver takes the bytes
   * @param meta what a head says of the object
   * @return the reply
   */
  static Reply<Void> reading(
      Call call,
      ByteRange range,
      Receiver receiver,
      BiFunction<ResponseHead, ServedSpan, ObjectMeta> meta) {
    return (attempt, head) -> {
      ReadBody body = new ReadBody(call, range, receiver);
      body.begin(
          attempt,
          head.header("Content-Length")
              .filter(text -> text.matches("[0-9]{1,18}"))
              .map(Long::valueOf),
          head.header("Content-Range"),
          span -> meta.apply(head, span));
      return body;
    };
  }
}
