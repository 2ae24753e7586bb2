package io.s3dlio;

import java.time.Instant;
import java.util.Optional;

/**
 * A bucket or container.
 *
 * @param uri where it is; its key is empty (on {@code file://}: the directory, with a {@code /} at
 *     the end)
 * @param created when it was made, where the store says
 */
public record BucketInfo(ObjectUri uri, Optional<Instant> created) {}
