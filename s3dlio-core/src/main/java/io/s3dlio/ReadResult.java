package io.s3dlio;

/**
 * What is known after an object was read into a sink.
 *
 * @param meta what the store says about the object
 * @param offset where the bytes begin in the object
 * @param length how many bytes landed
 * @param verification whether they were compared with a stored checksum
 */
public record ReadResult(ObjectMeta meta, long offset, long length, Verification verification) {}
