package io.s3dlio;

import java.util.Optional;

/**
 * What a store answers to a write.
 *
 * @param etag names the content written
 */
public record PutResult(Optional<String> etag) {}
