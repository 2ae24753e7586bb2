package io.s3dlio.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ByteRange;
import io.s3dlio.ByteSources;
import io.s3dlio.BytesView;
import io.s3dlio.GetOptions;
import io.s3dlio.GetResult;
import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.PutMode;
import io.s3dlio.PutOptions;
import io.s3dlio.RequestEvent;
import io.s3dlio.StoreConfig;
import io.s3dlio.spi.PartUpload;
import io.s3dlio.spi.Payload;
import io.s3dlio.spi.StoreContext;
import io.s3dlio.testkit.server.AzuriteServer;
import io.s3dlio.testkit.server.TestServers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the contract does not ask: who asks, blocks, batches, copies, and Azure's own errors. */
class AzureTest {

  private static final String CANARY = "c2VjcmV0LXNlY3JldC1zZWNyZXQ=";

  private final AzuriteServer server = TestServers.azurite();
  private final List<RequestEvent> events = new CopyOnWriteArrayList<>();
  private ObjectUri container;
  private ObjectStore store;

  @BeforeEach
  void open() throws ObjectStoreException {
    container = ObjectUri.parse("az://" + server.account() + "/c" + UUID.randomUUID() + "/");
    store = ObjectStores.open(container, config(), events::add);
    store.createBucket(container);
    events.clear();
  }

  @AfterEach
  void close() throws ObjectStoreException {
    store.close();
  }

  private StoreConfig at() {
    return StoreConfig.defaults().with(AzureKeys.ENDPOINT, server.endpoint().toString());
  }

  private StoreConfig config() {
    return at().with(AzureKeys.ACCOUNT_KEY, server.key());
  }

  private AzureBackend backend(StoreConfig config, Map<String, String> environment)
      throws ObjectStoreException {
    return AzureProvider.open(container, new StoreContext(config, events::add), environment);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Payload payload(String text) {
    return new Payload(List.of(bytes(text)), text.length(), Optional.empty());
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(30, TimeUnit.SECONDS);
  }

  private static ObjectStoreException failure(CompletableFuture<?> future) throws Exception {
    try {
      future.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      return (ObjectStoreException) e.getCause();
    }
    throw new AssertionError("no failure");
  }

  private String text(ObjectUri uri) throws ObjectStoreException {
    try (BytesView view = store.get(uri)) {
      return StandardCharsets.UTF_8.decode(view.asByteBuffer()).toString();
    }
  }

  @Test
  void asksWithAConnectionString() throws Exception {
    StoreConfig config =
        StoreConfig.defaults().with(AzureKeys.CONNECTION_STRING, server.connectionString());
    try (AzureBackend backend = backend(config, Map.of())) {
      assertThat(failure(backend.head(container.resolve("x"))).kind()).isEqualTo(Kind.NOT_FOUND);
    }
    try (AzureBackend backend =
        backend(
            StoreConfig.defaults(),
            Map.of("AZURE_STORAGE_CONNECTION_STRING", server.connectionString()))) {
      assertThat(failure(backend.head(container.resolve("x"))).kind()).isEqualTo(Kind.NOT_FOUND);
    }
  }

  @Test
  void asksWithTheEnvironmentsKeyForItsAccountAlone() throws Exception {
    try (AzureBackend backend = backend(at(), Map.of("AZURE_STORAGE_KEY", server.key()))) {
      assertThat(failure(backend.head(container.resolve("x"))).kind()).isEqualTo(Kind.NOT_FOUND);
    }
    AzureSettings settings =
        AzureSettings.of(
            at(), Map.of("AZURE_STORAGE_ACCOUNT", "another", "AZURE_STORAGE_KEY", server.key()));
    assertThat(settings.authorizer(settings.account(server.account())))
        .isNotInstanceOf(SharedKey.class);
    assertThat(settings.authorizer(Account.at("another", "http://127.0.0.1:1", "test")))
        .isInstanceOf(SharedKey.class);
  }

  /** Of the account, for all services of blobs, for an hour. */
  private String sas(String permissions) throws Exception {
    String end = Instant.now().plusSeconds(3600).truncatedTo(ChronoUnit.SECONDS).toString();
    String toSign =
        String.join(
            "\n", server.account(), permissions, "b", "sco", "", end, "", "", "2021-12-02", "", "");
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(Base64.getDecoder().decode(server.key()), "HmacSHA256"));
    String signature =
        Base64.getEncoder()
            .encodeToString(mac.doFinal(toSign.getBytes(StandardCharsets.UTF_8)))
            .replace("+", "%2B")
            .replace("/", "%2F")
            .replace("=", "%3D");
    return "sv=2021-12-02&ss=b&srt=sco&sp="
        + permissions
        + "&se="
        + end.replace(":", "%3A")
        + "&sig="
        + signature;
  }

