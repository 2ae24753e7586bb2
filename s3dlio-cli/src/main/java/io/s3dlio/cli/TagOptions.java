package io.s3dlio.cli;

import io.s3dlio.PutOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** What is kept beside the objects that are written. */
final class TagOptions {

  @Option(
      names = "--tag",
      paramLabel = "NAME=VALUE",
      description = "A tag of each object, where the store keeps some; any number of times.")
  private Map<String, String> tags = new LinkedHashMap<>();

  PutOptions with(PutOptions options) {
    return options.withTags(tags);
  }
}
