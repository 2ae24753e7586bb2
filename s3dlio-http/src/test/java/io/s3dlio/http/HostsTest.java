package io.s3dlio.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostsTest {

  private static final String WHAT = "the URL of a store, such as http://host";

  @Test
  void takesTheUrlOfAServer() {
    assertThat(Hosts.server("https://host:1/path//", "it", WHAT))
        .isEqualTo(URI.create("https://host:1/path"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ftp://host              | it 'ftp://host' is not",
        "http://host#x           | it 'http://host#x' is not",
        "http://host/?sig=SECRET | it 'http://host/?…' is not",
        "http://me:SECRET@host   | it is not"
      })
  void repeatsNoSecretOfWhatItRefuses(String text, String message) {
    assertThatThrownBy(() -> Hosts.server(text, "it", WHAT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message + " " + WHAT);
  }
}
