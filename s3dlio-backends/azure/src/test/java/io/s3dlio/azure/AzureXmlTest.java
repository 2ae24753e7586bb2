package io.s3dlio.azure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers as they come, and damaged ones. */
class AzureXmlTest {

  private static final String PAGE =
      "\ufeff<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults><Blobs><Blob>"
          + "<Name>\u00e4</Name></Blob></Blobs><NextMarker/></EnumerationResults>";

  @Test
  void readsTheMarkOfUtf8InFront() {
    assertThat(AzureXml.page(PAGE.getBytes(UTF_8)).entries().get(0).name()).isEqualTo("\u00e4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<Content-Length>3 00</Content-Length>",
        "<Last-Modified>Mon, 27 Jux 2009 12:28:53 GMT</Last-Modified>"
      })
  void whatMakesNoSenseIsFoundWhileItCanBeAskedForAgain(String damaged) {
    byte[] page = PAGE.replace("</Name>", "</Name>" + damaged).getBytes(UTF_8);

    assertThatThrownBy(() -> AzureXml.page(page)).isInstanceOf(RuntimeException.class);
  }

  @Test
  void printsNothingOfWhatIsNoUtf8() {
    byte[] damaged = PAGE.getBytes(UTF_8);
    damaged[damaged.length - 2] = (byte) 0xff;
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setErr(new PrintStream(printed, true, UTF_8));
    try {
      assertThatThrownBy(() -> AzureXml.page(damaged)).isInstanceOf(IllegalArgumentException.class);
    } finally {
      System.setErr(err);
    }
    assertThat(printed.toString(UTF_8)).isEmpty();
  }
}
