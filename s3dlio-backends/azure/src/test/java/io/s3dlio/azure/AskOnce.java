package io.s3dlio.azure;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.testkit.process.JavaCommand;
import java.io.IOException;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Asks about an object in a JVM of its own, whose environment and class path are chosen: the
 * credentials are those that it finds.
 */
final class AskOnce {

  private AskOnce() {}

  /** Prints what it is told. */
  public static void main(String[] args) {
    ObjectUri uri = ObjectUri.parse(args[1]);
    StoreConfig config = StoreConfig.defaults().with(AzureKeys.ENDPOINT, args[0]);
    try (ObjectStore store = ObjectStores.open(uri, config, RequestListener.NONE)) {
      System.out.println("size " + store.head(uri).size());
    } catch (ObjectStoreException e) {
      System.out.println(e.kind() + " " + e.getMessage());
    }
  }

  /**
   * Starts that JVM and waits for its end.
   *
   * @param jars which entries of this JVM's class path it has, by their names
   * @param environment in place of all variables of Azure's
   * @return what it printed
   */
  static String inAJvm(
      Predicate<String> jars, Map<String, String> environment, String endpoint, String uri)
      throws IOException, InterruptedException {
    return JavaCommand.of(AskOnce.class, endpoint, uri)
        .classPath(jars)
        .without("(AZURE|IDENTITY|MSI)_.*")
        .environment(environment)
        .run();
  }
}
