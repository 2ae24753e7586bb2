package io.s3dlio.s3.http;

import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import software.amazon.awssdk.http.SdkHttpExecutionAttribute;

/**
 * Takes the body of an answer from the client itself, past the SDK, which hears of its end only.
 * Called on the connection's thread. If no more is wanted it cancels the subscription that it has
 * from the SDK, and takes what still comes without a word.
 */
public interface Intake {

  /** With which attribute a request names its {@link Finder}. */
  Key KEY = new Key();

  /** Tells who takes the body of the answer whose head the SDK has just been given. */
  @FunctionalInterface
  interface Finder {
    /**
     * Asked once an answer.
     *
     * @return null if the SDK does
     */
    Intake intake();
  }

  /**
   * Whether {@link #takeFrom} can be used.
   *
   * @return the same until the body's end
   */
  boolean inPlace();

  /**
   * Takes bytes that the client had to receive itself.
   *
   * @param bytes the memory is the client's again afterwards
   */
  void take(ByteBuffer bytes);

  /**
   * Reads once from the socket into the memory where the bytes are wanted.
   *
   * @param socket does not block
   * @param most bytes to read
   * @return bytes read; 0 if there were none or no more is wanted, -1 at the socket's end
   */
  int takeFrom(ReadableByteChannel socket, int most);

  /** The type of {@link #KEY}. */
  final class Key extends SdkHttpExecutionAttribute<Finder> {
    private Key() {
      super(Finder.class);
    }
  }
}
