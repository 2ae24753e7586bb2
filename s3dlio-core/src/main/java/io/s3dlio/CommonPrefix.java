package io.s3dlio;

/**
 * The keys below one delimiter, rolled into one entry of a listing.
 *
 * @param uri the prefix; its key ends with the delimiter
 */
public record CommonPrefix(ObjectUri uri) implements ListEntry {}
