/** Off-heap memory, pooled within a budget. */
package io.s3dlio.buffer;
