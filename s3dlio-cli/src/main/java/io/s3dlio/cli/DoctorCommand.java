package io.s3dlio.cli;

import io.s3dlio.ConfigKey;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.StoreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code doctor}. */
@Command(
    name = "doctor",
    description = {"Says what this machine and a store can do.", ""},
    customSynopsis = "s3dlio doctor [URI]",
    footer = {
      "",
      "Looks at the JVM, CPUs, memory, O_DIRECT, and which credentials there are (their names alone).",
      "With a URI, writes, lists, reads and deletes an object of 1 MiB below it. Where the endpoint is",
      "known, it compares clocks. The status is 1 if something does not work.",
      "",
      "With --json: {\"check\",\"result\",\"detail\"}, where result is ok, warn or fail.",
      "",
      "Examples:",
      "  s3dlio doctor",
      "  s3dlio doctor --endpoint-url http://127.0.0.1:9000 s3://bucket/",
      "  s3dlio doctor az://account/container/"
    })
final class DoctorCommand implements Callable<Integer> {

  private static final String INSECURE = ".insecure";

  @ParentCommand private Root root;

  @Parameters(arity = "0..1", paramLabel = "URI", description = "Where to write an object.")
  private ObjectUri uri;

  @Override
  public Integer call() throws IOException {
    if (uri != null) {
      Arguments.requireBucket(uri);
    }
    StoreConfig config = root.stores().config(1);
    Checkup checkup = new Checkup(root.output());
    new MachineCheck(checkup).run(directory());
    new CredentialsCheck(checkup, System.getenv(), Path.of(System.getProperty("user.home")))
        .run(Optional.ofNullable(uri).map(ObjectUri::scheme));
    AtomicReference<String> endpoint = new AtomicReference<>();
    if (uri != null) {
      checkStore(checkup, endpoint);
    }
    Optional<String> known =
        Optional.ofNullable(endpoint.get())
            .filter(url -> url.startsWith("http")) // local stores have none
            .or(
                () ->
                    uri == null || uri.scheme().equals("s3")
                        ? configured(config)
                        : Optional.empty());
    List<String> trusting = trusting(config);
    for (String setting : trusting) {
      if (setting.endsWith(INSECURE)) {
        checkup.warn("tls", setting + "=true: certificates are not checked; for tests alone");
      }
    }
    if (known.isPresent() && !trusting.isEmpty() && known.get().startsWith("https:")) {
      checkup.warn(
          "clock", "not compared: who is trusted is set by " + String.join(", ", trusting));
    } else if (known.isPresent()) {
      new EndpointCheck(checkup).run(known.get());
    }
    return checkup.hasFailed() ? ExitStatus.FAILED : ExitStatus.DONE;
  }

  private void checkStore(Checkup checkup, AtomicReference<String> endpoint) throws IOException {
    try (ObjectStore store = root.open(uri, 1, event -> endpoint.set(event.endpoint()))) {
      new StoreCheck(checkup, store, uri).run();
    } catch (ObjectStoreException e) {
      checkup.fail("store", Messages.of(e));
    }
  }

  /** The settings that say who is trusted beside those that Java trusts. */
  private List<String> trusting(StoreConfig config) {
    String scheme = uri == null ? "s3" : uri.scheme().replace("gcs", "gs");
    return ObjectStores.knownKeys().stream()
        .filter(
            key -> key.name().equals(scheme + INSECURE) || key.name().equals(scheme + ".ca-bundle"))
        .filter(key -> config.find(key).filter(value -> !Boolean.FALSE.equals(value)).isPresent())
        .map(ConfigKey::name)
        .toList();
  }

  /** Where files are written: in the directory of a URI of files, else in the current one. */
  private Path directory() throws IOException {
    if (uri == null || !Arguments.isLocal(uri)) {
      return Path.of("").toAbsolutePath();
    }
    Path path = Arguments.path("/" + uri.key());
    while (!Files.isDirectory(path)) {
      path = path.getParent();
    }
    return path;
  }

  /** Where the S3 store is, as far as settings and environment say. */
  private static Optional<String> configured(StoreConfig config) {
    Map<String, String> environment = System.getenv();
    return ObjectStores.knownKeys().stream()
        .filter(key -> key.name().equals("s3.endpoint"))
        .findFirst()
        .flatMap(config::find)
        .map(Object::toString)
        .or(() -> Optional.ofNullable(environment.get("AWS_ENDPOINT_URL_S3")))
        .or(() -> Optional.ofNullable(environment.get("AWS_ENDPOINT_URL")));
  }
}
