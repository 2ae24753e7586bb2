package io.s3dlio.cli;

import static io.s3dlio.cli.Ran.s3dlio;
import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.testkit.process.JavaCommand;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.TestAbortedException;

/**
 * What the command says, and leaves, where the system refuses space, direct I/O or access. Each
 * scenario runs in a JVM of its own, where it is so.
 */
@Timeout(180)
@EnabledOnOs(OS.LINUX)
class RefusedBySystemTest {

  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));
  private static final int SIZE = 3 << 20;

  @TempDir Path temporary;
  private Path directory;
  private Path source;
  private Path target;

  @BeforeEach
  void prepare() throws IOException {
    directory = temporary.toRealPath();
    target = Files.createDirectory(directory.resolve("target"));
    source = directory.resolve("source");
    try (var file = new RandomAccessFile(source.toFile(), "rw")) {
      file.setLength(SIZE);
    }
  }

  /** Where no file may have more than a MiB. */
  private static List<String> limited() {
    return List.of("sh", "-c", "ulimit -f 1024; exec \"$@\"", "sh");
  }

  /** Where a file system of its own is at the target, until the command ends. */
  private List<String> mounted(String mount) {
    List<String> shell = new ArrayList<>(List.of("unshare"));
    shell.addAll(ROOT ? List.of("--mount") : List.of("--user", "--map-root-user", "--mount"));
    shell.addAll(List.of("sh", "-c", mount + " && exec \"$@\"", target.toString()));
    return shell;
  }

  /** Where the modes of files count, for root as well. */
  private static List<String> withoutPrivileges() {
    return ROOT ? List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--") : List.of();
  }

  /** Runs a {@code main} in surroundings, which must end with status 0. */
  private void run(List<String> surroundings, Class<?> scenario, String... args) throws Exception {
    List<String> probe = new ArrayList<>(surroundings);
    probe.add("true");
    Process possible = new ProcessBuilder(probe).redirectErrorStream(true).start();
    String refusal = new String(possible.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (possible.waitFor() != 0) {
      throw new TestAbortedException("the system cannot provide it: " + refusal.strip());
    }
    JavaCommand.of(scenario, args)
        .options("-XX:TieredStopAtLevel=1", "-XX:-UsePerfData")
        .under(surroundings)
        .input(source)
        .run();
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  /** Every command that writes a file, where there is no space for 3 MiB. */
  static final class NoSpace {
    public static void main(String[] args) throws IOException {
      Path source = Path.of(args[1]);
      Path target = Path.of(args[2]);
      String why = args[3];
      String from = "file://" + source;
      String to = args[0] + "://" + target + "/old";
      Files.writeString(target.resolve("old"), "old");
      String parts = "--set=part-size=64KiB";
      String threshold = "--set=multipart-threshold=64KiB";
      for (List<String> command :
          List.of(
              List.of("put", args[0] + "://" + target, "-n1", "-s3MiB", "-told"),
              List.of("put", args[0] + "://" + target, "-n1", "-s3MiB", "-told", parts, threshold),
              List.of("cp", from, to),
              List.of("upload", "-", to),
              List.of("download", from, target + "/old"))) {
        Ran ran = s3dlio(command.toArray(new String[0])).ends(ExitStatus.FAILED);
        assertThat(ran.err().toLowerCase(java.util.Locale.ROOT))
            .as("%s", command)
            .contains(target + "/old", why);
        assertThat(names(target)).as("%s", command).containsExactly("old");
        assertThat(target.resolve("old")).hasContent("old");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "direct"})
  void aLimitOnTheSizeOfFiles(String scheme) throws Exception {
    run(limited(), NoSpace.class, scheme, source + "", target + "", "large");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "direct"})
  void aDiskThatIsFull(String scheme) throws Exception {
    String mount = "mount -t tmpfs -o size=1m tmpfs \"$0\"";
    String direct = " && dd if=/dev/zero of=\"$0/d\" bs=4k count=1 oflag=direct && rm \"$0/d\"";
    run(
        mounted(mount + (scheme.equals("direct") ? direct : "")),
        NoSpace.class,
        scheme,
        source + "",
        target + "",
        "no space left on");
  }

  /** Of btrfs, which needs mkfs.btrfs: other file systems have quotas where their kernels do. */
  @ParameterizedTest
  @ValueSource(strings = {"file", "direct"})
  void aQuotaThatIsUsedUp(String scheme) throws Exception {
    String mount =
        "truncate -s 128m \"$0.img\" && mkfs.btrfs -qf \"$0.img\" && mount -o loop \"$0.img\" \"$0\""
            + " && btrfs quota enable \"$0\" && btrfs qgroup limit 1M 0/5 \"$0\"";
    run(mounted(mount), NoSpace.class, scheme, source + "", target + "", "disk quota");
  }

  @Test
  void aFileSystemWithoutDirectIo() throws Exception {
    run(mounted("mount -t ramfs ramfs \"$0\""), NoDirectIo.class, target + "");
  }

  /** Names the file system, what to use instead, and leaves nothing. */
  static final class NoDirectIo {
    public static void main(String[] args) throws IOException {
      Path target = Path.of(args[0]);
      String uri = "direct://" + target + "/";
      Ran doctor = s3dlio("doctor", uri).ends(ExitStatus.FAILED);
      assertThat(doctor.lines())
          .anyMatch(line -> line.matches("warn +O_DIRECT +does not work in " + target + " .*"))
          .anyMatch(line -> line.matches("fail +put .*O_DIRECT.*use file://" + target + ".*"))
          .noneMatch(line -> line.contains(".s3dlio-tmp-"));
      assertThat(target).isEmptyDirectory();

      Ran demo = s3dlio("demo", uri).ends(ExitStatus.FAILED);
      assertThat(demo.text()).contains("O_DIRECT", "use file://" + target);
      assertThat(demo.err()).contains("the demo went wrong");
      assertThat(target).isEmptyDirectory();

      Files.writeString(target.resolve("a"), "content");
      assertThat(s3dlio("cat", uri + "a").ends(ExitStatus.FAILED).err())
          .contains("O_DIRECT", "use file://" + target + "/a");
      assertThat(s3dlio("ls", uri).done().lines()).containsExactly(uri + "a");
      assertThat(s3dlio("cat", "file://" + target + "/a").done().text()).isEqualTo("content");
      s3dlio("doctor", "file://" + target + "/").done();
    }
  }

  @Test
  void aFileThatMayNotBeRead() throws Exception {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    for (String name : List.of("a", "secret", "z")) {
      Files.writeString(tree.resolve(name), name);
    }
    Files.setPosixFilePermissions(
        tree.resolve("secret"), PosixFilePermissions.fromString("---------"));
    Path fixed = Files.createDirectory(directory.resolve("fixed"));
    Files.setPosixFilePermissions(fixed, PosixFilePermissions.fromString("r-xr-xr-x"));
    run(withoutPrivileges(), NoAccess.class, tree + "", target + "", fixed + "");
  }

  /** Names the file, goes on with the others, and ends with status 1. */
  static final class NoAccess {
    public static void main(String[] args) throws IOException {
      Path target = Path.of(args[1]);
      Path fixed = Path.of(args[2]);
      String secret = args[0] + "/secret";
      String to = "file://" + target + "/";
      Ran upload = s3dlio("upload", args[0], to).ends(ExitStatus.FAILED);
      assertThat(upload.errors()).singleElement().asString().contains(secret, "permission denied");
      assertThat(names(target)).containsExactlyInAnyOrder("a", "z");
      for (List<String> command :
          List.of(
              List.of("cat", "file://" + secret),
              List.of("cat", "direct://" + secret),
              List.of("get", "file://" + secret),
              List.of("cp", "file://" + secret, to),
              List.of("download", "file://" + secret, target + "/"))) {
        assertThat(s3dlio(command.toArray(new String[0])).ends(ExitStatus.FAILED).err())
            .as("%s", command)
            .contains(secret, "permission denied");
      }
      assertThat(names(target)).containsExactlyInAnyOrder("a", "z");

      String from = to + "a";
      for (List<String> command :
          List.of(
              List.of("cp", from, "file://" + fixed + "/new"),
              List.of("cp", from, "direct://" + fixed + "/new"),
              List.of("download", from, fixed + "/new"))) {
        assertThat(s3dlio(command.toArray(new String[0])).ends(ExitStatus.FAILED).err())
            .as("%s", command)
            .contains(fixed + "/new: permission denied");
      }
      assertThat(fixed).isEmptyDirectory();
    }
  }
}
