package io.s3dlio.spi;

import static java.util.Locale.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://a.blob.core.windows.net/c/b?sv=2021&sig=CANARY%2F1%3D&se=2",
        "?sig=CANARY",
        "sig=CANARY",
        "https://b.s3.amazonaws.com/k?X-Amz-Security-Token=CANARY&X-Amz-Signature=CANARY",
        "https://storage.googleapis.com/b/k?X-Goog-Signature=CANARY",
        "https://b.s3.amazonaws.com/k?AWSAccessKeyId=A&Signature=CANARY",
        "x-amz-security-token:CANARY/+=",
        "X-Amz-Security-Token: CANARY",
        "Authorization: AWS4-HMAC-SHA256 Credential=A/b, SignedHeaders=host, Signature=CANARY",
        "Authorization: Bearer CANARY",
        "authorization=SharedKey account:CANARY=",
        "the token Bearer CANARYCANARYCANARYCANARY is wrong",
        "Proxy-Authorization: Basic CANARY",
        "AccountName=a;AccountKey=CANARY==;EndpointSuffix=x",
        "SharedAccessSignature=sv=1&sig=CANARY",
        "{\"access_token\":\"CANARY\", \"client_secret\" : \"CANARY\"}",
        "http://user:CANARY@host:3128/",
        "http://CANARY@host/",
        "<SecretAccessKey>CANARY</SecretAccessKey>",
      })
  void areMasked(String text) {
    assertThat(Secrets.masked(text)).contains("***").doesNotContain("CANARY");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://bucket/run=1/sig=5/part-0",
        "file:///home/a@b/x",
        "check the signature and the authorization of the bearer",
        "set AWS_SECRET_ACCESS_KEY and az.account-key",
        "AuthorizationHeaderMalformed",
        "",
      })
  void areNotSeenWhereThereAreNone(String text) {
    assertThat(Secrets.masked(text)).isEqualTo(text);
  }

  /**
   * Whatever case, quotes and spaces: most texts are not searched, and no secret may be among them.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "authorization",
        "Proxy-Authorization",
        "X-Amz-Security-Token",
        "x-amz-copy-source-server-side-encryption-customer-key",
        "x-amz-server-side-encryption-customer-key",
        "AccountKey",
        "SharedAccessSignature",
        "client_secret",
        "access_token",
        "private_key",
        "SecretAccessKey",
        "AWS_SECRET_ACCESS_KEY",
        "aws_session_token",
      })
  void areMaskedHoweverTheyAreWritten(String name) {
    for (String spelt : List.of(name, name.toLowerCase(ROOT), name.toUpperCase(ROOT))) {
      for (String between : List.of("=", ":", ">", "\":\"", "' = '", " \t:\n ", "\u000b=")) {
        for (String before : List.of("", "key: ", "{\"", "token secret ")) {
          String text = before + spelt + between + "CANARY";
          assertThat(Secrets.masked(text)).isEqualTo(before + spelt + between + "***");
        }
      }
    }
  }

  @Test
  void nothingStaysNothing() {
    assertThat(Secrets.masked(null)).isNull();
  }

  @Test
  void anErrorShowsNoneOfItsUri() {
    ObjectUri signed = ObjectUri.parse("az://account/c/blob?sv=1&sig=CANARY");
    ObjectStoreException e =
        new ObjectStoreException(Kind.NOT_FOUND, "get", signed, "sig=CANARY", null);
    assertThat(e.toString()).doesNotContain("CANARY").contains("az://account/c/blob?sv=1&sig=***");
    assertThat(e.uri()).as("for programs it is whole").contains(signed);
  }

  /** What a hostile server says is read in time that grows with its length, not with its square. */
  @Test
  void longTextsAreReadOnce() {
    for (String piece : new String[] {":", "://", "@", "authorization ", "sig", "bearer ", " ="}) {
      String text = "://authorization" + piece.repeat(2_000_000 / piece.length());
      Assertions.assertTimeoutPreemptively(Duration.ofMinutes(1), () -> Secrets.masked(text));
    }
  }
}
