package io.s3dlio.security;

import io.s3dlio.ObjectStore;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestEvent;
import io.s3dlio.StoreConfig;
import io.s3dlio.cli.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * A process that says all it can of what its arguments are: lines of a file, each either {@code
 * command} and its arguments, {@code library}, a URI and settings, or {@code quiet} and a logger,
 * separated by tabs.
 */
final class Talkative {

  /** Held here, for the log manager forgets loggers that nobody holds. */
  private static final List<Logger> quiet = new ArrayList<>();

  private Talkative() {}

  interface Action {
    void run() throws IOException;
  }

  public static void main(String[] args) throws IOException {
    for (String line : Files.readAllLines(Path.of(args[0]))) {
      List<String> words = List.of(line.split("\t", -1));
      List<String> rest = words.subList(1, words.size());
      System.out.println("### " + line.substring(0, Math.min(60, line.length())));
      if (words.get(0).equals("quiet")) {
        quiet.add(Logger.getLogger(rest.get(0)));
        quiet.get(quiet.size() - 1).setLevel(Level.INFO);
      } else if (words.get(0).equals("command")) {
        int status = Main.run(rest.toArray(new String[0]), System.out, System.err);
        System.out.println("### ends with " + status);
      } else {
        library(rest.get(0), rest.subList(1, rest.size()));
      }
    }
    System.out.println("### all done");
    System.exit(0); // whatever still runs
  }

  /** As a program does that logs everything and prints every exception. */
  private static void library(String uri, List<String> settings) {
    Logger all = Logger.getLogger("");
    all.setLevel(Level.ALL);
    if (all.getHandlers().length == 0) {
      all.addHandler(new java.util.logging.ConsoleHandler());
    }
    for (Handler handler : all.getHandlers()) {
      handler.setLevel(Level.ALL);
    }
    List<RequestEvent> events = new ArrayList<>();
    say(
        () -> {
          StoreConfig config = ObjectStores.configFromEnvironment();
          for (String setting : settings) {
            int equals = setting.indexOf('=');
            config = config.with(setting.substring(0, equals), setting.substring(equals + 1));
          }
          System.out.println(config);
          ObjectUri at = ObjectUri.parse(uri);
          try (ObjectStore store = ObjectStores.open(at, config, events::add)) {
            ObjectUri one = at.resolve("one");
            System.out.println(store.capabilities());
            say(() -> store.put(one, ByteBuffer.allocate(10)));
            say(() -> store.get(one).close());
            say(() -> store.head(one));
            say(() -> store.copy(one, at.resolve("two")));
            say(
                () -> {
                  try (Stream<?> found = store.list(at)) {
                    found.forEach(System.out::println);
                  } catch (UncheckedIOException e) {
                    throw e.getCause();
                  }
                });
            say(() -> store.deleteAll(List.of(one, at.resolve("two"))));
            say(() -> store.listBuckets(at).forEach(System.out::println));
          }
        });
    events.forEach(System.out::println);
  }

  private static void say(Action action) {
    try {
      action.run();
      System.out.println("### done");
    } catch (IOException | RuntimeException e) {
      e.printStackTrace();
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        System.out.println(cause);
      }
    }
  }
}
