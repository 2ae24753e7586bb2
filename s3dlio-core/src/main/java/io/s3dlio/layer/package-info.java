/**
 * Layers that go over any backend: metrics, limits, a prefix, read-only, a record of what was
 * asked.
 */
package io.s3dlio.layer;