  @Test
  void asksWithASharedAccessSignature() throws Exception {
    ObjectUri uri = container.resolve("o");
    StoreConfig config = at().with(AzureKeys.SAS_TOKEN, "?" + sas("rwdlac"));
    try (ObjectStore signed = ObjectStores.open(container, config, events::add)) {
      signed.put(uri, bytes("hello"));
      assertThat(text(uri)).isEqualTo("hello");
      signed.copy(uri, container.resolve("copy"));
      assertThat(text(container.resolve("copy"))).isEqualTo("hello");
      signed.deleteAll(List.of(uri, container.resolve("copy")));
    }
    assertThat(events).noneMatch(event -> event.toString().contains("sig="));
  }

  /** No message, event or trace shows what was given, whatever goes wrong. */
  @Test
  void showsNoSecret() throws Exception {
    List<StoreConfig> wrong =
        List.of(
            at().with(AzureKeys.ACCOUNT_KEY, CANARY),
            at().with(AzureKeys.SAS_TOKEN, sas("r") + "&canary=" + CANARY),
            at().with(
                    AzureKeys.CONNECTION_STRING,
                    "AccountName=" + server.account() + ";AccountKey=" + CANARY));
    for (StoreConfig config : wrong) {
      try (AzureBackend backend = backend(config, Map.of())) {
        ObjectStoreException e =
            failure(backend.put(container.resolve("o"), payload("x"), PutOptions.DEFAULT));
        assertThat(e.kind()).isIn(Kind.UNAUTHENTICATED, Kind.PERMISSION_DENIED);
        assertNoCanary(e);
        assertThat(config.toString()).doesNotContain(CANARY);
      }
    }
    assertThat(events.toString()).doesNotContain(CANARY).doesNotContain("sig=");
    for (StoreConfig config :
        List.of(
            at().with(AzureKeys.ACCOUNT_KEY, CANARY + "!"),
            at().with(AzureKeys.SAS_TOKEN, CANARY),
            at().with(AzureKeys.CONNECTION_STRING, CANARY.replace("=", "")))) {
      assertThatThrownBy(() -> backend(config, Map.of()).head(container.resolve("o")).join())
          .satisfies(AzureTest::assertNoCanary);
    }
  }

  private static void assertNoCanary(Throwable error) {
    java.io.StringWriter trace = new java.io.StringWriter();
    error.printStackTrace(new java.io.PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain("c2VjcmV0");
  }

  @Test
  void refusesWhatDoesNotFitTogether() {
    StoreConfig two = config().with(AzureKeys.SAS_TOKEN, "sig=x");
    assertThatThrownBy(() -> backend(two, Map.of()))
        .hasMessageContaining("az.account-key and az.sas-token");
    StoreConfig elsewhere =
        StoreConfig.defaults()
            .with(AzureKeys.CONNECTION_STRING, "AccountName=other;AccountKey=" + CANARY);
    assertThatThrownBy(() -> backend(elsewhere, Map.of()))
        .hasMessageContaining("for the account other");
    assertThatThrownBy(
            () -> backend(StoreConfig.defaults().with(AzureKeys.ENDPOINT, "127.0.0.1"), Map.of()))
        .hasMessageContaining("not the URL of a blob service");
  }

  @Test
  void findsTheAccount() {
    AzureSettings none = AzureSettings.of(StoreConfig.defaults(), Map.of());
    assertThat(none.account("acct").url())
        .isEqualTo(URI.create("https://acct.blob.core.windows.net"));
    AzureSettings suffix =
        AzureSettings.of(
            StoreConfig.defaults()
                .with(
                    AzureKeys.CONNECTION_STRING,
                    "DefaultEndpointsProtocol=https;AccountName=acct;AccountKey=eA==;"
                        + "EndpointSuffix=core.chinacloudapi.cn"),
            Map.of());
    assertThat(suffix.account("acct").url())
        .isEqualTo(URI.create("https://acct.blob.core.chinacloudapi.cn"));
    AzureSettings emulator =
        AzureSettings.of(
            StoreConfig.defaults().with(AzureKeys.CONNECTION_STRING, "UseDevelopmentStorage=true"),
            Map.of());
    assertThat(emulator.account("devstoreaccount1").url())
        .isEqualTo(URI.create("http://127.0.0.1:10000/devstoreaccount1"));
    AzureSettings privateLink =
        AzureSettings.of(
            StoreConfig.defaults().with(AzureKeys.ENDPOINT, "https://acct.private.example/"),
            Map.of());
    assertThat(privateLink.account("acct").url())
        .isEqualTo(URI.create("https://acct.private.example"));
  }

  @Test
  void namesTheContainerThatIsMissing() throws Exception {
    try (AzureBackend backend = backend(config(), Map.of())) {
      ObjectUri nowhere = ObjectUri.parse("az://" + server.account() + "/nowhere/o");
      ObjectStoreException e = failure(backend.put(nowhere, payload("x"), PutOptions.DEFAULT));
      assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND);
      assertThat(e).hasMessageContaining("container `nowhere`").hasMessageContaining("buckets");
    }
  }

