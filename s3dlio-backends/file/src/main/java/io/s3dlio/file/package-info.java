/** The store on files. */
package io.s3dlio.file;
