package io.s3dlio.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every Java example of the documentation compiles, and runs unless it is marked compile-only. */
class JavaExamplesTest {

  static List<Docs.Block> examples() throws IOException {
    List<Docs.Block> examples = Docs.blocks().stream().filter(b -> b.is("java")).toList();
    assertThat(examples).as("Java examples in the documentation").isNotEmpty();
    return examples;
  }

  @ParameterizedTest
  @MethodSource("examples")
  void runs(Docs.Block example, @TempDir Path dir) throws Exception {
    String imports = lines(example, true);
    String body = lines(example, false);
    Path source =
        Files.writeString(
            dir.resolve("Example.java"),
            imports
                + "public class Example {\n"
                + "  public static void run(java.nio.file.Path dir) throws Exception {\n"
                + body
                + "  }\n}\n");
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    boolean compiled;
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      compiled =
          compiler
              .getTask(
                  messages,
                  files,
                  null,
                  List.of("-cp", classPath, "-d", dir.toString(), "-proc:none"),
                  null,
                  files.getJavaFileObjects(source))
              .call();
    }
    assertThat(compiled).as("%s compiles:%n%s", example, messages).isTrue();
    if (!example.info().contains("compile-only")) {
      URL[] urls = {new File(dir.toString()).toURI().toURL()};
      try (URLClassLoader loader = new URLClassLoader(urls, getClass().getClassLoader())) {
        loader.loadClass("Example").getMethod("run", Path.class).invoke(null, dir);
      }
    }
  }

  private static String lines(Docs.Block example, boolean imports) {
    return example.text().stream()
        .filter(line -> line.startsWith("import ") == imports)
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }
}
