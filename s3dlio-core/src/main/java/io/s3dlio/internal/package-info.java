/** The transfer engine. Not for users. */
package io.s3dlio.internal;
