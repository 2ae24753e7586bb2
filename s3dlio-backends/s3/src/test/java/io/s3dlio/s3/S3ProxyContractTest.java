package io.s3dlio.s3;

import io.s3dlio.s3.Fixture.Server;
import io.s3dlio.testkit.KeyFate;
import io.s3dlio.testkit.NestedKeys;
import io.s3dlio.testkit.StoreFacts;

class S3ProxyContractTest extends S3Contract {

  S3ProxyContractTest() {
    super(Server.S3PROXY);
  }

  @Override
  public StoreFacts facts() {
    return StoreFacts.REFERENCE
        .withUnfinished()
        .withoutImpliedBuckets()
        .withoutNonAsciiMetadata()
        .withoutUtf8Order()
        .withoutOtherDelimiters()
        .withoutAtomicPuts()
        .withoutTagsAndVersions()
        .withNestedKeys(NestedKeys.MISTREATED)
        .withKeys(KeyFate.REFUSED, "nul")
        .withKeys(
            KeyFate.MISTREATED,
            "trailing slash",
            "double slash",
            "uri", // which has one
            "leading slash",
            "dot segment",
            "dot dot segment",
            "dot",
            "dot dot");
  }
}
