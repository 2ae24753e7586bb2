package io.s3dlio.azure;

import io.s3dlio.http.HttpRequest;
import io.s3dlio.rest.Answer;
import io.s3dlio.rest.AnswerException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Requests within a request, and their answers within its answer (RFC 2046, section 5.1). */
final class BatchBody {

  private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]+)\"?");
  private static final Pattern ID = Pattern.compile("(?im)^Content-ID: *([0-9]{1,9}) *\r?$");
  private static final Pattern STATUS = Pattern.compile("(?m)^HTTP/1\\.[01] ([0-9]{3})(.*)\r?$");
  private static final Pattern CODE = Pattern.compile("(?im)^x-ms-error-code: *(\\S+) *\r?$");

  private BatchBody() {}

  static String of(String boundary, List<HttpRequest> requests) {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < requests.size(); i++) {
      HttpRequest request = requests.get(i);
      body.append("--").append(boundary).append("\r\n");
      body.append("Content-Type: application/http\r\n");
      body.append("Content-Transfer-Encoding: binary\r\n");
      body.append("Content-ID: ").append(i).append("\r\n\r\n");
      body.append(request.method()).append(' ').append(request.target()).append(" HTTP/1.1\r\n");
      request.forEachHeader(
          (name, value) -> body.append(name).append(": ").append(value).append("\r\n"));
      body.append("Content-Length: 0\r\n\r\n");
    }
    return body.append("--").append(boundary).append("--\r\n").toString();
  }

  /**
   * Takes the answers apart.
   *
   * @return what was said to each request, by its number; those that cannot be read are missing
   */
  static Map<Integer, AnswerException> read(Answer answer) {
    Matcher boundary = BOUNDARY.matcher(answer.head().header("Content-Type").orElse(""));
    if (!boundary.find()) {
      throw new IllegalArgumentException("the answer to a batch is not multipart/mixed");
    }
    Map<Integer, AnswerException> said = new HashMap<>();
    for (String part : answer.text().split("--" + Pattern.quote(boundary.group(1)), -1)) {
      Matcher id = ID.matcher(part);
      Matcher status = STATUS.matcher(part);
      if (id.find() && status.find()) {
        Matcher code = CODE.matcher(part);
        said.put(
            Integer.valueOf(id.group(1)),
            new AnswerException(
                Integer.parseInt(status.group(1)),
                code.find() ? code.group(1) : "",
                status.group(2).strip()));
      }
    }
    return said;
  }
}
