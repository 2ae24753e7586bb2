package io.s3dlio.rest;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import java.io.CharConversionException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.DateTimeException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.xml.stream.XMLStreamException;

/** What it means that there is no answer, and what a status says on its own. */
public final class Failures {

  /** How Java, BoringSSL and OpenSSL say it. */
  private static final Pattern SPEAKS_OLD_TLS =
      Pattern.compile("(?i)protocol.?version|unsupported.?protocol|selected protocol version");

  /** How Java says that a name does not match. */
  private static final Pattern OF_ANOTHER_HOST =
      Pattern.compile("subject alternative|No name matching|doesn't match");

  private Failures() {}

  /** There was no answer within the time for all attempts. */
  public static final class DeadlineException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Says so.
     *
     * @param cause how a library says it, or null
     */
    public DeadlineException(Throwable cause) {
      super(cause);
    }
  }

  /** An answer whose text makes no sense. */
  public static final class UnreadableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Says so.
     *
     * @param cause what does not make sense
     */
    public UnreadableException(Throwable cause) {
      super(root(cause), cause);
    }
  }

  /**
   * What a status says on its own.
   *
   * @param status 300 and up
   * @return the kind
   */
  public static Kind kindOf(int status) {
    return switch (status) {
      case 304, 412 -> Kind.PRECONDITION_FAILED;
      case 401 -> Kind.UNAUTHENTICATED;
      case 403 -> Kind.PERMISSION_DENIED;
      case 404 -> Kind.NOT_FOUND;
      case 405, 501 -> Kind.UNSUPPORTED;
      case 408 -> Kind.TIMEOUT;
      case 416 -> Kind.RANGE_NOT_SATISFIABLE;
      case 429 -> Kind.THROTTLED;
      case 507 -> Kind.OUT_OF_RESOURCES;
      case 409 -> Kind.UNKNOWN;
      default -> status >= 500 ? Kind.UNAVAILABLE : Kind.INVALID;
    };
  }

  /**
   * What a failure without an answer means.
   *
   * @param call which failed
   * @param error why
   * @return what the caller is told; the very error if it is that already
   */
  public static ObjectStoreException of(Call call, Throwable error) {
    Optional<ObjectStoreException> ours = told(error);
    if (ours.isPresent()) {
      return ours.get();
    }
    Told told = told(error, call.where(), call.store());
    return ObjectStoreException.of(told.kind, call.operation(), call.uri(), told.detail, error);
  }

  /**
   * What the caller is told, where a failure says that itself.
   *
   * @param error the failure
   * @return the error in it
   */
  public static Optional<ObjectStoreException> told(Throwable error) {
    return cause(error, ObjectStoreException.class)
        .or(() -> cause(error, RefusedException.class).map(RefusedException::why));
  }

  private record Told(Kind kind, String detail) {}

  private static Told told(Throwable error, String where, String store) {
    Optional<NoCredentialsException> none = cause(error, NoCredentialsException.class);
    if (none.isPresent()) {
      return new Told(Kind.UNAUTHENTICATED, none.get().getMessage());
    }
    if (has(error, CancellationException.class) || has(error, InterruptedException.class)) {
      return new Told(Kind.CANCELLED, "given up");
    }
    if (has(error, DeadlineException.class)) {
      return new Told(
          Kind.TIMEOUT, where + " has not answered within request-timeout; raise it or look there");
    }
    if (isUnreadable(error)) {
      return new Told(
          Kind.UNAVAILABLE,
          where
              + " sends an answer that cannot be read, damaged on the way perhaps ("
              + root(error)
              + "); try again");
    }
    return unreached(error, where, store);
  }

  private static Told unreached(Throwable error, String where, String store) {
    if (has(error, CertificateException.class)) {
      return new Told(Kind.INVALID, where + " shows a certificate " + refusal(error, store));
    }
    if (SPEAKS_OLD_TLS.matcher(root(error)).find()) {
      return new Told(
          Kind.UNSUPPORTED,
          where + " does not speak TLS 1.2 or later; update it (" + root(error) + ")");
    }
    if (isNamed(error, "NotSslRecordException")) {
      return new Told(Kind.INVALID, where + " does not speak TLS; write http:// instead");
    }
    if (has(error, SSLException.class)) {
      return new Told(Kind.UNAVAILABLE, where + " does not agree on TLS: " + root(error));
    }
    if (has(error, UnknownHostException.class) || has(error, UnresolvedAddressException.class)) {
      return new Told(
          Kind.UNAVAILABLE,
          "the host of " + where + " is not known; check " + store + ".endpoint and DNS");
    }
    if (has(error, ConnectException.class) && !isTimeout(error)) {
      return new Told(
          Kind.UNAVAILABLE,
          "nothing answers at " + where + " (" + root(error) + "); check " + store + ".endpoint");
    }
    if (isTimeout(error)) {
      return new Told(Kind.TIMEOUT, where + " has not answered in time: " + root(error));
    }
    if (has(error, IllegalArgumentException.class)) {
      return new Told(Kind.INVALID, root(error));
    }
    if (has(error, ClosedChannelException.class)) {
      // Some clients tell of the closing alone, not of the handshake that failed before it.
      String hint =
          where.startsWith("https:") ? "; if it does not speak TLS, write http:// instead" : "";
      return new Told(Kind.UNAVAILABLE, where + " closed the connection" + hint);
    }
    if (has(error, IOException.class)) {
      return new Told(Kind.UNAVAILABLE, "the connection to " + where + " broke: " + root(error));
    }
    return new Told(Kind.UNKNOWN, where + ": " + root(error));
  }

  /** Why a certificate is refused, and what to do. */
  private static String refusal(Throwable error, String store) {
    if (has(error, CertificateExpiredException.class)) {
      return "that has expired (" + root(error) + "); it has to be renewed there";
    }
    if (has(error, CertificateNotYetValidException.class)) {
      return "that is not valid yet (" + root(error) + "); check the clock of this machine";
    }
    if (OF_ANOTHER_HOST.matcher(root(error)).find()) {
      return "of another host (" + root(error) + "); check the name in " + store + ".endpoint";
    }
    return "that is not trusted; name the file of its authority with "
        + store
        + ".ca-bundle (--ca-bundle)";
  }

  /**
   * Whether an answer makes no sense: its text, or a date or a number in it.
   *
   * @param error a failure
   * @return true if it, or a cause of it, says so
   */
  public static boolean isUnreadable(Throwable error) {
    return has(error, UnreadableException.class)
        || has(error, XMLStreamException.class)
        || has(error, CharConversionException.class)
        || has(error, DateTimeException.class)
        || has(error, NumberFormatException.class);
  }

  private static boolean isTimeout(Throwable error) {
    return has(error, TimeoutException.class) || isNamed(error, "TimeoutException");
  }

  /** For exceptions of libraries, which are no part of their API. */
  private static boolean isNamed(Throwable error, String ending) {
    for (Throwable e = error; e != null; e = e.getCause()) {
      if (e.getClass().getSimpleName().endsWith(ending)) {
        return true;
      }
    }
    return false;
  }

  /**
   * What is at the bottom of a failure.
   *
   * @param error the failure
   * @return the message of the last cause, or its class
   */
  public static String root(Throwable error) {
    Throwable e = error;
    while (e.getCause() != null) {
      e = e.getCause();
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /**
   * Looks among the causes.
   *
   * @param error the failure
   * @param type what is looked for
   * @return the first of that type
   * @param <T> the type
   */
  public static <T extends Throwable> Optional<T> cause(Throwable error, Class<T> type) {
    for (Throwable e = error; e != null; e = e.getCause()) {
      if (type.isInstance(e)) {
        return Optional.of(type.cast(e));
      }
    }
    return Optional.empty();
  }

  private static boolean has(Throwable error, Class<? extends Throwable> type) {
    return cause(error, type).isPresent();
  }
}
