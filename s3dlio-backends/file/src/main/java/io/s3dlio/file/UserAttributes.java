package io.s3dlio.file;

import io.s3dlio.ObjectMeta;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.PutOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Content type and user metadata as extended attributes: {@code user.mime_type}, the name that the
 * freedesktop.org guidelines for extended attributes give it, and {@code user.} with the metadata's
 * name. Java puts {@code user.} in front by itself. Attributes that no put can have written (a name
 * with capitals, a value that is not UTF-8) belong to other programs and are not shown.
 *
 * @param contentType the media type
 * @param metadata names and values
 */
record UserAttributes(Optional<String> contentType, Map<String, String> metadata) {

  private static final String CONTENT_TYPE = "mime_type";

  private static final UserAttributes NONE = new UserAttributes(Optional.empty(), Map.of());

  static UserAttributes of(PutOptions options) {
    return new UserAttributes(options.contentType(), options.userMetadata());
  }

  static UserAttributes of(ObjectMeta meta) {
    return new UserAttributes(meta.contentType(), meta.userMetadata());
  }

  static UserAttributes read(Path file) throws IOException {
    Map<String, ByteBuffer> all = readAll(file);
    if (all.isEmpty()) {
      return NONE;
    }
    Map<String, String> metadata = new TreeMap<>();
    for (Map.Entry<String, ByteBuffer> attribute : all.entrySet()) {
      String name = attribute.getKey();
      if (name.equals(name.toLowerCase(Locale.ROOT))) {
        try {
          String value =
              StandardCharsets.UTF_8.newDecoder().decode(attribute.getValue()).toString();
          metadata.put(name, value);
        } catch (CharacterCodingException e) {
          continue; // another program's, as said above
        }
      }
    }
    Optional<String> contentType = Optional.ofNullable(metadata.remove(CONTENT_TYPE));
    return new UserAttributes(contentType, metadata);
  }

  /** Writes them to a file that is to become the object of a place. */
  void write(Path file, Place target) throws IOException {
    if (metadata.containsKey(CONTENT_TYPE)) {
      String detail = "the name '" + CONTENT_TYPE + "' is kept for the content type; set that";
      throw target.error(Kind.INVALID, detail, null);
    }
    if (contentType.isEmpty() && metadata.isEmpty()) {
      return;
    }
    Map<String, String> all = new TreeMap<>(metadata);
    contentType.ifPresent(type -> all.put(CONTENT_TYPE, type));
    UserDefinedFileAttributeView view = view(file);
    if (view == null) {
      throw unsupported(target, null);
    }
    int bytes = 0;
    for (Map.Entry<String, String> attribute : all.entrySet()) {
      checkName(attribute.getKey(), target);
      ByteBuffer value = encode(attribute.getValue(), target);
      bytes += attribute.getKey().length() + value.remaining();
      try {
        view.write(attribute.getKey(), value);
      } catch (FileSystemException e) {
        throw refused(bytes, file, target, e);
      }
    }
  }

  /** Java would change such names without a word. */
  private static void checkName(String name, Place target) throws IOException {
    boolean ascii = name.chars().allMatch(c -> c < 128);
    if (name.isEmpty()
        || name.indexOf('\0') >= 0
        || (!ascii && !Place.encodingAdvice().isEmpty())) {
      String detail = "'" + name + "' cannot be the name of an extended attribute; choose another";
      throw target.error(Kind.INVALID, detail + (ascii ? "" : Place.encodingAdvice()), null);
    }
    encode(name, target);
  }

  private static ByteBuffer encode(String text, Place target) throws IOException {
    try {
      return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
    } catch (CharacterCodingException e) {
      String detail = "half of a surrogate pair in content type or user metadata; remove it";
      throw target.error(Kind.INVALID, detail, e);
    }
  }

  private static Map<String, ByteBuffer> readAll(Path file) throws IOException {
    UserDefinedFileAttributeView view = view(file);
    if (view == null) {
      return Map.of();
    }
    Map<String, ByteBuffer> all = new HashMap<>();
    try {
      for (String name : view.list()) {
        ByteBuffer value = ByteBuffer.allocate(view.size(name));
        view.read(name, value);
        all.put(name, value.flip());
      }
    } catch (FileSystemException e) {
      if (FileErrors.kind(e) != Kind.UNSUPPORTED) {
        throw e;
      }
    }
    return all;
  }

  private static IOException refused(int bytes, Path file, Place target, FileSystemException e)
      throws IOException {
    Kind kind = FileErrors.kind(e);
    if (kind == Kind.UNSUPPORTED) {
      return unsupported(target, e);
    }
    // ext4 says "no space" of attributes that do not fit into their one block.
    boolean full =
        kind == Kind.OUT_OF_RESOURCES && Files.getFileStore(file).getUsableSpace() < 1 << 20;
    if (full || kind == Kind.PERMISSION_DENIED || kind == Kind.NOT_FOUND) {
      return e;
    }
    String detail =
        "content type and user metadata ("
            + bytes
            + " bytes or more) do not fit into the extended attributes of this file system (ext4"
            + " holds about 4,000 bytes a file, a name has at most 250); shorten them";
    return target.error(Kind.INVALID, detail, e);
  }

  private static IOException unsupported(Place target, Throwable cause) {
    String detail =
        "this file system keeps no extended attributes, in which content type and user metadata"
            + " are stored; put without them, or use another file system";
    return target.error(Kind.UNSUPPORTED, detail, cause);
  }

  private static UserDefinedFileAttributeView view(Path file) {
    return Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
  }
}
