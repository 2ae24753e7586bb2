package io.s3dlio.checkpoint;

/**
 * How parts of tensors are fetched.
 *
 * @param verify whether what is needed is compared with its checksums; then whole chunks are read
 * @param chunk bytes for which there is a checksum, 1 or more
 * @param maxGap needless bytes that are read at a time so as to make one request of two, 0 or more
 * @param maxRequest the most bytes of a request, from the size of a chunk to 1 GiB
 */
record Fetching(boolean verify, int chunk, long maxGap, int maxRequest) {

  /** Verified, with gaps of up to 1 MiB and requests of up to 8 MiB. */
  static final Fetching DEFAULT = new Fetching(true, Extent.CHUNK, 1 << 20, 8 << 20);

  Fetching {
    if (chunk < 1 || maxGap < 0 || maxRequest < chunk || maxRequest > 1 << 30) {
      throw new IllegalArgumentException(
          "a chunk is 1 byte or more, a gap 0 or more, a request from a chunk to 1 GiB: %d, %d, %d"
              .formatted(chunk, maxGap, maxRequest));
    }
  }

  Fetching withVerify(boolean newVerify) {
    return new Fetching(newVerify, chunk, maxGap, maxRequest);
  }

  /** The most bytes between what is needed that are read in any case. */
  long join() {
    return verify ? Math.max(maxGap, chunk - 1) : maxGap;
  }

  /** Where the bytes begin that are read for the sake of a byte. */
  long floor(long at) {
    return verify ? at - at % chunk : at;
  }

  /** Where the bytes end that are read for the sake of those before an offset. */
  long ceiling(long at, long length) {
    long over = verify ? at % chunk : 0;
    return over == 0 ? at : at + Math.min(length - at, chunk - over);
  }

  /** Where a request ends at the latest that begins here. */
  long limit(long begin) {
    long most = verify ? maxRequest - maxRequest % chunk : maxRequest;
    return begin > Long.MAX_VALUE - most ? Long.MAX_VALUE : begin + most;
  }
}