  @Test
  void refusesNamesThatAzureWouldChange() throws Exception {
    try (AzureBackend backend = backend(config(), Map.of())) {
      for (String key : List.of("a\\b", "a\u0000b", "a\u0001", "\u0081", "k".repeat(1025))) {
        ObjectStoreException e =
            failure(backend.put(container.withKey(key), payload("x"), PutOptions.DEFAULT));
        assertThat(e.kind()).isEqualTo(Kind.INVALID);
      }
      for (String name :
          List.of("Upper", "under_score", "two--hyphens", "-first", "x".repeat(64))) {
        ObjectUri uri = ObjectUri.parse("az://" + server.account() + "/" + name + "/o");
        assertThat(failure(backend.head(uri)).kind()).isEqualTo(Kind.INVALID);
      }
    }
    assertThat(events).isEmpty();
  }

  @Test
  void keepsAnyNameOfMetadata() throws Exception {
    ObjectUri uri = container.resolve("o");
    Map<String, String> metadata =
        Map.of("a-b", "1", "1st", "2", "a_b", "3", "_x002d_", "4", "!#$%&'*+.^`|~", "5");
    store.put(uri, ByteSources.of(bytes("x")), PutOptions.DEFAULT.withUserMetadata(metadata));
    assertThat(store.head(uri).userMetadata()).isEqualTo(metadata);
    assertThat(store.head(uri).crc32c()).isPresent();
    assertThatThrownBy(
            () ->
                store.put(
                    uri,
                    ByteSources.of(bytes("x")),
                    PutOptions.DEFAULT.withUserMetadata(Map.of("s3dlio_crc32c", "0"))))
        .hasMessageContaining("s3dlio_crc32c");
  }

  /** Somebody else wrote the blob: there is no checksum, or none that can be read. */
  @Test
  void readsBlobsOfOthers() throws Exception {
    for (String crc : List.of("", "not a checksum")) {
      ObjectUri uri = container.resolve("foreign" + crc.length());
      HttpRequest.Builder put =
          HttpRequest.newBuilder(
                  URI.create(
                      server.accountEndpoint()
                          + "/"
                          + container.bucket().split("/")[1]
                          + "/"
                          + uri.key()
                          + "?"
                          + sas("rwc")))
              .header("x-ms-version", "2021-12-02")
              .header("x-ms-blob-type", "BlockBlob")
              .PUT(HttpRequest.BodyPublishers.ofString("theirs"));
      if (!crc.isEmpty()) {
        put.header("x-ms-meta-s3dlio_crc32c", crc);
      }
      assertThat(
              HttpClient.newHttpClient()
                  .send(put.build(), HttpResponse.BodyHandlers.discarding())
                  .statusCode())
          .isEqualTo(201);
      assertThat(text(uri)).isEqualTo("theirs");
      assertThat(store.head(uri).crc32c()).isEmpty();
    }
  }

  /** What is staged is seen by nobody; a commit takes the blocks of another upload away. */
  @Test
  void tellsWhoseBlocksAreGone() throws Exception {
    ObjectUri uri = container.resolve("o");
    try (AzureBackend backend = backend(config(), Map.of())) {
      PartUpload one = get(backend.startMultipart(uri, 4, PutOptions.DEFAULT));
      PartUpload other = get(backend.startMultipart(uri, 4, PutOptions.DEFAULT));
      get(one.putPart(1, payload("one ")));
      get(other.putPart(1, payload("other")));
      assertThat(failure(backend.head(uri)).kind()).isEqualTo(Kind.NOT_FOUND);
      get(other.complete(1, 5, Optional.empty()));
      assertThat(text(uri)).isEqualTo("other");
      ObjectStoreException e = failure(one.complete(1, 4, Optional.empty()));
      assertThat(e).hasMessageContaining("another write of this object ended first");
      assertThat(e.isRetryable()).isTrue();
      assertThat(text(uri)).isEqualTo("other");
    }
  }

