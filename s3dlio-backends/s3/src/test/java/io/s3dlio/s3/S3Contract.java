package io.s3dlio.s3;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import io.s3dlio.s3.Fixture.Server;
import io.s3dlio.testkit.ObjectStoreContract;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

/** The contract on a real server: each test in a bucket of its own. */
abstract class S3Contract extends ObjectStoreContract {

  private static Fixture fixture;

  private final Server server;

  S3Contract(Server server) {
    this.server = server;
  }

  @Override
  protected ObjectUri base() throws ObjectStoreException {
    if (fixture == null) {
      fixture = Fixture.on(server);
    }
    ObjectUri bucket = newBucket();
    Fixture.get(fixture.backend.createBucket(bucket));
    return bucket;
  }

  @Override
  public ObjectUri newBucket() {
    return ObjectUri.parse("s3://" + unique() + "/");
  }

  @Override
  public ObjectUri versioned() throws ObjectStoreException {
    ObjectUri bucket = base();
    Connection connection = fixture.backend.connections().to(Place.of(bucket));
    return Fixture.get(
        connection.send(
            S3Call.of("test", "putVersioning", bucket, connection),
            (client, config) ->
                client.putBucketVersioning(
                    b ->
                        b.bucket(bucket.bucket())
                            .versioningConfiguration(v -> v.status("Enabled"))
                            .overrideConfiguration(config)),
            answer -> bucket));
  }

  @Override
  protected StoreConfig connect(StoreConfig config) {
    return config
        .with(S3Keys.TRANSPORT, Fixture.TRANSPORT)
        .with(S3Keys.ENDPOINT, server.get().endpoint().toString())
        .with(S3Keys.ACCESS_KEY, server.get().accessKey())
        .with(S3Keys.SECRET_KEY, server.get().secretKey());
  }

  @Override
  protected List<String> leftovers(ObjectUri prefix) throws ObjectStoreException {
    return Uploads.open(fixture, prefix);
  }

  @AfterAll
  static void closeFixture() throws ObjectStoreException {
    fixture.close();
    fixture = null;
  }
}
