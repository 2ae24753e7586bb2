package io.s3dlio.checkpoint.fault;

import io.s3dlio.testkit.fault.BackendCall;
import io.s3dlio.testkit.fault.BackendFault;
import io.s3dlio.testkit.fault.FaultyBackend;
import io.s3dlio.testkit.fault.Schedule;
import java.util.List;

/** What is done to one call of a backend, and to those after it. */
enum Blow {
  /** It is not carried out, and the caller is told that nobody answers. */
  NOT_DONE(BackendFault.FAIL, false),
  /** It is carried out, and the answer is lost. */
  ANSWER_LOST(BackendFault.FAIL_AFTER, false),
  /** It is carried out twice, and the second answer arrives. */
  DONE_TWICE(BackendFault.TWICE, false),
  /** It is not carried out, and the caller is told that it was given up. */
  GIVEN_UP(BackendFault.CANCEL, false),
  /** It is not carried out, nor is any after it: the process is dead. */
  DEAD_BEFORE(BackendFault.FAIL, true),
  /** It is carried out, and none after it is. */
  DEAD_AFTER(BackendFault.FAIL_AFTER, true),
  /** A bit of what is read arrives wrong. */
  BIT_TURNED(BackendFault.FLIP, false),
  /** What is read ends early, as if that were all. */
  CUT_SHORT(BackendFault.SHORTEN, false);

  private final BackendFault fault;
  private final boolean deadly;

  Blow(BackendFault fault, boolean deadly) {
    this.fault = fault;
    this.deadly = deadly;
  }

  boolean deadly() {
    return deadly;
  }

  boolean fits(BackendCall call) {
    boolean ofBytes = this == BIT_TURNED || this == CUT_SHORT;
    return ofBytes ? call.method().equals("read") : call.fits(fault);
  }

  /**
   * Orders it.
   *
   * @param calls those that will come; the blow strikes at one of them that it fits
   * @param at which one
   */
  void arm(FaultyBackend backend, List<BackendCall> calls, int at) {
    int n = 1 + (int) calls.subList(0, at).stream().filter(this::fits).count();
    Schedule<BackendCall> schedule =
        Schedule.<BackendCall>once().matching(this::fits).from(n).seeded(at);
    backend.inject(fault, schedule);
    if (deadly) {
      // The call that is struck already is not counted again.
      backend.inject(BackendFault.FAIL, Schedule.<BackendCall>always().from(at + 1));
    }
  }
}
