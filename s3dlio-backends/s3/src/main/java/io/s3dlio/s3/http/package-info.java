/**
 * HTTP/1.1 under the AWS SDK: bodies come from the socket into the memory where they are wanted,
 * and go to it from the memory where they are. Knows nothing of S3. Not exported.
 */
package io.s3dlio.s3.http;
