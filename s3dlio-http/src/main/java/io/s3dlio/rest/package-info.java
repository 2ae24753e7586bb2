/**
 * What the stores of clouds share above HTTP: requests with their attempts, what failures mean,
 * bodies on their way to a receiver. For backends alone.
 */
package io.s3dlio.rest;
