package io.s3dlio.s3;

import io.s3dlio.s3.Fixture.Server;
import io.s3dlio.testkit.KeyFate;
import io.s3dlio.testkit.NestedKeys;
import io.s3dlio.testkit.StoreFacts;

class MinioContractTest extends S3Contract {

  MinioContractTest() {
    super(Server.MINIO);
  }

  @Override
  public StoreFacts facts() {
    return StoreFacts.REFERENCE
        .withUnfinished()
        .withoutImpliedBuckets()
        .withoutNonAsciiMetadata()
        .withNestedKeys(NestedKeys.HIDDEN)
        .withKeys(
            KeyFate.REFUSED,
            "nul",
            "double slash",
            "uri", // which has one
            "leading slash",
            "dot segment",
            "dot dot segment",
            "dot",
            "dot dot",
            "too long for a file");
  }
}
