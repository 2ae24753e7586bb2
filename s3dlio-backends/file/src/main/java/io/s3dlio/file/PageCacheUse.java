package io.s3dlio.file;

/** What {@code file://} tells the kernel's page cache about the bytes that it moves. */
enum PageCacheUse {
  /** Nothing: the kernel decides, and keeps what it has room for. */
  KEEP,
  /** Files are read from begin to end. */
  SEQUENTIAL,
  /** Files are read in ranges at random. */
  RANDOM,
  /** What has been read, or written and flushed, is not needed again. */
  DROP
}
