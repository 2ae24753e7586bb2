package io.s3dlio.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which credentials for S3 there are: the names of variables, files and profiles, never a value.
 */
final class CredentialsCheck {

  private static final List<String> AWS =
      List.of(
          "AWS_ACCESS_KEY_ID",
          "AWS_SECRET_ACCESS_KEY",
          "AWS_SESSION_TOKEN",
          "AWS_PROFILE",
          "AWS_WEB_IDENTITY_TOKEN_FILE",
          "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
          "AWS_CONTAINER_CREDENTIALS_FULL_URI",
          "S3DLIO_S3_ACCESS_KEY",
          "S3DLIO_S3_SECRET_KEY",
          "S3DLIO_S3_SESSION_TOKEN",
          "S3DLIO_S3_PROFILE");

  private static final List<String> AZURE =
      List.of(
          "AZURE_STORAGE_CONNECTION_STRING",
          "AZURE_STORAGE_KEY",
          "AZURE_STORAGE_SAS_TOKEN",
          "AZURE_CLIENT_ID",
          "AZURE_CLIENT_SECRET",
          "AZURE_FEDERATED_TOKEN_FILE",
          "AZURE_TENANT_ID",
          "S3DLIO_AZ_ACCOUNT_KEY",
          "S3DLIO_AZ_CONNECTION_STRING",
          "S3DLIO_AZ_SAS_TOKEN");

  private static final List<String> GOOGLE =
      List.of("GOOGLE_APPLICATION_CREDENTIALS", "S3DLIO_GS_CREDENTIALS_FILE");

  private final Checkup checkup;
  private final Map<String, String> environment;
  private final Path home;

  CredentialsCheck(Checkup checkup, Map<String, String> environment, Path home) {
    this.checkup = checkup;
    this.environment = environment;
    this.home = home;
  }

  /** For one scheme; for all of them, what is there. */
  void run(Optional<String> scheme) throws IOException {
    switch (scheme.orElse("")) {
      case "s3" -> aws();
      case "az" ->
          told(
              azure(),
              "none for az:// in the environment; set AZURE_STORAGE_KEY or another of the"
                  + " variables, log in (az login), or use --no-sign-request for public data");
      case "gs", "gcs" ->
          told(
              google(),
              "none for gs:// in the environment or in gcloud's directory; run `gcloud auth"
                  + " application-default login`, or use --no-sign-request for public data");
      case "" -> {
        aws();
        there(azure());
        there(google());
      }
      default -> {
        // none are needed
      }
    }
  }

  private List<String> azure() {
    return AZURE.stream().filter(environment::containsKey).toList();
  }

  private List<String> google() {
    List<String> found = new ArrayList<>();
    GOOGLE.stream().filter(environment::containsKey).forEach(found::add);
    Path file =
        Path.of(environment.getOrDefault("CLOUDSDK_CONFIG", home + "/.config/gcloud"))
            .resolve("application_default_credentials.json");
    if (Files.isReadable(file)) {
      found.add(file.toString());
    }
    return found;
  }

  private void told(List<String> found, String none) throws IOException {
    if (found.isEmpty()) {
      checkup.warn("credentials", none);
    }
    there(found);
  }

  private void there(List<String> found) throws IOException {
    if (!found.isEmpty()) {
      checkup.ok("credentials", String.join(", ", found));
    }
  }

  private void aws() throws IOException {
    List<String> found = new ArrayList<>();
    AWS.stream().filter(environment::containsKey).forEach(found::add);
    file("AWS_SHARED_CREDENTIALS_FILE", "credentials", found);
    file("AWS_CONFIG_FILE", "config", found);
    told(
        found,
        "none for s3:// in the environment or in ~/.aws; set AWS_ACCESS_KEY_ID and"
            + " AWS_SECRET_ACCESS_KEY, or use --no-sign-request for public data");
    pair("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
    pair("S3DLIO_S3_ACCESS_KEY", "S3DLIO_S3_SECRET_KEY");
  }

  private void pair(String one, String other) throws IOException {
    if (environment.containsKey(one) != environment.containsKey(other)) {
      String missing = environment.containsKey(one) ? other : one;
      checkup.warn(
          "credentials", one + " and " + other + " go together; " + missing + " is not set");
    }
  }

  private void file(String variable, String name, List<String> found) throws IOException {
    Path file =
        environment.containsKey(variable)
            ? Path.of(environment.get(variable))
            : home.resolve(".aws").resolve(name);
    if (!Files.isReadable(file)) {
      return;
    }
    List<String> profiles = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith("[") && line.contains("]")) {
        profiles.add(line.substring(1, line.indexOf(']')).strip());
      }
    }
    found.add(file + " (" + String.join(", ", profiles) + ")");
    if (name.equals("credentials") && isReadByOthers(file)) {
      checkup.warn("credentials", file + " can be read by others; chmod 600 it");
    }
  }

  private static boolean isReadByOthers(Path file) throws IOException {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      return permissions.contains(PosixFilePermission.OTHERS_READ)
          || permissions.contains(PosixFilePermission.GROUP_READ);
    } catch (UnsupportedOperationException e) {
      return false; // a file system without owners
    }
  }
}
