package io.s3dlio.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.spi.StoreContext;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a store asks, by settings and environment. */
class S3SettingsTest {

  private static S3Settings settings(Map<String, String> environment, String... settings) {
    return S3Settings.of(Fixture.with(Fixture.defaults(), settings), environment);
  }

  private static String url(Endpoint endpoint) {
    return endpoint.url().map(URI::toString).orElse("aws");
  }

  @Test
  void asksAwsInTheRegionThatIsSet() {
    Endpoint endpoint = settings(Map.of(), "s3.region", "eu-west-3").endpoint("");
    assertThat(endpoint.url()).isEmpty();
    assertThat(endpoint.pathStyle()).isFalse();
    assertThat(endpoint.describe()).isEqualTo("https://s3.eu-west-3.amazonaws.com");
  }

  @Test
  void prefersItsOwnSettingsThenThoseOfS3ThenThoseOfAws() {
    Map<String, String> environment =
        Map.of(
            "AWS_ENDPOINT_URL_S3", "http://s3.example", "AWS_ENDPOINT_URL", "http://aws.example");
    assertThat(url(settings(environment, "s3.endpoint", "http://ours:1").endpoint("")))
        .isEqualTo("http://ours:1");
    assertThat(url(settings(environment).endpoint(""))).isEqualTo("http://s3.example");
    assertThat(url(settings(Map.of("AWS_ENDPOINT_URL", "http://aws.example")).endpoint("")))
        .isEqualTo("http://aws.example");
  }

  @Test
  void ignoresEndpointsOfTheEnvironmentWhereThatIsAskedFor() {
    Map<String, String> environment =
        Map.of(
            "AWS_ENDPOINT_URL", "http://aws.example",
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true",
            "AWS_REGION", "eu-west-1");
    assertThat(settings(environment).endpoint("").url()).isEmpty();
  }

  @Test
  void findsTheRegion() {
    Map<String, String> both = Map.of("AWS_REGION", "eu-1", "AWS_DEFAULT_REGION", "eu-2");
    assertThat(settings(both, "s3.region", "eu-3").endpoint("").region().id()).isEqualTo("eu-3");
    assertThat(settings(both).endpoint("").region().id()).isEqualTo("eu-1");
    assertThat(settings(Map.of("AWS_DEFAULT_REGION", "eu-2")).endpoint("").region().id())
        .isEqualTo("eu-2");
    assertThat(settings(Map.of(), "s3.endpoint", "http://h").endpoint("").region().id())
        .isEqualTo("us-east-1");
    assertThat(settings(Map.of()).endpoint("h:9").region().id()).isEqualTo("us-east-1");
  }

  @Test
  void saysWhatToSetWhereNoRegionIs() {
    assertThatThrownBy(
            () ->
                S3Provider.open(
                    ObjectUri.parse("s3://bucket/k"),
                    new StoreContext(
                        Fixture.defaults().with(S3Keys.PROFILE, "no-such-profile"),
                        RequestListener.NONE),
                    Map.of()))
        .asInstanceOf(InstanceOfAssertFactories.type(ObjectStoreException.class))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.INVALID))
        .extracting(Throwable::getMessage, InstanceOfAssertFactories.STRING)
        .contains("s3://bucket/k", "s3.region", "AWS_REGION", "--endpoint-url");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:9000, http://127.0.0.1:9000",
    "localhost:9000, http://localhost:9000",
    "a.localhost:9000, http://a.localhost:9000",
    "[::1]:9000, http://[::1]:9000",
    "127.example.com:9000, https://127.example.com:9000",
    "10.0.0.1:9000, https://10.0.0.1:9000",
    "store.example:443, https://store.example:443",
    "given.example:9000, http://given.example:9000",
    "GIVEN.example:9000, http://given.example:9000",
    "given.example:9001, https://given.example:9001",
  })
  void asksTheHostOfTheUri(String host, String url) {
    S3Settings settings = settings(Map.of(), "s3.endpoint", "http://given.example:9000");
    assertThat(url(settings.endpoint(host))).isEqualTo(url);
    assertThat(settings.endpoint(host).pathStyle()).isTrue();
  }

  @Test
  void choosesPathStyle() {
    String[] ours = {"s3.endpoint", "http://h:1", "s3.path-style", "false"};
    assertThat(settings(Map.of(), ours).endpoint("").pathStyle()).isFalse();
    assertThat(
            settings(Map.of(), "s3.region", "eu-1", "s3.path-style", "true")
                .endpoint("")
                .pathStyle())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:9000",
        "ftp://host",
        "http://",
        "http://host/#f",
        "http://host:99999",
        "not a url",
        "http://under_score:9000"
      })
  void refusesWhatIsNoUrl(String text) {
    assertThatThrownBy(() -> settings(Map.of(), "s3.endpoint", text).endpoint(""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(text)
        .hasMessageContaining("http://127.0.0.1:9000");
  }

  @Test
  void doesNotRepeatAPasswordInAUrl() {
    assertThatThrownBy(
            () -> settings(Map.of(), "s3.endpoint", "http://me:hush@host:1").endpoint(""))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .contains("s3.endpoint")
        .doesNotContain("hush");
  }

  @Test
  void refusesHalfOfTheCredentials() {
    assertThatThrownBy(() -> settings(Map.of(), "s3.access-key", "a"))
        .hasMessageContaining("s3.secret-key");
    assertThatThrownBy(() -> settings(Map.of(), "s3.secret-key", "hush"))
        .message()
        .contains("s3.access-key")
        .doesNotContain("hush");
    assertThatThrownBy(() -> settings(Map.of(), "s3.session-token", "hush"))
        .message()
        .contains("s3.access-key")
        .doesNotContain("hush");
    assertThatThrownBy(() -> settings(Map.of(), "s3.anonymous", "true", "s3.profile", "p"))
        .hasMessageContaining("s3.anonymous");
  }

  @Test
  void takesTheBundleOfTheEnvironment() {
    Map<String, String> environment = Map.of("AWS_CA_BUNDLE", "/env.pem");
    assertThat(settings(environment).caBundle()).contains(Path.of("/env.pem"));
    assertThat(settings(environment, "s3.ca-bundle", "/ours.pem").caBundle())
        .contains(Path.of("/ours.pem"));
    assertThat(settings(Map.of("AWS_CA_BUNDLE", " ")).caBundle()).isEqualTo(Optional.empty());
  }
}
