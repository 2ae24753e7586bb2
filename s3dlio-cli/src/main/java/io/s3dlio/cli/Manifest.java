package io.s3dlio.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.s3dlio.datagen.Misplaced;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What was written, in a file apart from the store: one line of JSON an object, {@code
 * {"key","size","gen"}}, in the order in which the writes ended.
 */
final class Manifest {

  /** No key and no description is longer. */
  private static final int LONGEST_STRING = 1 << 16;

  private Manifest() {}

  /** Writes the lines. Thread-safe. */
  static final class Writer implements AutoCloseable {

    private final BufferedWriter file;

    Writer(Path path) throws CommandException {
      try {
        file = Files.newBufferedWriter(path);
      } catch (IOException e) {
        throw CommandException.usage(e);
      }
    }

    synchronized void add(SyntheticFile object) throws IOException {
      file.write(
          Json.line(
              json -> {
                json.writeStringField("key", object.key());
                json.writeNumberField("size", object.size());
                json.writeStringField("gen", object.toText());
              }));
      file.write('\n');
    }

    @Override
    public synchronized void close() throws IOException {
      file.close();
    }
  }

  /** Finds objects again, by reading the file once more for each. Thread-safe. */
  static final class Lookup {

    /** Where all objects are wrong, each need not be read for all the others. */
    private static final int MOST = 100;

    private final Path path;
    private final AtomicInteger left = new AtomicInteger(MOST);

    Lookup(Path path) {
      this.path = path;
    }

    /** The same bytes with the object that they are of; empty too if it has been asked often. */
    Optional<Misplaced> find(Misplaced unnamed) {
      // What is no regular file, as a pipe, has been read already.
      if (!Files.isRegularFile(path) || left.getAndDecrement() <= 0) {
        return Optional.empty();
      }
      try (Reader manifest = new Reader(path)) {
        while (manifest.hasNext()) {
          Optional<Misplaced> named = unnamed.in(manifest.next().data());
          if (named.isPresent()) {
            return named;
          }
        }
        return Optional.empty();
      } catch (IOException | UncheckedIOException e) {
        return Optional.empty(); // whoever reads what to check tells it
      }
    }
  }

  /** Reads the lines one by one. What is not a manifest is an {@link UncheckedIOException}. */
  static final class Reader implements Iterator<SyntheticFile>, AutoCloseable {

    private final Path path;
    private final JsonParser parser;
    private SyntheticFile next;

    Reader(Path path) throws CommandException {
      this.path = path;
      JsonFactory factory =
          JsonFactory.builder()
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(4)
                      .maxStringLength(LONGEST_STRING)
                      .maxNameLength(LONGEST_STRING)
                      .build())
              .build();
      try {
        parser = factory.createParser(Files.newBufferedReader(path, StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw CommandException.usage(e);
      }
    }

    @Override
    public boolean hasNext() {
      if (next == null) {
        try {
          next = read();
        } catch (JsonProcessingException e) {
          throw wrong(e.getOriginalMessage());
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      return next != null;
    }

    @Override
    public SyntheticFile next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      SyntheticFile object = next;
      next = null;
      return object;
    }

    private SyntheticFile read() throws IOException {
      JsonToken token = parser.nextToken();
      if (token == null) {
        return null;
      }
      if (token != JsonToken.START_OBJECT) {
        throw wrong("not a JSON object");
      }
      String key = null;
      String gen = null;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (name.equals("key") && value == JsonToken.VALUE_STRING) {
          key = parser.getText();
        } else if (name.equals("gen") && value == JsonToken.VALUE_STRING) {
          gen = parser.getText();
        } else {
          parser.skipChildren();
        }
      }
      if (key == null || gen == null) {
        throw wrong("no \"key\" or no \"gen\"");
      }
      return described(key, gen);
    }

    private SyntheticFile described(String key, String gen) {
      SyntheticFile object;
      try {
        object = SyntheticFile.parse(gen);
      } catch (IllegalArgumentException e) {
        throw wrong(e.getMessage());
      }
      if (!object.key().equals(key)) {
        throw wrong("\"gen\" is of the key '" + object.key() + "', not of '" + key + "'");
      }
      return object;
    }

    private UncheckedIOException wrong(String why) {
      int line = parser.currentLocation().getLineNr();
      return new UncheckedIOException(
          CommandException.usage(
              path + ", line " + line + ", is not of a manifest that put wrote: " + why));
    }

    @Override
    public void close() throws IOException {
      parser.close();
    }
  }
}
