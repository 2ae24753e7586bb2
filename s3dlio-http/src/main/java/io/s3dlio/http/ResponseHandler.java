package io.s3dlio.http;

import java.nio.ByteBuffer;
import org.reactivestreams.Publisher;

/**
 * Hears what becomes of one request, on the connection's thread: the head of the answer, then its
 * body; or a failure, at any point.
 */
public interface ResponseHandler {

  /**
   * The head has come.
   *
   * @param head status and headers
   */
  void onHead(ResponseHead head);

  /**
   * Who takes the body past the stream. Asked once, after {@link #onHead}.
   *
   * @return null if the stream is to bring it
   */
  Intake intake();

  /**
   * The body begins. Who takes it by an {@link Intake} hears of its end here.
   *
   * @param body subscribed once
   */
  void onStream(Publisher<ByteBuffer> body);

  /**
   * There is no answer, or no complete one. The stream, where there is one, fails too.
   *
   * @param why what went wrong
   */
  void onError(Throwable why);
}
