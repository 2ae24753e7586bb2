package io.s3dlio.azure.fault;

import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectNotFoundException;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import io.s3dlio.testkit.fault.Exchange;
import io.s3dlio.testkit.fault.GridOperation;
import io.s3dlio.testkit.fault.WireFault;
import io.s3dlio.testkit.fault.WireRig;
import io.s3dlio.testkit.server.AzuriteServer;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** An emulator of Azure Blob Storage, and faults on the way to it. */
final class AzureRig extends WireRig {

  AzureRig(AzuriteServer server) throws ObjectStoreException {
    super(
        ObjectUri.parse("az://" + server.account() + "/t" + UUID.randomUUID() + "/"),
        server.endpoint(),
        StoreConfig.defaults().with("az.account-key", server.key()));
  }

  @Override
  public Expectation expect(WireFault fault, GridOperation operation) {
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    kinds.addAll(fault.kinds());
    boolean flipped = fault == WireFault.FLIP_IN_REQUEST;
    boolean batch = operation == GridOperation.DELETE_ALL;
    if (flipped && (operation.writesParts() || batch)) {
      kinds.add(Kind.INVALID); // the list of blocks, or the batch, is not well-formed any more
      kinds.add(Kind.UNAVAILABLE); // or names a block that is not there, or nothing answers it
    }
    if (flipped && batch) {
      kinds.add(Kind.UNAUTHENTICATED); // the signature is about another object
      kinds.add(Kind.PERMISSION_DENIED);
    }
    if (fault.lies() && !operation.gets()) {
      kinds.add(Kind.UNAVAILABLE); // the answer cannot be read
    }
    if (fault.lies() && batch) {
      kinds.add(Kind.INVALID); // a status within it is another one
    }
    boolean unchecked = operation.getsRange() || operation == GridOperation.LIST;
    Harm harm =
        fault.lies() && unchecked
            ? Harm.SILENT
            : flipped && !batch ? Harm.TOLD : Harm.NONE; // no checksum goes with what is written
    return new Expectation(kinds, harm);
  }

  /** Blocks cannot be removed and nobody sees them: no listing may show a blob of nothing else. */
  @Override
  protected List<String> unfinished() throws ObjectStoreException {
    List<String> left = new ArrayList<>();
    for (ObjectUri uri : written()) {
      boolean listed;
      try (Stream<ObjectMeta> found = direct().list(uri)) {
        listed = found.anyMatch(meta -> meta.uri().equals(uri));
      }
      if (listed != isThere(uri)) {
        left.add(uri + " is there and not there; requests: " + proxy().exchanges());
      }
    }
    return left;
  }

  /** The objects of which blocks were staged. */
  private List<ObjectUri> written() {
    return proxy().exchanges().stream()
        .map(Exchange::target)
        .filter(target -> target.contains("?comp=block&"))
        .map(target -> target.substring(0, target.indexOf('?')).split("/", 4)[3])
        .distinct()
        .map(name -> uri(URLDecoder.decode(name, StandardCharsets.UTF_8)))
        .toList();
  }

  private boolean isThere(ObjectUri uri) throws ObjectStoreException {
    try {
      direct().head(uri);
      return true;
    } catch (ObjectNotFoundException e) {
      return false;
    }
  }
}
