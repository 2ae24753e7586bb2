package io.s3dlio.file;

import io.s3dlio.ObjectUri;
import io.s3dlio.testkit.KeyFate;
import io.s3dlio.testkit.NestedKeys;
import io.s3dlio.testkit.ObjectStoreContract;
import io.s3dlio.testkit.StoreFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** What every store does, on files. */
class FileContractTest extends ObjectStoreContract {

  @TempDir Path directory;

  @Override
  protected ObjectUri base() throws IOException {
    return uri(Files.createDirectories(directory.resolve("objects")));
  }

  @Override
  public ObjectUri newBucket() {
    return uri(directory.resolve(unique()));
  }

  @Override
  public ObjectUri buckets() {
    return uri(directory);
  }

  /** How the files are read and written. */
  protected String scheme() {
    return "file";
  }

  private ObjectUri uri(Path path) {
    return ObjectUri.parse(scheme() + "://" + path + "/");
  }

  @Override
  public StoreFacts facts() {
    return StoreFacts.REFERENCE
        .withUnfinished()
        .withNestedKeys(NestedKeys.REFUSED)
        .withKeys(
            KeyFate.REFUSED,
            "nul",
            "uri",
            "trailing slash",
            "double slash",
            "leading slash",
            "dot segment",
            "dot dot segment",
            "dot",
            "dot dot",
            "too long for a file");
  }

  @Override
  protected List<String> leftovers(ObjectUri prefix) throws IOException {
    try (Stream<Path> walk = Files.walk(directory)) {
      return walk.map(Path::toString).filter(name -> name.contains(Place.TEMP_PREFIX)).toList();
    }
  }
}
