package io.s3dlio.azure;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.core.exception.ClientAuthenticationException;
import com.azure.identity.DefaultAzureCredentialBuilder;
import io.s3dlio.http.HttpRequest;
import io.s3dlio.rest.Authorizer;
import io.s3dlio.rest.NoCredentialsException;
import io.s3dlio.rest.Tokens;
import io.s3dlio.rest.Tokens.Token;
import java.util.concurrent.CompletableFuture;

/**
 * Tokens of azure-identity's default chain: environment, workload and managed identity, the logins
 * of developers' tools. The library is loaded when the first token is needed.
 */
final class IdentityTokens {

  private static final String SCOPE = "https://storage.azure.com/.default";

  private static final String TRIED =
      "no credentials found; tried az.account-key, az.sas-token, az.connection-string,"
          + " AZURE_STORAGE_CONNECTION_STRING, AZURE_STORAGE_KEY, AZURE_STORAGE_SAS_TOKEN";

  private static final String SET =
      ". Set one of them, log in (az login), or read public data with az.anonymous=true (--no-sign-request)";

  private IdentityTokens() {}

  static Authorizer authorizer() {
    return isThere() ? new Tokens("az", new Chain()::fetch) : IdentityTokens::missing;
  }

  private static boolean isThere() {
    try {
      Class.forName(
          "com.azure.identity.DefaultAzureCredentialBuilder",
          false,
          IdentityTokens.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static CompletableFuture<HttpRequest> missing(HttpRequest request) {
    return CompletableFuture.failedFuture(
        new NoCredentialsException(
            TRIED
                + "; the chain of azure-identity (managed identity, az login and others) needs"
                + " com.azure:azure-identity on the class path"
                + SET,
            null));
  }

  /** Apart from the rest, which is loaded without the library too. */
  private static final class Chain {
    private TokenCredential credential;

    private synchronized Token fetch() {
      try {
        if (credential == null) {
          credential = new DefaultAzureCredentialBuilder().build();
        }
        AccessToken token = credential.getTokenSync(new TokenRequestContext().addScopes(SCOPE));
        return new Token(token.getToken(), token.getExpiresAt().toInstant());
      } catch (ClientAuthenticationException e) {
        String said = e.getMessage().lines().findFirst().orElse("");
        throw new NoCredentialsException(
            TRIED + ", azure-identity's default chain (" + said + ")" + SET, e);
      }
    }
  }
}
