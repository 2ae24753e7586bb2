package io.s3dlio.s3;

import io.s3dlio.StoreConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the settings of a store add to its requests, by what a request does. Immutable. */
final class AddedHeaders {

  /** Those that make an object. */
  private static final Set<String> MAKE = Set.of("put", "startMultipart", "copy");

  /** Those that read or write content, or tell of it. */
  private static final Set<String> CONTENT =
      Set.of(
          "head",
          "get",
          "put",
          "startMultipart",
          "putPart",
          "completeMultipart",
          "copy",
          "copyPart");

  private static final Set<String> COPY = Set.of("copy", "copyPart");

  /** Those to objects and their lists, for which somebody pays. */
  private static final Set<String> PAID =
      Set.of(
          "head",
          "tags",
          "get",
          "put",
          "startMultipart",
          "putPart",
          "completeMultipart",
          "abortMultipart",
          "copy",
          "copyPart",
          "delete",
          "deleteAll",
          "list");

  private final Map<String, Map<String, String>> byRequest = new HashMap<>();

  AddedHeaders(StoreConfig config) {
    config.find(S3Keys.STORAGE_CLASS).ifPresent(name -> add(MAKE, "x-amz-storage-class", name));
    switch (config.get(S3Keys.ENCRYPTION)) {
      case SSE_S3 -> add(MAKE, "x-amz-server-side-encryption", "AES256");
      case SSE_KMS -> {
        add(MAKE, "x-amz-server-side-encryption", "aws:kms");
        config
            .find(S3Keys.KMS_KEY)
            .ifPresent(key -> add(MAKE, "x-amz-server-side-encryption-aws-kms-key-id", key));
      }
      case SSE_C -> {
        CustomerKey key = CustomerKey.of(config.find(S3Keys.CUSTOMER_KEY).orElseThrow());
        add(CONTENT, "x-amz-server-side-encryption-customer", key);
        add(COPY, "x-amz-copy-source-server-side-encryption-customer", key);
      }
      case DEFAULT -> {}
    }
    if (config.get(S3Keys.REQUESTER_PAYS)) {
      add(PAID, "x-amz-request-payer", "requester");
    }
  }

  private void add(Set<String> requests, String prefix, CustomerKey key) {
    add(requests, prefix + "-algorithm", "AES256");
    add(requests, prefix + "-key", key.text());
    add(requests, prefix + "-key-MD5", key.md5());
  }

  private void add(Set<String> requests, String name, String value) {
    for (String request : requests) {
      byRequest.computeIfAbsent(request, r -> new TreeMap<>()).put(name, value);
    }
  }

  /** The headers of a request; names and values. */
  Map<String, String> of(String request) {
    return byRequest.getOrDefault(request, Map.of());
  }
}
