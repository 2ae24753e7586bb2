package io.s3dlio.s3;

import java.net.URI;
import java.util.Optional;
import software.amazon.awssdk.regions.Region;

/**
 * Whom to ask.
 *
 * @param url where it is; AWS where empty
 * @param region what requests are signed for
 * @param pathStyle whether the bucket always stands in the path
 */
record Endpoint(Optional<URI> url, Region region, boolean pathStyle) {

  boolean isTls() {
    return url.map(u -> u.getScheme().equals("https")).orElse(true);
  }

  /** For messages. */
  String describe() {
    return url.map(URI::toString).orElse("https://s3." + region.id() + ".amazonaws.com");
  }
}
