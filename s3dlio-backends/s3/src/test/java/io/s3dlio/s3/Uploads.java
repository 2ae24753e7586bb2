package io.s3dlio.s3;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectUri;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/** Unfinished multipart uploads, which the store on S3 itself never lists. */
final class Uploads {

  private Uploads() {}

  /** The keys of those in a fixture's bucket. */
  static List<String> open(Fixture s3) throws ObjectStoreException {
    return open(s3, s3.bucket);
  }

  /** The keys of those in a bucket. */
  static List<String> open(Fixture s3, ObjectUri uri) throws ObjectStoreException {
    Place bucket = Place.ofBucket(uri);
    Connection connection = s3.backend.connections().to(bucket);
    CompletableFuture<List<String>> keys =
        connection.send(
            S3Call.of("test", "listUploads", uri, connection),
            (client, config) ->
                client.listMultipartUploads(
                    b -> b.bucket(bucket.bucket()).overrideConfiguration(config)),
            response -> response.uploads().stream().map(MultipartUpload::key).toList());
    return Fixture.get(keys);
  }
}
