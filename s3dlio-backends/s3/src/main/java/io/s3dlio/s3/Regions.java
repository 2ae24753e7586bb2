package io.s3dlio.s3;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The clients for buckets of AWS that are in another region than that of the settings. Only the
 * name of a region is taken from an answer, never an address; and only AWS is believed. The SDK's
 * own way of following does not break a request off that is cancelled. Thread-safe.
 */
final class Regions implements AutoCloseable {

  private static final Pattern NAME = Pattern.compile("[a-z]{2,}(-[a-z0-9]{1,20}){1,5}");

  /** How S3 refuses what is for another region. */
  private static final Set<Integer> REFUSALS = Set.of(301, 307, 400);

  private final Endpoint home;
  private final S3AsyncClient client;
  private final Function<Endpoint, S3AsyncClient> clients;
  private final Map<String, S3AsyncClient> byRegion = new ConcurrentHashMap<>();
  private final Map<String, S3AsyncClient> byBucket = new ConcurrentHashMap<>();

  /**
   * Has one client yet.
   *
   * @param home where buckets are as long as nothing else is known
   * @param clients makes a client
   */
  Regions(Endpoint home, Function<Endpoint, S3AsyncClient> clients) {
    this.home = home;
    this.clients = clients;
    this.client = clients.apply(home);
  }

  /** Who asks about a bucket, or about all. */
  S3AsyncClient of(String bucket) {
    return byBucket.getOrDefault(bucket, client);
  }

  /** Who asks about a bucket after one has been refused; empty if the refusal tells nobody else. */
  Optional<S3AsyncClient> after(String bucket, S3AsyncClient refused, S3Exception refusal) {
    if (home.url().isPresent() || !REFUSALS.contains(refusal.statusCode())) {
      return Optional.empty();
    }
    Optional<S3AsyncClient> other =
        S3Errors.region(refusal)
            .filter(name -> NAME.matcher(name).matches())
            .map(this::in)
            .filter(found -> found != refused);
    other.ifPresent(found -> byBucket.put(bucket, found));
    return other;
  }

  private S3AsyncClient in(String region) {
    return region.equals(home.region().id())
        ? client
        : byRegion.computeIfAbsent(region, name -> clients.apply(home.in(Region.of(name))));
  }

  @Override
  public void close() {
    client.close();
    byRegion.values().forEach(S3AsyncClient::close);
  }
}
