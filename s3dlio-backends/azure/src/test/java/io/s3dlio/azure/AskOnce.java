package io.s3dlio.azure;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

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
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    String chosen =
        Arrays.stream(path.split(File.pathSeparator))
            .filter(entry -> jars.test(Path.of(entry).getFileName().toString()))
            .collect(Collectors.joining(File.pathSeparator));
    ProcessBuilder command =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            chosen,
            AskOnce.class.getName(),
            endpoint,
            uri);
    command.environment().keySet().removeIf(name -> name.matches("(AZURE|IDENTITY|MSI)_.*"));
    command.environment().putAll(environment);
    Process process = command.redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      ByteArrayOutputStream said = new ByteArrayOutputStream();
      process.getInputStream().transferTo(said);
      process.waitFor(60, TimeUnit.SECONDS);
      return said.toString(StandardCharsets.UTF_8);
    } finally {
      process.destroyForcibly();
    }
  }
}
