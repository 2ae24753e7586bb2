package io.s3dlio.s3.fault;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import io.s3dlio.testkit.fault.Exchange;
import io.s3dlio.testkit.fault.GridOperation;
import io.s3dlio.testkit.fault.S3Action;
import io.s3dlio.testkit.fault.WireFault;
import io.s3dlio.testkit.fault.WireRig;
import io.s3dlio.testkit.server.S3Server;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/** A server that speaks S3, and faults on the way to it. */
final class S3Rig extends WireRig {

  private final RawS3 raw;

  S3Rig(S3Server server, String... settings) throws Exception {
    this(server, ObjectUri.parse("s3://t-" + UUID.randomUUID() + "/"), settings);
  }

  private S3Rig(S3Server server, ObjectUri bucket, String... settings) throws Exception {
    super(bucket, server.endpoint(), config(server, settings));
    raw = new RawS3(server, bucket.bucket());
    raw.uploads(""); // which connects
    connected();
  }

  private static StoreConfig config(S3Server server, String... settings) {
    StoreConfig config =
        StoreConfig.defaults()
            .with("s3.region", server.region())
            .with("s3.access-key", server.accessKey())
            .with("s3.secret-key", server.secretKey());
    for (int i = 0; i < settings.length; i += 2) {
      config = config.with(settings[i], settings[i + 1]);
    }
    return config;
  }

  RawS3 raw() {
    return raw;
  }

  @Override
  public int largeWrite() {
    return (5 << 20) + 70_000;
  }

  @Override
  public Expectation expect(WireFault fault, GridOperation operation) {
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    kinds.addAll(fault.kinds());
    boolean parts = operation.writesParts();
    boolean xml = !operation.gets();
    if (fault == WireFault.FLIP_IN_REQUEST && (parts || operation == GridOperation.DELETE_ALL)) {
      kinds.add(Kind.INVALID); // the list of parts, or of keys, is not well-formed any more
      kinds.add(Kind.UNAVAILABLE); // or the answer is about another key
    }
    if (fault.lies() && xml) {
      kinds.add(Kind.UNAVAILABLE); // the answer cannot be read
    }
    if (fault.lies() && parts) {
      kinds.add(Kind.NOT_FOUND); // the name of the upload is not what it was
    }
    boolean unchecked = operation.getsRange() || operation == GridOperation.LIST;
    return new Expectation(kinds, fault.lies() && unchecked ? Harm.SILENT : Harm.NONE);
  }

  /** Uploads that somebody could have aborted and did not. */
  @Override
  protected List<String> unfinished() {
    List<String> left = new ArrayList<>();
    List<Exchange> begun = proxy().exchanges(S3Action.CREATE_MULTIPART_UPLOAD);
    if (begun.isEmpty()) {
      return left;
    }
    String path = begun.get(0).target().split("\\?", 2)[0];
    String key = path.substring(path.indexOf('/', 1) + 1);
    long unheard = begun.stream().filter(e -> e.status() == 200 && e.fired().isPresent()).count();
    for (MultipartUpload upload : raw.uploads(key)) {
      List<Exchange> aborts =
          proxy().exchanges(S3Action.ABORT_MULTIPART_UPLOAD).stream()
              .filter(e -> e.target().contains(upload.uploadId()))
              .toList();
      boolean known =
          proxy().exchanges().stream().anyMatch(e -> e.target().contains(upload.uploadId()));
      boolean hopeless = !aborts.isEmpty() && aborts.stream().allMatch(e -> e.fired().isPresent());
      if (known ? hopeless : unheard-- > 0) {
        addLost();
      } else {
        left.add("upload of " + upload.key() + "; requests: " + proxy().exchanges());
      }
      raw.abort(upload);
    }
    return left;
  }

  @Override
  public void close() throws ObjectStoreException {
    try (raw) {
      raw.uploads("").forEach(raw::abort);
    } finally {
      super.close();
    }
  }
}
