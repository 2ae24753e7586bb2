package io.s3dlio.s3;

import io.s3dlio.rest.Failures;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/**
 * What the answer to a request means. It is made of the answer before the attempt is over, so that
 * the SDK asks again for an answer that makes no sense.
 *
 * @param <A> the SDK's answer
 * @param <T> what it means
 */
final class Meaning<A extends SdkResponse, T> {

  /** How the interceptor gets to know which request an answer belongs to. */
  static final ExecutionAttribute<Meaning<?, ?>> KEY = new ExecutionAttribute<>("S3dlioMeaning");

  private final Function<A, T> function;
  private volatile T found;

  /**
   * Of a request that has no answer yet.
   *
   * @param function throws a {@link RuntimeException} if the answer makes no sense; has no effect
   *     then
   */
  Meaning(Function<A, T> function) {
    this.function = function;
  }

  @SuppressWarnings("unchecked") // the request that carries this is answered by an A
  private void find(SdkResponse answer) {
    try {
      found = function.apply((A) answer);
    } catch (RuntimeException e) {
      throw new Failures.UnreadableException(e);
    }
  }

  /** What the answer meant; once there is one. */
  T found() {
    return found;
  }

  /** Sees an answer before the SDK's own interceptors do. */
  static final class Interceptor implements ExecutionInterceptor {

    @Override
    public SdkResponse modifyResponse(
        Context.ModifyResponse context, ExecutionAttributes attributes) {
      SdkResponse answer = context.response();
      Meaning<?, ?> meaning = attributes.getAttribute(KEY);
      if (meaning == null) {
        return answer;
      }
      meaning.find(
          answer instanceof ListMultipartUploadsResponse
              ? answer.toBuilder().sdkHttpResponse(context.httpResponse()).build()
              : answer);
      // The keys have been decoded. The SDK would do that again, and call a damaged one an
      // argument that is not valid.
      if (answer instanceof ListObjectsV2Response page) {
        return page.toBuilder().encodingType((String) null).build();
      }
      return answer instanceof ListMultipartUploadsResponse page
          ? page.toBuilder().encodingType((String) null).build()
          : answer;
    }
  }
}
