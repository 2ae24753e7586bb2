package io.s3dlio.checkpoint;

/**
 * One record of the log.
 *
 * @param slot its place, from 0, without gaps
 * @param change what it does
 * @param previous SHA-256 of the record before, in hexadecimal; empty at slot 0
 * @param ledger the checkpoints there are with it
 */
record LogRecord(long slot, Change change, String previous, Ledger ledger) {}
