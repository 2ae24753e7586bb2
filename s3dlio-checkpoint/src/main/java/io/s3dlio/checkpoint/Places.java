package io.s3dlio.checkpoint;

import io.s3dlio.ObjectStoreException;
import io.s3dlio.ObjectStoreException.Kind;
import io.s3dlio.ObjectUri;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Where the objects of a history of checkpoints lie.
 *
 * @param base ends with a slash
 */
record Places(ObjectUri base) {

  private static final String DATA = "data/";

  static Places under(ObjectUri base) {
    return new Places(
        base.key().isEmpty() || base.key().endsWith("/") ? base : base.withKey(base.key() + "/"));
  }

  ObjectUri slot(long slot) {
    return base.resolve(String.format(Locale.ROOT, "log/%020d", slot) + ".json");
  }

  ObjectUri hint() {
    return base.resolve("latest.json");
  }

  /** What everybody tries to create, and all but the first must fail to. */
  ObjectUri probe() {
    return base.resolve("probe");
  }

  /** Where the ranks of a job meet that have no other means. */
  ObjectUri meeting(String job, long step, int count) {
    return meetings().resolve(job + "-" + step + "-" + count);
  }

  ObjectUri meetings() {
    return base.resolve("meet/");
  }

  ObjectUri data() {
    return base.resolve(DATA);
  }

  ObjectUri attempt(UUID attempt) {
    return base.resolve(DATA + attempt + "/");
  }

  /** The first object of an attempt, and the last to be deleted. */
  ObjectUri marker(UUID attempt) {
    return attempt(attempt).resolve("attempt");
  }

  ObjectUri manifest(UUID attempt) {
    return attempt(attempt).resolve("manifest.json");
  }

  ObjectUri description(UUID attempt, int rank) {
    return attempt(attempt).resolve(rank(rank) + ".json");
  }

  ObjectUri shard(UUID attempt, int rank, ShardFormat format) {
    return attempt(attempt).resolve(rank(rank) + format.suffix());
  }

  private static String rank(int rank) {
    return String.format(Locale.ROOT, "rank-%05d", rank);
  }

  /** What the place does not take now: it has another state. */
  ObjectStoreException refused(String why) {
    return ObjectStoreException.of(Kind.PRECONDITION_FAILED, "checkpoint", base, why, null);
  }

  /** What the caller asks for that cannot be, here or anywhere. */
  ObjectStoreException invalid(String why) {
    return new ObjectStoreException(Kind.INVALID, "checkpoint", base, why, null);
  }

  /** The attempt whose directory this is; empty for what is none of ours. */
  Optional<UUID> attemptOf(ObjectUri directory) {
    String name = directory.key().substring(data().key().length());
    try {
      UUID id = UUID.fromString(name.substring(0, Math.max(0, name.length() - 1)));
      return attempt(id).equals(directory) ? Optional.of(id) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // somebody else's
    }
  }
}
