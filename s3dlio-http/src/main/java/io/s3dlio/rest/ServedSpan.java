package io.s3dlio.rest;

import io.s3dlio.ByteRange;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which bytes of an object an answer holds.
 *
 * @param offset of the first
 * @param length how many
 * @param size of the object
 */
public record ServedSpan(long offset, long length, long size) {

  private static final Pattern FORM =
      Pattern.compile("bytes ([0-9]{1,18})-(-?[0-9]{1,18})/([0-9]{1,18})");

  /**
   * Whether that is all of the object.
   *
   * @return true for an empty object too
   */
  public boolean isWhole() {
    return length == size;
  }

  /**
   * As an answer's head says (RFC 9110, section 14.4).
   *
   * @throws RefusedException if these are not the bytes that were asked for
   */
  static ServedSpan of(
      Optional<Long> contentLength, Optional<String> contentRange, ByteRange range, Call call) {
    long length =
        contentLength.filter(n -> n >= 0).orElseThrow(() -> strange(call, "names no length"));
    ServedSpan span =
        contentRange.isEmpty()
            ? new ServedSpan(0, length, length)
            : parse(contentRange.get(), call);
    Optional<ByteRange.Span> expected = range.resolve(span.size);
    if (expected.isEmpty()) {
      throw new RefusedException(
          new ObjectStoreException(
              Kind.RANGE_NOT_SATISFIABLE,
              call.operation(),
              call.uri(),
              "the range selects no byte of the object of " + span.size + " bytes",
              null));
    }
    if (span.length != length
        || expected.get().offset() != span.offset
        || expected.get().length() != span.length) {
      throw strange(
          call,
          "sends other bytes than were asked for (%s; Content-Range %s, Content-Length %d)"
              .formatted(range, contentRange.orElse(null), length));
    }
    return span;
  }

  private static ServedSpan parse(String contentRange, Call call) {
    Matcher m = FORM.matcher(contentRange.strip());
    if (!m.matches()) {
      throw strange(call, "sends the Content-Range '" + contentRange + "'");
    }
    long first = Long.parseLong(m.group(1));
    return new ServedSpan(
        first, Long.parseLong(m.group(2)) - first + 1, Long.parseLong(m.group(3)));
  }

  private static RefusedException strange(Call call, String what) {
    return new RefusedException(
        new ObjectStoreException(
            Kind.UNSUPPORTED, call.operation(), call.uri(), call.where() + " " + what, null));
  }
}
