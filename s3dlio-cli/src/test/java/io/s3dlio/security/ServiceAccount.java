package io.s3dlio.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;

/** The key of a service account of Google's, new, with tokens from a server of one's own. */
final class ServiceAccount {

  private ServiceAccount() {}

  /** Writes the file; what it says of the key is a line of Base64. */
  static String write(Path file, String tokenUri) throws IOException, GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    String key =
        Base64.getEncoder().encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
    Files.writeString(
        file,
        """
        {"type": "service_account", "project_id": "project", "private_key_id": "id",
         "private_key": "-----BEGIN PRIVATE KEY-----\\n%s\\n-----END PRIVATE KEY-----\\n",
         "client_email": "tester@project.iam.gserviceaccount.com", "client_id": "1",
         "token_uri": "%s"}
        """
            .formatted(key, tokenUri));
    return key;
  }
}
