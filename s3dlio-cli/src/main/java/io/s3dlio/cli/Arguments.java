package io.s3dlio.cli;

import io.s3dlio.ByteRange;
import io.s3dlio.ObjectUri;
import io.s3dlio.Sizes;
import io.s3dlio.formats.FileFormat;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How arguments are read. */
final class Arguments {

  private static final Set<String> WITHOUT_BUCKETS = Set.of("file", "direct");

  private Arguments() {}

  static void register(CommandLine command) {
    command.registerConverter(ObjectUri.class, reading(ObjectUri::parse));
    command.registerConverter(ByteRange.class, reading(Arguments::range));
  }

  /** A number of bytes, such as 8MiB. */
  static final class Size implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) throws Exception {
      return reading(Sizes::parse).convert(text);
    }
  }

  /** A number of things, such as 10K. */
  static final class Count implements ITypeConverter<Long> {
    @Override
    @SuppressWarnings("UnusedException") // picocli's takes no cause
    public Long convert(String text) {
      try {
        return Sizes.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException("'" + text + "' is not a count; write 1000, 10K, 2M");
      }
    }
  }

  /** A file format, such as tfrecord:131072. */
  static final class Format implements ITypeConverter<FileFormat> {
    @Override
    public FileFormat convert(String text) throws Exception {
      return reading(FileFormat::parse).convert(text);
    }
  }

  /** How many objects are in flight at a time. */
  static final class JobCount implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      if (!text.matches("[0-9]{1,4}")
          || Integer.parseInt(text) < 1
          || Integer.parseInt(text) > 4096) {
        throw new TypeConversionException("'" + text + "' is not a number from 1 to 4096");
      }
      return Integer.valueOf(text);
    }
  }

  /** OFFSET:LENGTH; without LENGTH, to the end. */
  static ByteRange range(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is not OFFSET:LENGTH, such as 1MiB:64KiB, or OFFSET: for all that follows");
    }
    long offset = Sizes.parse(text.substring(0, colon));
    String length = text.substring(colon + 1);
    return length.isEmpty() ? ByteRange.from(offset) : ByteRange.of(offset, Sizes.parse(length));
  }

  /** A path on this machine. */
  static Path path(String text) throws CommandException {
    try {
      if (text.isEmpty()) {
        throw CommandException.usage("an empty path is none");
      }
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw CommandException.usage("'" + text + "' is not a path: " + e.getReason());
    }
  }

  /** Whether a URI is that of a file or directory of this machine. */
  static boolean isLocal(ObjectUri uri) {
    return WITHOUT_BUCKETS.contains(uri.scheme());
  }

  /** Refuses a URI that cannot name an object. */
  static void requireObject(ObjectUri uri) throws CommandException {
    requireBucket(uri);
    if (uri.key().isEmpty()) {
      throw CommandException.usage(uri + " names no object; append its key");
    }
  }

  /** Refuses a URI that lacks the bucket that its scheme needs. */
  static void requireBucket(ObjectUri uri) throws CommandException {
    if (uri.bucket().isEmpty() && !isLocal(uri)) {
      throw CommandException.usage(
          uri.scheme()
              + ":// names no bucket; `s3dlio buckets "
              + uri.scheme()
              + "://` lists them");
    }
  }

  /** Refuses a URI that names more or less than a bucket, or on files than a directory. */
  static void requireBucketAlone(ObjectUri uri) throws CommandException {
    requireBucket(uri);
    if (!isLocal(uri) && !uri.key().isEmpty()) {
      throw CommandException.usage(
          uri + " names an object; the bucket is " + uri.scheme() + "://" + uri.bucket());
    }
  }

  private static <T> ITypeConverter<T> reading(Function<String, T> reader) {
    return text -> {
      try {
        return reader.apply(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    };
  }
}
