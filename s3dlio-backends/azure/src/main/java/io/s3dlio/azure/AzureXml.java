package io.s3dlio.azure;

import io.s3dlio.rest.Headers;
import java.io.StringReader;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads Azure's XML: without DTDs, entities of its own or anything from outside. */
final class AzureXml {

  private static final XMLInputFactory FACTORY = XMLInputFactory.newDefaultFactory();

  static {
    FACTORY.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    FACTORY.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    FACTORY.setProperty(XMLInputFactory.IS_COALESCING, true);
  }

  /** What a page of a listing holds, and where it goes on. */
  record Page(List<Entry> entries, Optional<String> marker) {}

  /**
   * A blob, a prefix or a container.
   *
   * @param element its name in the page
   * @param name decoded
   */
  record Entry(
      String element, String name, long size, Instant lastModified, Optional<String> etag) {

    /** Throws a {@link RuntimeException} if a text makes no sense. */
    private static Entry of(String element, String name, Map<String, String> texts) {
      return new Entry(
          element,
          name,
          Long.parseLong(texts.getOrDefault("Content-Length", "0")),
          Optional.ofNullable(texts.get("Last-Modified")).map(Headers::time).orElse(Instant.EPOCH),
          Headers.etag(texts.get("Etag")));
    }
  }

  private AzureXml() {}

  /** Decodes by itself: of what is no UTF-8 the parser tells the standard error, too. */
  private static XMLStreamReader reader(byte[] body) throws XMLStreamException {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("the answer is not in UTF-8", e);
    }
    int mark = text.startsWith("\ufeff") ? 1 : 0;
    return FACTORY.createXMLStreamReader(new StringReader(text.substring(mark)));
  }

  /**
   * Reads a page of a listing.
   *
   * @throws IllegalArgumentException if it cannot be read
   */
  static Page page(byte[] body) {
    List<Entry> entries = new ArrayList<>();
    Optional<String> marker = Optional.empty();
    try {
      XMLStreamReader xml = reader(body);
      while (xml.hasNext()) {
        if (xml.next() == XMLStreamConstants.START_ELEMENT) {
          switch (xml.getLocalName()) {
            case "Blob", "BlobPrefix", "Container" -> entries.add(entry(xml));
            case "NextMarker" ->
                marker = Optional.of(xml.getElementText()).filter(text -> !text.isEmpty());
            default -> {
              // around entries, or what was asked for
            }
          }
        }
      }
      return new Page(entries, marker);
    } catch (XMLStreamException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static Entry entry(XMLStreamReader xml) throws XMLStreamException {
    String element = xml.getLocalName();
    Map<String, String> texts = new HashMap<>();
    StringBuilder text = new StringBuilder();
    boolean encoded = false;
    while (true) {
      switch (xml.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          text.setLength(0);
          if (xml.getLocalName().equals("Name")) {
            encoded = "true".equalsIgnoreCase(xml.getAttributeValue(null, "Encoded"));
          }
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(xml.getText());
        case XMLStreamConstants.END_ELEMENT -> {
          if (xml.getLocalName().equals(element)) {
            String name = texts.getOrDefault("Name", "");
            return Entry.of(element, encoded ? decoded(name) : name, texts);
          }
          texts.putIfAbsent(xml.getLocalName(), text.toString());
          text.setLength(0);
        }
        default -> {
          // comments and the like
        }
      }
    }
  }

  private static String decoded(String name) {
    return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /**
   * Reads an error.
   *
   * @return code and message, each maybe empty
   * @throws IllegalArgumentException if it cannot be read
   */
  static String[] error(byte[] body) {
    String[] said = {"", ""};
    if (body.length == 0) {
      return said;
    }
    try {
      XMLStreamReader xml = reader(body);
      while (xml.hasNext()) {
        if (xml.next() == XMLStreamConstants.START_ELEMENT) {
          if (xml.getLocalName().equals("Code")) {
            said[0] = xml.getElementText();
          } else if (xml.getLocalName().equals("Message")) {
            said[1] = xml.getElementText();
          }
        }
      }
      return said;
    } catch (XMLStreamException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** The list of blocks that become a blob. */
  static String blockList(List<String> ids) {
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
    // Latest, not Uncommitted: the same again, after a lost answer, means the same.
    ids.forEach(id -> xml.append("<Latest>").append(id).append("</Latest>"));
    return xml.append("</BlockList>").toString();
  }
}
