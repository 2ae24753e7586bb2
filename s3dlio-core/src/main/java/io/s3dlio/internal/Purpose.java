package io.s3dlio.internal;

import io.s3dlio.ObjectUri;

/** What memory was taken for; made into text only where somebody asks. */
record Purpose(String operation, ObjectUri uri) {
  @Override
  public String toString() {
    return operation + " " + uri;
  }
}
