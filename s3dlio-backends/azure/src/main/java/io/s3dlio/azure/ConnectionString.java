package io.s3dlio.azure;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A connection string taken apart: {@code name=value}, separated by semicolons (<a
 * href="https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string">Azure</a>).
 * Its parts are secrets; no message shows one.
 */
final class ConnectionString {

  /** Of the emulator, public knowledge. */
  private static final String EMULATOR_ACCOUNT = "devstoreaccount1";

  private static final String EMULATOR_KEY =
      "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

  private final Map<String, String> parts = new TreeMap<>();

  ConnectionString(String text) {
    for (String part : text.split(";")) {
      int equals = part.indexOf('=');
      if (part.isBlank()) {
        continue;
      }
      if (equals < 0) {
        throw new IllegalArgumentException(
            "the connection string (az.connection-string) has a part without '='; copy it whole");
      }
      parts.put(
          part.substring(0, equals).strip().toLowerCase(Locale.ROOT),
          part.substring(equals + 1).strip());
    }
    if ("true".equalsIgnoreCase(parts.get("usedevelopmentstorage"))) {
      parts.putIfAbsent("accountname", EMULATOR_ACCOUNT);
      parts.putIfAbsent("accountkey", EMULATOR_KEY);
      parts.putIfAbsent("blobendpoint", "http://127.0.0.1:10000/" + EMULATOR_ACCOUNT);
    }
    if (key().isEmpty() && sas().isEmpty()) {
      throw new IllegalArgumentException(
          "the connection string (az.connection-string) has neither AccountKey nor"
              + " SharedAccessSignature");
    }
  }

  Optional<String> account() {
    return part("AccountName");
  }

  Optional<String> key() {
    return part("AccountKey");
  }

  Optional<String> sas() {
    return part("SharedAccessSignature");
  }

  /** Where the blobs of an account are. */
  Optional<String> endpoint(String account) {
    return part("BlobEndpoint")
        .or(
            () ->
                part("EndpointSuffix")
                    .map(
                        suffix ->
                            part("DefaultEndpointsProtocol").orElse("https")
                                + "://"
                                + account
                                + ".blob."
                                + suffix));
  }

  private Optional<String> part(String name) {
    return Optional.ofNullable(parts.get(name.toLowerCase(Locale.ROOT)))
        .filter(value -> !value.isEmpty());
  }
}
