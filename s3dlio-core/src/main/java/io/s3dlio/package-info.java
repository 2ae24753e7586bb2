/** What a user of s3dlio imports: the store, its options, results and errors. */
package io.s3dlio;
