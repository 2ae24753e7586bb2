package io.s3dlio.checkpoint;

import java.util.Optional;

/**
 * One record of the log.
 *
 * @param slot its place, from 0, without gaps
 * @param change what it does
 * @param previous SHA-256 of the record before, in hexadecimal; empty at slot 0
 * @param ledger the checkpoints there are with it
 */
record LogRecord(long slot, Change change, String previous, Ledger ledger) {

  /** Whether it makes an allowed change to what another record, or none, has left. */
  boolean follows(Optional<LogRecord> before) {
    Ledger there = Ledger.after(before);
    return previous.equals(before.map(RecordText::hash).orElse(""))
        && there.refusal(change).isEmpty()
        && there.with(change, slot).equals(ledger);
  }
}
