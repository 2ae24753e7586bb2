package io.s3dlio.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The fenced blocks of README.md and docs/*.md. */
final class Docs {

  private Docs() {}

  /**
   * A fenced block.
   *
   * @param file where it stands
   * @param line of its fence, from 1
   * @param info what follows the fence: {@code java compile-only}
   * @param text its lines
   */
  record Block(String file, int line, String info, List<String> text) {
    boolean is(String language) {
      return info.equals(language) || info.startsWith(language + " ");
    }

    @Override
    public String toString() {
      return file + ":" + line;
    }
  }

  /** The root of the project: where LICENSE is. */
  static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("LICENSE"))) {
      at = at.getParent();
    }
    return at;
  }

  static List<Block> blocks() throws IOException {
    List<Path> files = new ArrayList<>(List.of(root().resolve("README.md")));
    try (var docs = Files.list(root().resolve("docs"))) {
      docs.filter(f -> f.toString().endsWith(".md")).sorted().forEach(files::add);
    }
    List<Block> blocks = new ArrayList<>();
    for (Path file : files) {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        if (lines.get(i).startsWith("```")) {
          int start = i;
          List<String> text = new ArrayList<>();
          while (!lines.get(++i).startsWith("```")) {
            text.add(lines.get(i));
          }
          blocks.add(
              new Block(
                  root().relativize(file).toString(),
                  start + 1,
                  lines.get(start).substring(3).strip(),
                  text));
        }
      }
    }
    return blocks;
  }
}
