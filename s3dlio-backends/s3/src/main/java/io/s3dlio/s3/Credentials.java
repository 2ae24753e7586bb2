package io.s3dlio.s3;

import io.s3dlio.rest.NoCredentialsException;
import io.s3dlio.rest.SecretFiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;
import software.amazon.awssdk.profiles.ProfileFileLocation;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The SDK's default chain, except that a metadata service that does not answer costs a bounded
 * time, and that the error names all that was tried. Once a place has credentials it is not left
 * again.
 */
final class Credentials implements AwsCredentialsProvider, SdkAutoCloseable {

  /** Where the metadata service is, it answers within milliseconds. */
  private static final Duration METADATA_LIMIT = Duration.ofMillis(2500);

  /** By the name that users know it by. */
  private final Map<String, AwsCredentialsProvider> chain;

  private final Optional<InstanceProfileCredentialsProvider> metadata;
  private volatile AwsCredentialsProvider chosen;

  private Credentials(
      Map<String, AwsCredentialsProvider> chain,
      Optional<InstanceProfileCredentialsProvider> metadata) {
    this.chain = chain;
    this.metadata = metadata;
  }

  static AwsCredentialsProvider of(S3Settings settings) {
    if (settings.config().get(S3Keys.ANONYMOUS)) {
      return AnonymousCredentialsProvider.create();
    }
    Optional<String> accessKey = settings.config().find(S3Keys.ACCESS_KEY);
    if (accessKey.isPresent()) {
      String secret = settings.config().find(S3Keys.SECRET_KEY).orElseThrow();
      return StaticCredentialsProvider.create(
          settings
              .config()
              .find(S3Keys.SESSION_TOKEN)
              .<AwsCredentials>map(t -> AwsSessionCredentials.create(accessKey.get(), secret, t))
              .orElseGet(() -> AwsBasicCredentials.create(accessKey.get(), secret)));
    }
    String profile = settings.profileName().orElse("default");
    Map<String, AwsCredentialsProvider> chain = new LinkedHashMap<>();
    boolean profileOnly = settings.config().find(S3Keys.PROFILE).isPresent();
    if (!profileOnly) {
      chain.put("property aws.accessKeyId", SystemPropertyCredentialsProvider.create());
      chain.put("AWS_ACCESS_KEY_ID", EnvironmentVariableCredentialsProvider.create());
      chain.put("AWS_WEB_IDENTITY_TOKEN_FILE", WebIdentityTokenFileCredentialsProvider.create());
    }
    chain.put("profile `" + profile + "`", ProfileCredentialsProvider.create(profile));
    if (profileOnly) {
      return new Credentials(chain, Optional.empty());
    }
    chain.put("AWS_CONTAINER_CREDENTIALS_*_URI", ContainerCredentialsProvider.create());
    return new Credentials(
        chain,
        Optional.of(InstanceProfileCredentialsProvider.builder().profileName(profile).build()));
  }

  @Override
  public AwsCredentials resolveCredentials() {
    throw new UnsupportedOperationException("the asynchronous client asks for an identity");
  }

  @Override
  public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(ResolveIdentityRequest request) {
    AwsCredentialsProvider known = chosen;
    if (known != null) {
      return CompletableFuture.completedFuture(known.resolveCredentials());
    }
    List<RuntimeException> failures = new ArrayList<>();
    for (AwsCredentialsProvider provider : chain.values()) {
      try {
        return CompletableFuture.completedFuture(choose(provider));
      } catch (RuntimeException e) { // how a provider says that it has none
        failures.add(e);
      }
    }
    if (metadata.isEmpty()) {
      return CompletableFuture.failedFuture(none(failures));
    }
    CompletableFuture<AwsCredentialsIdentity> answer =
        CompletableFuture.<AwsCredentialsIdentity>supplyAsync(
                () -> choose(metadata.get()), Credentials::onDaemon)
            .orTimeout(METADATA_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    return answer.exceptionallyCompose(
        e -> {
          failures.add(new IllegalStateException("EC2 metadata service: " + e, e));
          return CompletableFuture.failedFuture(none(failures));
        });
  }

  private AwsCredentials choose(AwsCredentialsProvider provider) {
    AwsCredentials credentials = provider.resolveCredentials();
    if (provider instanceof ProfileCredentialsProvider) {
      ProfileFileLocation.credentialsFileLocation()
          .ifPresent(file -> SecretFiles.warnOf("s3", file));
    }
    chosen = provider;
    return credentials;
  }

  private NoCredentialsException none(List<RuntimeException> failures) {
    String tried = String.join(", ", chain.keySet());
    NoCredentialsException none =
        new NoCredentialsException(
            "no credentials found; tried "
                + tried
                + (metadata.isPresent() ? ", EC2 metadata service" : reason(failures))
                + ". Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, name a profile with s3.profile"
                + " (--profile), or read public data with s3.anonymous=true (--no-sign-request)",
            null);
    failures.forEach(none::addSuppressed);
    return none;
  }

  /** Of a profile that was asked for by name; the SDK's messages hold names, no values. */
  private static String reason(List<RuntimeException> failures) {
    return failures.isEmpty() ? "" : " (" + failures.get(failures.size() - 1).getMessage() + ")";
  }

  private static void onDaemon(Runnable task) {
    Thread thread = new Thread(task, "s3dlio-s3-metadata");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    for (AwsCredentialsProvider provider : chain.values()) {
      if (provider instanceof SdkAutoCloseable) {
        ((SdkAutoCloseable) provider).close();
      }
    }
    metadata.ifPresent(InstanceProfileCredentialsProvider::close);
  }
}
