/**
 * Faults on purpose: a proxy between a client and a real server, a backend that fails, and a grid
 * that holds every operation of a store against every fault.
 *
 * <p>What is injected is reproducible: a {@link io.s3dlio.testkit.fault.Schedule} says which
 * requests are hit, its seed where in the bytes. What counts is what was {@linkplain
 * io.s3dlio.testkit.fault.FaultProxy#fired() done}, not what was ordered.
 */
package io.s3dlio.testkit.fault;
