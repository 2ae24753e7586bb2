package io.s3dlio.testkit.fault;

import java.util.Set;
import java.util.TreeSet;

/** What a request asks of an S3 server, as the API calls it. */
public enum S3Action {
  /** Reads an object or a range. */
  GET_OBJECT,
  /** Asks about an object. */
  HEAD_OBJECT,
  /** Writes an object in one request. */
  PUT_OBJECT,
  /** Copies an object in one request. */
  COPY_OBJECT,
  /** Deletes one object. */
  DELETE_OBJECT,
  /** Deletes several objects. */
  DELETE_OBJECTS,
  /** A page of a listing. */
  LIST_OBJECTS,
  /** Begins a multipart upload. */
  CREATE_MULTIPART_UPLOAD,
  /** Stores a part, or copies one. */
  UPLOAD_PART,
  /** Makes the object of its parts. */
  COMPLETE_MULTIPART_UPLOAD,
  /** Gives a multipart upload up. */
  ABORT_MULTIPART_UPLOAD,
  /** Anything else, such as what concerns buckets. */
  OTHER;

  static S3Action of(String method, String target, boolean copies) {
    int mark = target.indexOf('?');
    String path = mark < 0 ? target : target.substring(0, mark);
    Set<String> query = names(mark < 0 ? "" : target.substring(mark + 1));
    boolean object = path.indexOf('/', 1) > 0 && !path.endsWith("/");
    return switch (method) {
      case "GET" ->
          object && !query.contains("uploadId")
              ? GET_OBJECT
              : query.contains("list-type") ? LIST_OBJECTS : OTHER;
      case "HEAD" -> object ? HEAD_OBJECT : OTHER;
      case "PUT" ->
          query.contains("partNumber")
              ? UPLOAD_PART
              : !object ? OTHER : copies ? COPY_OBJECT : PUT_OBJECT;
      case "POST" ->
          query.contains("uploads")
              ? CREATE_MULTIPART_UPLOAD
              : query.contains("uploadId")
                  ? COMPLETE_MULTIPART_UPLOAD
                  : query.contains("delete") ? DELETE_OBJECTS : OTHER;
      case "DELETE" ->
          query.contains("uploadId") ? ABORT_MULTIPART_UPLOAD : object ? DELETE_OBJECT : OTHER;
      default -> OTHER;
    };
  }

  private static Set<String> names(String query) {
    Set<String> names = new TreeSet<>();
    for (String parameter : query.split("&")) {
      int equals = parameter.indexOf('=');
      names.add(equals < 0 ? parameter : parameter.substring(0, equals));
    }
    return names;
  }
}
