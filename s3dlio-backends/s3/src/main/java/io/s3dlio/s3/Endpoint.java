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
 * @param fips whether AWS is asked where it keeps to FIPS 140
 * @param dualStack whether AWS is asked where it speaks IPv6 too
 */
record Endpoint(
    Optional<URI> url, Region region, boolean pathStyle, boolean fips, boolean dualStack) {

  /**
   * Checks that it can be.
   *
   * @throws IllegalArgumentException if not
   */
  Endpoint {
    if (url.isPresent() && (fips || dualStack)) {
      throw new IllegalArgumentException(
          "s3.fips and s3.dual-stack choose among the endpoints of AWS; leave them out where an"
              + " endpoint is set");
    }
  }

  /** The same of another region. */
  Endpoint in(Region other) {
    return new Endpoint(url, other, pathStyle, fips, dualStack);
  }

  boolean isTls() {
    return url.map(u -> u.getScheme().equals("https")).orElse(true);
  }

  /** For messages. */
  String describe() {
    return url.map(URI::toString)
        .orElseGet(
            () ->
                "https://s3%s%s.%s.amazonaws.com"
                    .formatted(fips ? "-fips" : "", dualStack ? ".dualstack" : "", region.id()));
  }
}
