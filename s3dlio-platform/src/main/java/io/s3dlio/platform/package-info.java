/** What the machine offers. */
package io.s3dlio.platform;