  @Test
  void commitsTheSameBlocksTwice() throws Exception {
    ObjectUri uri = container.resolve("o");
    try (AzureBackend backend = backend(config(), Map.of())) {
      PartUpload upload = get(backend.startMultipart(uri, 2, PutOptions.DEFAULT));
      get(upload.putPart(2, payload("lo")));
      get(upload.putPart(1, payload("hel")));
      get(upload.complete(2, 5, Optional.empty()));
      get(upload.complete(2, 5, Optional.empty())); // as after an answer that was lost
      assertThat(text(uri)).isEqualTo("hello");
    }
  }

  @Test
  void deletesManyInOneRequest() throws Exception {
    List<ObjectUri> uris = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      ObjectUri uri = container.resolve("dir/ä b+" + i);
      uris.add(uri);
      if (i % 3 > 0) { // the others are not there
        store.put(uri, bytes("x"));
      }
    }
    events.clear();
    store.deleteAll(uris);
    assertThat(events).extracting(RequestEvent::operation).containsOnly("deleteAll");
    assertThat(events).hasSize(2);
    try (var left = store.list(container)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void copiesWithMetadataAndChecksum() throws Exception {
    ObjectUri from = container.resolve("from/ä +%");
    ObjectUri to = container.resolve("to");
    store.put(
        from,
        ByteSources.of(bytes("hello")),
        PutOptions.DEFAULT.withContentType("text/x").withUserMetadata(Map.of("a-b", "c")));
    store.copy(from, to);
    assertThat(text(to)).isEqualTo("hello");
    assertThat(store.head(to).contentType()).contains("text/x");
    assertThat(store.head(to).userMetadata()).containsEntry("a-b", "c");
    assertThat(store.head(to).crc32c()).isEqualTo(store.head(from).crc32c());
    assertThatThrownBy(() -> store.copy(from, ObjectUri.parse("az://another/c/to")))
        .isInstanceOfSatisfying(
            ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED));
  }

  @Test
  void readsASuffixOfWhatItFound() throws Exception {
    ObjectUri uri = container.resolve("o");
    store.put(uri, bytes("hello"));
    events.clear();
    try (GetResult result = store.get(uri, GetOptions.DEFAULT.withRange(ByteRange.suffix(2)))) {
      BytesView view = result.bytes();
      assertThat(StandardCharsets.UTF_8.decode(view.asByteBuffer()).toString()).isEqualTo("lo");
    }
    assertThat(events).extracting(RequestEvent::operation).containsExactly("head", "get");
  }

  @Test
  void setsTheAccessTier() throws Exception {
    ObjectUri uri = container.resolve("o");
    StoreConfig config = config().with(AzureKeys.ACCESS_TIER, "cool");
    try (ObjectStore cool = ObjectStores.open(container, config, events::add)) {
      cool.put(uri, bytes("x"));
    }
    HttpRequest head =
        HttpRequest.newBuilder(
                URI.create(
                    server.accountEndpoint()
                        + "/"
                        + container.bucket().split("/")[1]
                        + "/o?"
                        + sas("r")))
            .header("x-ms-version", "2021-12-02")
            .method("HEAD", HttpRequest.BodyPublishers.noBody())
            .build();
    assertThat(
            HttpClient.newHttpClient()
                .send(head, HttpResponse.BodyHandlers.discarding())
                .headers()
                .firstValue("x-ms-access-tier"))
        .contains("Cool");
  }

  @Test
  void keepsAConditionAtTheCommit() throws Exception {
    ObjectUri uri = container.resolve("o");
    try (AzureBackend backend = backend(config(), Map.of())) {
      PartUpload upload =
          get(backend.startMultipart(uri, 5, PutOptions.DEFAULT.withMode(PutMode.CREATE)));
      get(upload.putPart(1, payload("late")));
      store.put(uri, bytes("first"));
      assertThat(failure(upload.complete(1, 4, Optional.of(1))).kind())
          .isIn(Kind.ALREADY_EXISTS, Kind.UNAVAILABLE);
      assertThat(text(uri)).isEqualTo("first");
    }
  }

  /** In a JVM of its own, without the library. */
  @Test
  void namesTheLibraryThatIsMissing() throws Exception {
    String said =
        AskOnce.inAJvm(
            jar -> !jar.startsWith("azure-"),
            Map.of(),
            server.endpoint().toString(),
            container.resolve("o").toString());
    assertThat(said)
        .contains("UNAUTHENTICATED")
        .contains("com.azure:azure-identity")
        .contains("AZURE_STORAGE_KEY");
  }
}
