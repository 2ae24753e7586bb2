package io.s3dlio.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.s3dlio.ObjectUri;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlaceTest {

  @ParameterizedTest
  @CsvSource({
    "s3://bucket/a/b, '', bucket, a/b",
    "s3://bucket, '', bucket, ''",
    "s3://, '', '', ''",
    "s3://host:9000/bucket/a/b, host:9000, bucket, a/b",
    "s3://host:9000/bucket, host:9000, bucket, ''",
    "s3://host:9000/, host:9000, '', ''",
    "s3://host:9000, host:9000, '', ''",
    "s3://[::1]:9000/bucket/k, [::1]:9000, bucket, k",
    "s3://bucket/host:9000/k, '', bucket, host:9000/k",
  })
  void takesAUriApart(String uri, String host, String bucket, String key) {
    assertThat(Place.of(ObjectUri.parse(uri))).isEqualTo(new Place(host, bucket, key));
  }

  @Test
  void namesBucketsInTheFormOfTheHost() {
    assertThat(Place.bucketUri("", "b")).isEqualTo(ObjectUri.parse("s3://b/"));
    assertThat(Place.bucketUri("h:1", "b")).isEqualTo(ObjectUri.parse("s3://h:1/b/"));
  }

  @Test
  void refusesWhatIsNoObject() {
    assertThatThrownBy(() -> Place.ofObject(ObjectUri.parse("s3://bucket/")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("s3://bucket/key");
    assertThatThrownBy(() -> Place.ofBucket(ObjectUri.parse("s3://h:1/")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("s3://h:1/bucket/");
  }

  @Test
  void countsTheBytesOfAKeyNotItsCharacters() {
    ObjectUri bucket = ObjectUri.parse("s3://bucket/");
    assertThat(Place.ofObject(bucket.withKey("é".repeat(512))).key()).hasSize(512);
    assertThatThrownBy(() -> Place.ofObject(bucket.withKey("é".repeat(512) + "x")))
        .hasMessageContaining("1025 bytes");
    assertThatThrownBy(() -> Place.ofObject(bucket.withKey("half \ud83d of a pair")))
        .hasMessageContaining("surrogate");
  }
}
