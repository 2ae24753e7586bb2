package io.s3dlio.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** The subcommands, in the order in which help lists them. */
final class Commands {

  private static final Map<String, Class<?>> ALL = new LinkedHashMap<>();

  static {
    ALL.put("ls", ListCommand.class);
    ALL.put("stat", StatCommand.class);
    ALL.put("cat", CatCommand.class);
    ALL.put("put", PutCommand.class);
    ALL.put("get", GetCommand.class);
    ALL.put("upload", UploadCommand.class);
    ALL.put("download", DownloadCommand.class);
    ALL.put("cp", CopyCommand.class);
    ALL.put("rm", RemoveCommand.class);
    ALL.put("mb", MakeBucketCommand.class);
    ALL.put("rb", RemoveBucketCommand.class);
    ALL.put("buckets", BucketsCommand.class);
    ALL.put("ckpt", CheckpointCommand.class);
    ALL.put("gen", GenCommand.class);
    ALL.put("doctor", DoctorCommand.class);
    ALL.put("demo", DemoCommand.class);
  }

  private Commands() {}

  /**
   * Adds them to the command. To look at all classes would double the time that a start takes: only
   * those are added that the arguments name, or all if none is named.
   */
  static void addTo(CommandLine command, String... arguments) {
    List<String> named = List.of(arguments);
    boolean any = named.stream().anyMatch(ALL::containsKey);
    ALL.forEach(
        (name, type) -> {
          if (!any || named.contains(name)) {
            command.addSubcommand(name, type);
          }
        });
  }
}
