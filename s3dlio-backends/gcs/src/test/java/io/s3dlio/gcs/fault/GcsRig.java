package io.s3dlio.gcs.fault;

import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import io.s3dlio.testkit.fault.Exchange;
import io.s3dlio.testkit.fault.GridOperation;
import io.s3dlio.testkit.fault.WireFault;
import io.s3dlio.testkit.fault.WireRig;
import io.s3dlio.testkit.server.FakeGcsServer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** An emulator of Google Cloud Storage, and faults on the way to it. */
final class GcsRig extends WireRig {

  private static final String PARTS = ".s3dlio-parts/";

  GcsRig(FakeGcsServer server) throws ObjectStoreException {
    super(
        ObjectUri.parse("gs://t-" + UUID.randomUUID() + "/"),
        server.endpoint(),
        StoreConfig.defaults());
  }

  @Override
  public Expectation expect(WireFault fault, GridOperation operation) {
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    kinds.addAll(fault.kinds());
    boolean parts = operation.writesParts();
    boolean flipped = fault == WireFault.FLIP_IN_REQUEST;
    if (flipped) {
      kinds.add(Kind.INVALID); // what describes the object is no JSON any more
      kinds.add(Kind.UNAVAILABLE); // so says the emulator of it, and of parts that are not there
    }
    if (fault.lies() && !operation.gets()) {
      kinds.add(Kind.UNAVAILABLE); // the answer cannot be read
      kinds.add(Kind.CHECKSUM_MISMATCH); // or tells of another object
    }
    if (fault.lies() && operation.replaces()) {
      kinds.add(Kind.PRECONDITION_FAILED); // the generation that was looked at is not what it was
    }
    boolean unchecked =
        operation.getsRange() || operation == GridOperation.LIST || operation == GridOperation.HEAD;
    // The emulator composes whatever parts it understands; the service goes by their generations.
    boolean silent = (fault.lies() && unchecked) || (flipped && parts);
    return new Expectation(kinds, silent ? Harm.SILENT : Harm.NONE);
  }

  /** Parts that somebody could have deleted and did not. */
  @Override
  protected List<String> unfinished() throws ObjectStoreException {
    List<ObjectUri> there;
    try (Stream<ObjectMeta> all = direct().list(uri(PARTS))) {
      there = all.map(ObjectMeta::uri).toList();
    }
    List<String> left = new ArrayList<>();
    for (ObjectUri part : there) {
      String name = part.key().replace("/", "%2F");
      List<Exchange> deletes =
          proxy().exchanges().stream()
              .filter(e -> e.method().equals("DELETE") && e.target().contains(name))
              .toList();
      if (!deletes.isEmpty() && deletes.stream().allMatch(e -> e.fired().isPresent())) {
        addLost();
      } else {
        left.add(part + "; requests: " + proxy().exchanges());
      }
      direct().delete(part);
    }
    return left;
  }

  @Override
  public void close() throws ObjectStoreException {
    direct().deletePrefix(uri(PARTS));
    super.close();
  }
}
