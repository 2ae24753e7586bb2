package io.s3dlio.azure;

import io.s3dlio.http.HttpRequest;
import io.s3dlio.rest.Authorizer;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests with the account's key (<a
 * href="https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key">Authorize
 * with Shared Key</a>).
 */
final class SharedKey implements Authorizer {

  private static final String ALGORITHM = "HmacSHA256";

  /** In the order in which their values are signed. */
  private static final List<String> SIGNED =
      List.of(
          "Content-Encoding",
          "Content-Language",
          "Content-Length",
          "Content-MD5",
          "Content-Type",
          "Date",
          "If-Modified-Since",
          "If-Match",
          "If-None-Match",
          "If-Unmodified-Since",
          "Range");

  // The locale's words do not belong into a header.
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final String account;
  private final SecretKeySpec key;

  /**
   * Takes a key.
   *
   * @param key in Base64
   * @throws IllegalArgumentException if it is not; the message does not show it
   */
  @SuppressWarnings("UnusedException") // what it says is about the key
  SharedKey(String account, String key) {
    this.account = account;
    try {
      this.key = new SecretKeySpec(Base64.getDecoder().decode(key), ALGORITHM);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the account key (az.account-key, AccountKey or AZURE_STORAGE_KEY) is not Base64; copy it"
              + " whole");
    }
  }

  @Override
  public CompletableFuture<HttpRequest> authorize(HttpRequest request) {
    HttpRequest dated =
        request.toBuilder()
            .header("x-ms-date", DATE.format(ZonedDateTime.now(ZoneOffset.UTC)))
            .build();
    return CompletableFuture.completedFuture(
        dated.toBuilder()
            .header("Authorization", "SharedKey " + account + ":" + sign(toSign(dated)))
            .build());
  }

  private String sign(String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + ALGORITHM, e);
    }
  }

  String toSign(HttpRequest request) {
    StringBuilder text = new StringBuilder(request.method());
    for (String name : SIGNED) {
      text.append('\n');
      if (name.equals("Content-Length")) {
        request.length().filter(n -> n > 0).ifPresent(text::append);
      } else {
        request.header(name).ifPresent(text::append);
      }
    }
    text.append('\n');
    Map<String, String> headers = new TreeMap<>();
    request.forEachHeader(
        (name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (lower.startsWith("x-ms-")) {
            headers.put(lower, value.strip());
          }
        });
    headers.forEach((name, value) -> text.append(name).append(':').append(value).append('\n'));
    int query = request.target().indexOf('?');
    text.append('/').append(account);
    text.append(query < 0 ? request.target() : request.target().substring(0, query));
    if (query >= 0) {
      parameters(request.target().substring(query + 1))
          .forEach((name, value) -> text.append('\n').append(name).append(':').append(value));
    }
    return text.toString();
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> found = new TreeMap<>();
    for (String parameter : query.split("&")) {
      int equals = parameter.indexOf('=');
      String name = equals < 0 ? parameter : parameter.substring(0, equals);
      String value = equals < 0 ? "" : parameter.substring(equals + 1);
      found.put(decoded(name).toLowerCase(Locale.ROOT), decoded(value));
    }
    return found;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
