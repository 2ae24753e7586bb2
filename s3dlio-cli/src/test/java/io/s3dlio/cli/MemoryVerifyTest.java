package io.s3dlio.cli;

import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import java.io.IOException;

class MemoryVerifyTest extends VerifyContract {

  @Override
  Place open(String name) throws IOException {
    return new Place(ObjectUri.parse("memory://cli-verify/" + name), StoreConfig.defaults());
  }
}
