package io.s3dlio.testkit.server;

import java.security.SecureRandom;
import java.util.HexFormat;

/** The one user of a server, made up at random. Never printed. */
record Credentials(String accessKey, String secretKey) {

  static Credentials random() {
    SecureRandom random = new SecureRandom();
    return new Credentials("test" + hex(random, 8), hex(random, 20));
  }

  private static String hex(SecureRandom random, int bytes) {
    byte[] made = new byte[bytes];
    random.nextBytes(made);
    return HexFormat.of().formatHex(made);
  }

  @Override
  public String toString() {
    return "Credentials[hidden]";
  }
}
