package io.s3dlio.layer;

import io.s3dlio.ObjectStoreException.Kind;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A request that has ended. Times are of {@link System#nanoTime}.
 *
 * @param call what was asked
 * @param startNanos when; calls are told in the order in which they end
 * @param answerNanos when the first answer to a read began
 * @param endNanos when it ended
 * @param received bytes read, those of broken and repeated answers too
 * @param error what kind of failure it ended with, if with one
 */
public record RecordedCall(
    Call call,
    long startNanos,
    OptionalLong answerNanos,
    long endNanos,
    long received,
    Optional<Kind> error) {}
