package io.s3dlio.checkpoint.fault;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import io.s3dlio.testkit.fault.GridOperation;
import io.s3dlio.testkit.fault.WireFault;
import io.s3dlio.testkit.fault.WireRig;
import io.s3dlio.testkit.server.AzuriteServer;
import io.s3dlio.testkit.server.S3Server;
import io.s3dlio.testkit.server.TestServers;
import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;

/** A server, a proxy before it, and a bucket for histories. */
final class CheckpointRig extends WireRig {

  private CheckpointRig(String bucket, URI server, StoreConfig settings)
      throws ObjectStoreException {
    super(ObjectUri.parse(bucket), server, settings);
  }

  static CheckpointRig minio() throws ObjectStoreException {
    S3Server server = TestServers.minio();
    return new CheckpointRig(
        "s3://t-" + UUID.randomUUID() + "/",
        server.endpoint(),
        StoreConfig.defaults()
            .with("s3.region", server.region())
            .with("s3.access-key", server.accessKey())
            .with("s3.secret-key", server.secretKey()));
  }

  static CheckpointRig azurite() throws ObjectStoreException {
    AzuriteServer server = TestServers.azurite();
    return new CheckpointRig(
        "az://" + server.account() + "/t" + UUID.randomUUID() + "/",
        server.endpoint(),
        StoreConfig.defaults().with("az.account-key", server.key()));
  }

  static CheckpointRig fakeGcs() throws ObjectStoreException {
    URI server = TestServers.fakeGcs().endpoint();
    return new CheckpointRig("gs://t-" + UUID.randomUUID() + "/", server, StoreConfig.defaults());
  }

  /** Whether the server takes what a fault has damaged on its way: no checksum goes with it. */
  boolean takesDamaged(WireFault fault) {
    return fault == WireFault.FLIP_IN_REQUEST && uri("").scheme().equals("az");
  }

  /** Of any fault a checkpoint's promises are expected, and no certain error. */
  @Override
  public Expectation expect(WireFault fault, GridOperation operation) {
    return new Expectation(EnumSet.noneOf(ObjectStoreException.Kind.class), Harm.NONE);
  }

  /** What stays behind is looked for by {@link History#check}. */
  @Override
  protected List<String> unfinished() {
    return List.of();
  }
}
