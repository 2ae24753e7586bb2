/** What the author of a backend or of a decorator implements. */
package io.s3dlio.spi;
