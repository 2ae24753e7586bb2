package io.s3dlio.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ListOptions;
import io.s3dlio.ObjectUri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** A walk through directories gives what a flat sort of all keys gives. */
class ListingProperties {

  @Property(tries = 200)
  void listsLikeAFlatStore(
      @ForAll("keys") Set<String> wanted,
      @ForAll("keys") Set<String> emptyDirectories,
      @ForAll("cuts") Cut prefixCut,
      @ForAll("delimiters") Optional<String> delimiter,
      @ForAll("cuts") Cut startCut)
      throws IOException {
    Path root = Files.createTempDirectory("s3dlio-listing");
    try (FileFixture files = new FileFixture(root)) {
      Set<String> keys = create(root, wanted);
      for (String name : emptyDirectories) {
        if (keys.stream().noneMatch(key -> key.equals(name) || name.startsWith(key + "/"))) {
          Files.createDirectories(root.resolve(name));
        }
      }
      String prefix = prefixCut.of(keys);
      Optional<String> startAfter = Optional.of(startCut.of(keys)).filter(t -> !t.isEmpty());
      ListOptions options =
          new ListOptions(
              delimiter, startAfter.map(after -> files.base.key() + after), Long.MAX_VALUE);
      assertThat(files.list(prefix, options))
          .containsExactlyElementsOf(flat(keys, prefix, delimiter, startAfter));
    } finally {
      deleteTree(root);
    }
  }

  /** What a store without directories answers, by the definition of a listing. */
  private static List<String> flat(
      Set<String> keys, String prefix, Optional<String> delimiter, Optional<String> startAfter) {
    List<String> entries = new ArrayList<>();
    keys.stream()
        .filter(key -> key.startsWith(prefix))
        .map(key -> rolledUp(key, prefix, delimiter))
        .filter(entry -> startAfter.isEmpty() || ObjectUri.compareUtf8(entry, startAfter.get()) > 0)
        .sorted(ObjectUri::compareUtf8)
        .distinct()
        .forEach(entries::add);
    return entries;
  }

  private static String rolledUp(String key, String prefix, Optional<String> delimiter) {
    int at = delimiter.map(d -> key.indexOf(d, prefix.length())).orElse(-1);
    return at < 0 ? key : key.substring(0, at + delimiter.orElseThrow().length());
  }

  /** Makes the files, but for those that would have to be in a file. */
  private static Set<String> create(Path root, Set<String> wanted) throws IOException {
    Set<String> made = new TreeSet<>();
    for (String key : wanted) {
      boolean possible =
          made.stream().noneMatch(m -> m.startsWith(key + "/") || key.startsWith(m + "/"));
      if (possible) {
        Path file = root.resolve(key);
        Files.createDirectories(file.getParent());
        Files.createFile(file);
        made.add(key);
      }
    }
    return made;
  }

  private static void deleteTree(Path root) throws IOException {
    try (Stream<Path> walk = Files.walk(root)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** Few letters, so that names meet; before and after '/', and beyond the 16 bits of a char. */
  private static Arbitrary<String> names() {
    return Arbitraries.of("a", "b", "-", ".", "\uFF5E", "😀")
        .list()
        .ofMinSize(1)
        .ofMaxSize(3)
        .map(letters -> String.join("", letters))
        .filter(name -> !name.equals(".") && !name.equals(".."));
  }

  private static Arbitrary<String> key() {
    return names().list().ofMinSize(1).ofMaxSize(4).map(names -> String.join("/", names));
  }

  @Provide
  Arbitrary<Set<String>> keys() {
    return key().set().ofMaxSize(20);
  }

  /**
   * Where a text comes from: the beginning of one of the keys, which may end within a name or with
   * a '/', and something behind it.
   *
   * @param pick which key
   * @param length how many code points of it
   * @param rest what follows
   */
  record Cut(int pick, int length, String rest) {
    String of(Set<String> keys) {
      if (keys.isEmpty()) {
        return rest;
      }
      String key = keys.stream().skip(pick % keys.size()).findFirst().orElseThrow();
      int n = Math.min(length, key.codePointCount(0, key.length()));
      return key.substring(0, key.offsetByCodePoints(0, n)) + rest;
    }
  }

  @Provide
  Arbitrary<Cut> cuts() {
    Arbitrary<String> rests =
        Arbitraries.frequencyOf(
            Tuple.of(8, Arbitraries.just("")), Tuple.of(1, names()), Tuple.of(1, key()));
    return Combinators.combine(
            Arbitraries.integers().between(0, 20), Arbitraries.integers().between(0, 10), rests)
        .as(Cut::new);
  }

  @Provide
  Arbitrary<Optional<String>> delimiters() {
    return Arbitraries.of("", "/", "/", "a", "-", "/a", "a/", "é", "a/b")
        .map(d -> d.isEmpty() ? Optional.empty() : Optional.of(d));
  }
}
