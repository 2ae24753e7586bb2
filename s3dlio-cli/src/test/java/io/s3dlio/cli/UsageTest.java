package io.s3dlio.cli;

import static io.s3dlio.cli.Ran.s3dlio;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A mistake on the command line gets one line of answer, and the status that tells it apart. */
class UsageTest {

  private static final List<String> COMMANDS =
      List.of(
          "ls",
          "stat",
          "cat",
          "put",
          "get",
          "upload",
          "download",
          "cp",
          "rm",
          "mb",
          "rb",
          "buckets",
          "ckpt",
          "doctor",
          "demo");

  /** A command line that is wrong, and a part of what has to be said about it. */
  static Stream<List<String>> mistakes() {
    return Stream.of(
        List.of("no command named"),
        List.of("Unmatched argument", "lst", "memory://x/"),
        List.of("Unknown option", "--nonsense"),
        List.of("did you mean ls", "lst"),
        List.of("'--jsn'; did you mean --json", "ls", "--jsn", "memory://x/"),
        List.of("'--limt'; did you mean --limit", "ls", "--limt", "5", "memory://x/"),
        List.of("Unknown option: '-x'", "ls", "-x", "5", "memory://x/"),
        List.of("'1e3' is not a count", "put", "-n", "1e3", "-s", "1", "memory://x/"),
        List.of("'-1' is not a count", "put", "-n", "-1", "-s", "1", "memory://x/"),
        List.of("'-1' is not a size", "cat", "--range", "-1:5", "memory://x/a"),
        List.of("part-size=1e3 is not a size", "ls", "--set", "part-size=1e3", "memory://x/"),
        List.of("part-size=-1 is not a size", "ls", "--set", "part-size=-1", "memory://x/"),
        List.of("part-size=8XB is not a size", "ls", "--set", "part-size=8XB", "memory://x/"),
        List.of(
            "=9999999999999G is not a size",
            "ls",
            "--set",
            "part-size=9999999999999G",
            "memory://x/"),
        List.of("'http://h:99999'", "ls", "--endpoint-url", "http://h:99999", "s3://bucket/"),
        List.of("has no scheme", "ls", ""),
        List.of("has no scheme", "ls", "/tmp/"),
        List.of("unknown scheme 'ftp'", "put", "-n", "1", "-s", "1", "ftp://x/"),
        List.of("names no bucket", "ls", "s3://"),
        List.of("names no bucket", "stat", "s3:///key"),
        List.of("'1e3' is not a size", "put", "-n", "1", "-s", "1e3", "memory://x/"),
        List.of("'8XB' is not a size", "put", "-n", "1", "-s", "8XB", "memory://x/"),
        List.of("below 2^63", "put", "-n", "1", "-s", "9999999999999G", "memory://x/"),
        List.of("has no scheme", "ls", "nonsense"),
        List.of("Missing required parameter: 'URI'", "ls"),
        List.of("--limit is 1 or more", "ls", "--limit", "0", "memory://x/"),
        List.of("'many' is not a long", "ls", "--limit", "many", "memory://x/"),
        List.of("names no bucket", "ls", "memory://"),
        List.of("leave one out", "stat", "--tags", "--version-id", "1", "memory://x/a"),
        List.of("leave -r out", "download", "-r", "--version-id", "1", "memory://x/", "."),
        List.of("unknown scheme 'ftp'", "ls", "ftp://x/"),
        List.of("needs an absolute path", "ls", "file://relative"),
        List.of("names no object", "stat", "memory://x"),
        List.of("Unmatched argument", "stat", "memory://x/a", "memory://x/b"),
        List.of("names no object", "cat", "memory://x/"),
        List.of("is not OFFSET:LENGTH", "cat", "--range", "17", "memory://x/a"),
        List.of("length of 1 or more", "cat", "--range", "17:0", "memory://x/a"),
        List.of("is not a size", "cat", "--range", "1Q:5", "memory://x/a"),
        List.of("Missing required option: '-n=COUNT'", "put", "-s", "1", "memory://x/"),
        List.of("Missing required option: '-s=SIZE'", "put", "-n", "1", "memory://x/"),
        List.of("-n is 1 or more", "put", "-n", "0", "-s", "1", "memory://x/"),
        List.of("is not a size", "put", "-n", "1", "-s", "1Q", "memory://x/"),
        List.of("is not a size", "put", "-n", "1", "-s", "-1", "memory://x/"),
        List.of("from 1 to 4096", "put", "-n", "1", "-s", "1", "-j", "0", "memory://x/"),
        List.of("from 1 to 4096", "put", "-n", "1", "-s", "1", "-j", "4097", "memory://x/"),
        List.of("is not a long", "put", "-n", "1", "-s", "1", "--seed", "x", "memory://x/"),
        List.of("compression ratio 0.5", "put", "-n", "1", "-s", "1", "-x", "0.5", "memory://x/"),
        List.of("compression ratio NaN", "put", "-n", "1", "-s", "1", "-x", "NaN", "memory://x/"),
        List.of("1 to 20", "put", "-n", "1", "-s", "1", "-x", "1e9", "memory://x/"),
        List.of("is not a double", "put", "-n", "1", "-s", "1", "-x", "two", "memory://x/"),
        List.of(
            "'csv' is no file format",
            "put",
            "-n",
            "1",
            "-s",
            "1",
            "--format",
            "csv",
            "memory://x/"),
        List.of(
            "not a whole number of rows of 64 bytes",
            "put",
            "-n",
            "1",
            "-s",
            "100",
            "--format",
            "parquet",
            "memory://x/"),
        List.of(
            "records of 0 bytes",
            "put",
            "-n",
            "1",
            "-s",
            "1",
            "--format",
            "tfrecord:0",
            "memory://x/"),
        List.of("dedup ratio 0.0", "put", "-n", "1", "-s", "1", "-d", "0", "memory://x/"),
        List.of("power of two", "put", "-n1", "-s1", "--dedup-block", "3", "memory://x/"),
        List.of("power of two", "put", "-n1", "-s1", "--dedup-block", "8MiB", "memory://x/"),
        List.of("object nor dataset", "put", "-n1", "-s1", "--dedup-scope", "x", "memory://x/"),
        List.of("must be 1 to 1024", "put", "-n1", "-s1", "--threads", "0", "memory://x/"),
        List.of("must be 1 to 1024", "put", "-n1", "-s1", "--threads", "10000", "memory://x/"),
        List.of("is not an int", "put", "-n1", "-s1", "--threads", "all", "memory://x/"),
        List.of("NUMA node 99", "put", "-n1", "-s1", "--numa", "99", "memory://x/"),
        List.of("no command named", "ckpt"),
        List.of("did you mean", "ckpt", "lss", "memory://x/"),
        List.of("names no bucket", "ckpt", "ls", "memory://"),
        List.of("Missing required parameter: 'BASE'", "ckpt", "ls"),
        List.of("Missing required option: '--step=N'", "ckpt", "save", "memory://x/", "f"),
        List.of("'x' is not a long", "ckpt", "save", "--step", "x", "memory://x/", "f"),
        List.of("--step is 0 or more", "ckpt", "save", "--step", "-1", "memory://x/", "f"),
        List.of("say what to save", "ckpt", "save", "--step", "1", "memory://x/"),
        List.of(
            "leave one of the two out",
            "ckpt",
            "save",
            "--step=1",
            "--synthetic=llama3-8b",
            "memory://x/",
            "f"),
        List.of(
            "say how large", "ckpt", "save", "--step=1", "--synthetic=llama3-8b", "memory://x/"),
        List.of(
            "there are llama3-8b, llama3-70b",
            "ckpt",
            "save",
            "--step=1",
            "--synthetic=gpt",
            "--scale=1",
            "memory://x/"),
        List.of(
            "above 0 and at most 1",
            "ckpt",
            "save",
            "--step=1",
            "--synthetic=llama3-8b",
            "--scale=2",
            "memory://x/"),
        List.of(
            "a world has 1 rank or more",
            "ckpt",
            "save",
            "--step=1",
            "--synthetic=llama3-8b",
            "--scale=0.1",
            "--world=0",
            "memory://x/"),
        List.of("are for --synthetic", "ckpt", "save", "--step=1", "--seed=1", "memory://x/", "f"),
        List.of("exclude each other", "ckpt", "verify", "--all", "--step=1", "memory://x/"),
        List.of("--world is 1 or more", "ckpt", "load", "--world=0", "memory://x/"),
        List.of("say what to keep", "ckpt", "retain", "memory://x/"),
        List.of("keep 1 or more: 0", "ckpt", "retain", "--keep-last=0", "memory://x/"),
        List.of("N:NOTE", "ckpt", "retain", "--keep-best=loss", "memory://x/"),
        List.of("an age such as 7d", "ckpt", "retain", "--newer-than=soon", "memory://x/"),
        List.of("Missing required option: '--step=N'", "ckpt", "rollback", "memory://x/"),
        List.of("--count is 1 or more", "ckpt", "watch", "--count=0", "memory://x/"),
        List.of("say which checkpoints", "ckpt", "diff", "memory://x/"),
        List.of(
            "exclude each other",
            "ckpt",
            "copy",
            "--all",
            "--step=1",
            "memory://x/",
            "memory://y/"),
        List.of("Missing required parameter: 'DST'", "ckpt", "copy", "memory://x/"),
        List.of("says what to do", "gen"),
        List.of("says what to do", "gen", "--bench", "-o", "-"),
        List.of("Missing required option: '-s=SIZE'", "gen", "-o", "-"),
        List.of("needs the --seed", "gen", "--check", "-", "-s", "1"),
        List.of("give -s SIZE", "gen", "--check", "-", "--seed", "1"),
        List.of("2^63 - 1 together", "gen", "-o-", "-s9223372036854775807", "--offset", "1"),
        List.of("compression ratio 0.0", "gen", "-o-", "-s1", "-x", "0"),
        List.of("--per-node is not for -o", "gen", "-o-", "-s1", "--per-node"),
        List.of("from 4KiB to 1GiB", "gen", "--bench", "--buffer", "0"),
        List.of("from 4KiB to 1GiB", "gen", "--bench", "--buffer", "2GiB"),
        List.of("--seconds is from 1", "gen", "--bench", "--seconds", "0"),
        List.of("must be 1 to 1024", "gen", "--bench", "--threads", "0"),
        List.of("NUMA node 99", "gen", "--bench", "--numa", "99"),
        List.of("--threads is not for --check", "gen", "--check=f", "--seed=1", "--threads=2"),
        List.of("--numa is not for --check", "gen", "--check=f", "--seed=1", "--numa=0"),
        List.of("-s is not for --report", "gen", "--report=f", "-s1"),
        List.of("--offset is not for --report", "gen", "--report=f", "--offset=1"),
        List.of("--key is not for --report", "gen", "--report=f", "--key=k"),
        List.of("-x is not for --report", "gen", "--report=f", "-x2"),
        List.of("-d is not for --report", "gen", "--report=f", "-d2"),
        List.of("--seed is not for --report", "gen", "--report=f", "--seed=1"),
        List.of("--threads is not for --report", "gen", "--report=f", "--threads=1"),
        List.of("--buffer is not for -o", "gen", "-o-", "-s1", "--buffer=1MiB"),
        List.of("--seconds is not for -o", "gen", "-o-", "-s1", "--seconds=1"),
        List.of("-s is not for --bench", "gen", "--bench", "-s1"),
        List.of("--key is not for --bench", "gen", "--bench", "--key=k"),
        List.of("leave --numa out", "gen", "--bench", "--per-node", "--numa=0"),
        List.of("put {} into it", "put", "-n", "2", "-s", "1", "-t", "same", "memory://x/"),
        List.of(
            "no such file or directory",
            "put",
            "-n",
            "2",
            "-s",
            "1",
            "--manifest",
            "/no/such/dir",
            "memory://x/"),
        List.of("names no object", "get", "memory://x/"),
        List.of("add --verify", "get", "--manifest", "m", "memory://x/a"),
        List.of("add --verify", "get", "--gen", "t", "memory://x/a"),
        List.of(
            "exclude each other",
            "get",
            "--verify",
            "--gen",
            "t",
            "--manifest",
            "m",
            "memory://x/a"),
        List.of("--gen", "get", "--verify", "--gen", "v=1;nonsense", "memory://x/a"),
        List.of("no such file", "get", "--verify", "--manifest", "/no/such/file", "memory://x/a"),
        List.of("from 1 to 4096", "get", "-j", "x", "memory://x/a"),
        List.of("one PATH or more", "upload", "memory://x/"),
        List.of("the last argument is the URI", "upload", "a", "b"),
        List.of("Missing required parameter: 'PATH'", "download", "memory://x/a"),
        List.of("is not a path", "download", "memory://x/a", "a\0b"),
        List.of("Missing required parameter: 'DST'", "cp", "memory://x/a"),
        List.of("names no object", "cp", "memory://x/", "memory://x/b"),
        List.of("are one object", "cp", "memory://x/a", "memory://x/a"),
        List.of("has no scheme", "cp", "memory://x/a", "b"),
        List.of("names no object", "rm", "memory://x/"),
        List.of("names no bucket", "rm", "-r", "memory://"),
        List.of("is all files of this machine", "rm", "-r", "file:///"),
        List.of("names an object; the bucket is memory://x", "mb", "memory://x/a"),
        List.of("names no bucket", "mb", "memory://"),
        List.of("names an object", "rb", "memory://x/a"),
        List.of("Missing required parameter: 'URI'", "buckets"),
        List.of("has no scheme", "doctor", "x"),
        List.of("has no scheme", "demo", "x"),
        List.of("names no bucket", "demo", "memory://"),
        List.of("unknown setting 'part-siz'", "ls", "--set", "part-siz=1MiB", "memory://x/"),
        List.of("part-size=1 is not a size", "ls", "--set", "part-size=1", "memory://x/"),
        List.of("should be in KEY=VALUE format", "ls", "--set", "part-size", "memory://x/"),
        List.of("is a secret", "ls", "--set", "s3.secret-key=CANARY", "memory://x/"),
        List.of("s3.endpoint", "ls", "--endpoint-url", "not a url", "s3://bucket/"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void isAnsweredInOneLine(List<String> mistake) {
    String[] args = mistake.subList(1, mistake.size()).toArray(new String[0]);
    Ran ran = s3dlio(args).ends(ExitStatus.USAGE);
    assertThat(ran.text()).isEmpty();
    assertThat(ran.errors()).hasSize(1);
    assertThat(ran.err()).startsWith("s3dlio: ").contains(mistake.get(0)).doesNotContain("CANARY");
  }

  @Test
  void everyCommandHasAMistake() {
    Set<String> tried = new TreeSet<>();
    mistakes().forEach(mistake -> tried.addAll(mistake));
    assertThat(tried).containsAll(COMMANDS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ls",
        "stat",
        "cat",
        "put",
        "get",
        "upload",
        "download",
        "cp",
        "rm",
        "mb",
        "rb",
        "buckets",
        "ckpt",
        "doctor",
        "demo"
      })
  void anUnknownOptionIsNotIgnored(String command) {
    Ran ran = s3dlio(command, "--nonsense").ends(ExitStatus.USAGE);
    assertThat(ran.text()).isEmpty();
    assertThat(ran.errors()).hasSize(1);
    assertThat(ran.err()).contains("see s3dlio " + command + " --help");
  }

  /** What is not there. */
  static Stream<List<String>> failures() {
    return Stream.of(
        List.of("stat", "memory://x/none"),
        List.of("stat", "file:///no/such/file"),
        List.of("cat", "memory://x/none"),
        List.of("rm", "memory://x/none"),
        List.of("rm", "-n", "memory://x/none"),
        List.of("rb", "memory://no-such-bucket"),
        List.of("rb", "file:///no/such/directory"),
        List.of("buckets", "file:///no/such/directory"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void whatFailsSaysSoInOneLine(List<String> command) {
    Ran ran = s3dlio(command.toArray(new String[0])).ends(ExitStatus.FAILED);
    assertThat(ran.text()).isEmpty();
    assertThat(ran.errors()).hasSize(1);
    assertThat(ran.err()).startsWith("s3dlio: ").doesNotContain("\tat ");
  }

  /** Of transfers the summary is there all the same. */
  static Stream<List<String>> failingTransfers() {
    return Stream.of(
        List.of("get", "memory://x/none"),
        List.of("get", "-r", "memory://x/none/"),
        List.of("get", "--verify", "memory://x/none"),
        List.of("cp", "memory://x/none", "memory://x/b"),
        List.of("cp", "file:///no/such/file", "memory://x/b"),
        List.of("upload", "/no/such/file", "memory://x/"),
        List.of("download", "-r", "memory://x/none", "/tmp/s3dlio-never-made"));
  }

  @ParameterizedTest
  @MethodSource("failingTransfers")
  void aFailedTransferIsCounted(List<String> command) {
    String[] args = command.toArray(new String[command.size() + 1]);
    args[command.size()] = "--json";
    Ran ran = s3dlio(args).ends(ExitStatus.FAILED);
    assertThat(ran.errors()).hasSize(1);
    assertThat(ran.summary().get("operation").asText()).isEqualTo(command.get(0));
    assertThat(ran.summary().get("failed").asInt()).isEqualTo(1);
    assertThat(ran.summary().get("objects").asInt()).isZero();
  }

  @Test
  void tracesAreShownWhereTheyAreAskedFor() {
    assertThat(s3dlio("stat", "memory://x/none").err()).doesNotContain("ObjectNotFoundException");
    assertThat(s3dlio("stat", "-v", "memory://x/none").err())
        .doesNotContain("ObjectNotFoundException");
    assertThat(s3dlio("stat", "-vv", "memory://x/none").err())
        .contains("ObjectNotFoundException", "at io.s3dlio.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ls",
        "stat",
        "cat",
        "put",
        "get",
        "upload",
        "download",
        "cp",
        "rm",
        "mb",
        "rb",
        "buckets",
        "ckpt",
        "doctor",
        "demo"
      })
  void helpReadsWell(String command) {
    Ran ran = s3dlio(command, "--help").done();
    assertThat(ran.err()).isEmpty();
    assertThat(ran.text())
        .startsWith("Usage: s3dlio " + command)
        .contains("Example", "--endpoint-url", "--json");
    assertThat(ran.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
    assertThat(s3dlio("--help").done().lines())
        .anyMatch(line -> line.matches("  " + command + " +\\S.*"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "save",
        "ls",
        "show",
        "verify",
        "load",
        "diff",
        "copy",
        "retain",
        "rollback",
        "gc",
        "watch"
      })
  void helpForCheckpointsReadsWell(String command) {
    Ran ran = s3dlio("ckpt", command, "--help").done();
    assertThat(ran.err()).isEmpty();
    assertThat(ran.text())
        .startsWith("Usage: s3dlio ckpt " + command)
        .contains("Example", "--endpoint-url", "--json", "BASE");
    assertThat(ran.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
    assertThat(s3dlio("ckpt", "--help").done().lines())
        .anyMatch(line -> line.matches("  " + command + " +\\S.*"));
    assertThat(s3dlio("ckpt", command, "--nonsense").ends(ExitStatus.USAGE).err())
        .contains("see s3dlio ckpt " + command + " --help");
  }

  @Test
  void globalOptionsMayStandBeforeTheCommand() {
    assertThat(s3dlio("--json", "mb", "memory://usage-test").done().summary().get("uri").asText())
        .isEqualTo("memory://usage-test/");
    s3dlio("rb", "memory://usage-test").done();
  }

  @Test
  void theVersionIsShown() {
    assertThat(s3dlio("--version").done().text()).startsWith("s3dlio ");
  }
}
