package io.s3dlio.spi;

import io.s3dlio.ByteRange;
import java.util.Optional;

/**
 * Which bytes a backend reads in one request.
 *
 * @param range which bytes
 * @param ifMatch the ETag that the object must have
 */
public record ReadRequest(ByteRange range, Optional<String> ifMatch) {}
