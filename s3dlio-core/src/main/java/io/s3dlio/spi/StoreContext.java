package io.s3dlio.spi;

import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;

/**
 * What a provider is given to open a store with.
 *
 * @param config the settings, checked
 * @param listener to be told of every attempt of a request
 */
public record StoreContext(StoreConfig config, RequestListener listener) {}
