package io.s3dlio.testkit.server;

import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Azurite, Microsoft's emulator of Azure Blob Storage, with one account of its own: the pinned
 * version of {@code dev/install-azurite}. Thread-safe.
 *
 * <p>It checks signatures and refuses headers and parameters that it does not know (no {@code
 * --loose}); it takes requests of any API version. Its account is the first segment of a path.
 */
public final class AzuriteServer implements TestServer {

  private static final String ACCOUNT = "s3dliotest";

  /** Of an account key, in bytes. */
  private static final int KEY_SIZE = 64;

  private final String name;
  private final ServerProcess process;
  private final String key;

  private AzuriteServer(String name, ServerProcess process, String key) {
    this.name = name;
    this.process = process;
    this.key = key;
  }

  /**
   * Starts one, on a free port of 127.0.0.1 and a new temporary directory. Process and directory
   * end with this JVM at the latest, even if it is killed. Installing it takes half a minute, once
   * per user.
   *
   * @return the server, ready; the caller closes it
   * @throws ServerUnavailableException if it cannot be installed or does not come up
   */
  public static AzuriteServer start() throws ServerUnavailableException {
    Path program = Installer.AZURITE.install();
    byte[] random = new byte[KEY_SIZE];
    new SecureRandom().nextBytes(random);
    String key = Base64.getEncoder().encodeToString(random);
    ServerProcess process =
        ServerProcess.start(
            program,
            new ServerProcess.Launch(
                Map.of("AZURITE_ACCOUNTS", ACCOUNT + ":" + key),
                AzuriteServer::arguments,
                "/", // it answers nothing without a path, and so as soon as it listens
                400));
    return new AzuriteServer("Azurite (" + program + ")", process, key);
  }

  private static List<String> arguments(int port) {
    return List.of(
        "--silent",
        "--disableTelemetry",
        "--skipApiVersionCheck",
        "--blobHost",
        ServerProcess.HOST,
        "--blobPort",
        String.valueOf(port),
        "--location",
        "data");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public URI endpoint() {
    return process.endpoint();
  }

  /**
   * Where the account is.
   *
   * @return the endpoint with the account as its path, such as {@code http://127.0.0.1:41234/name}
   */
  public URI accountEndpoint() {
    return URI.create(endpoint() + "/" + ACCOUNT);
  }

  /**
   * Its one account.
   *
   * @return the name
   */
  public String account() {
    return ACCOUNT;
  }

  /**
   * The key of the account, made up at random for this server and checked by it.
   *
   * @return the key in Base64; not for any log
   */
  public String key() {
    return key;
  }

  /**
   * All of it in Azure's own form.
   *
   * @return the connection string, which holds the key
   */
  public String connectionString() {
    return "DefaultEndpointsProtocol=http;AccountName="
        + ACCOUNT
        + ";AccountKey="
        + key
        + ";BlobEndpoint="
        + accountEndpoint()
        + ";";
  }

  @Override
  public void close() {
    process.close();
  }

  @Override
  public String toString() {
    return name;
  }
}
