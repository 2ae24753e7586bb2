package io.s3dlio.cli;

import io.s3dlio.ObjectUri;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A key as a path below a directory. Keys are chosen by whoever wrote the object: one that could
 * lead anywhere else, or that some system takes for another name, is refused and never bent into
 * shape.
 */
final class SafeName {

  /** NAME_MAX of Linux and its file systems, in bytes. */
  private static final int MAX_SEGMENT = 255;

  /** Devices, on Windows, with any suffix. */
  private static final Pattern DEVICE =
      Pattern.compile("(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\\..*)?");

  private SafeName() {}

  /**
   * The names of directories and, as the last one, of the file.
   *
   * @param relative the key, or the part of it below the directory
   * @throws CommandException if it is refused; the message names the object
   */
  static List<String> segments(ObjectUri object, String relative) throws CommandException {
    List<String> segments = List.of(relative.split("/", -1));
    for (String segment : segments) {
      String fault = fault(segment);
      if (fault != null) {
        throw CommandException.failed(
            object + " is refused as a file name: " + fault + "; `s3dlio cat` writes it anywhere");
      }
    }
    return segments;
  }

  private static String fault(String segment) {
    if (segment.isEmpty()) {
      return "it begins or ends with '/', or has '//'";
    }
    if (segment.equals(".") || segment.equals("..")) {
      return "the segment '" + segment + "' means another directory";
    }
    if (segment.indexOf('\\') >= 0) {
      return "a backslash divides directories on some systems";
    }
    if (segment.indexOf('\0') >= 0) {
      return "it has a NUL character";
    }
    if (segment.matches("(?s)[A-Za-z]:.*")) {
      return "'" + segment.substring(0, 2) + "' names a drive on some systems";
    }
    char last = segment.charAt(segment.length() - 1);
    if (last == '.' || last == ' ') {
      return "some systems drop the '" + last + "' at the end of a name";
    }
    if (DEVICE.matcher(segment.toLowerCase(Locale.ROOT)).matches()) {
      return "'" + segment + "' names a device on some systems";
    }
    int bytes = segment.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_SEGMENT) {
      return "a segment of " + bytes + " bytes is longer than a file name can be";
    }
    return null;
  }
}
