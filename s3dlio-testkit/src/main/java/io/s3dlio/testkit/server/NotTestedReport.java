package io.s3dlio.testkit.server;

import java.io.PrintStream;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Prints every test that was aborted or skipped, with its reason, on the standard error stream at
 * the end of the run: what was not tested is never passed over in silence. JUnit finds it by
 * itself.
 */
public final class NotTestedReport implements TestExecutionListener {

  private final Supplier<PrintStream> out;

  /** The tests of each reason. */
  private final Map<String, SortedSet<String>> tests = new TreeMap<>();

  /** For JUnit. */
  public NotTestedReport() {
    this(() -> System.err);
  }

  NotTestedReport(Supplier<PrintStream> out) {
    this.out = out;
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    add(test, reason);
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
      add(test, result.getThrowable().map(Throwable::getMessage).orElse("no reason given"));
    }
  }

  private synchronized void add(TestIdentifier test, String reason) {
    tests.computeIfAbsent(String.valueOf(reason), r -> new TreeSet<>()).add(nameOf(test));
  }

  private static String nameOf(TestIdentifier test) {
    Object source = test.getSource().orElse(null);
    if (source instanceof MethodSource method) {
      return method.getClassName() + "." + method.getMethodName();
    }
    return source instanceof ClassSource type ? type.getClassName() : test.getDisplayName();
  }

  @Override
  public synchronized void testPlanExecutionFinished(TestPlan plan) {
    if (tests.isEmpty()) {
      return;
    }
    StringBuilder report = new StringBuilder(System.lineSeparator());
    tests.forEach(
        (reason, names) -> {
          report.append("NOT TESTED, ").append(reason.strip().replaceAll("\\R", "; "));
          names.forEach(name -> report.append(System.lineSeparator()).append("    ").append(name));
          report.append(System.lineSeparator());
        });
    tests.clear();
    out.get().println(report);
    out.get().flush();
  }
}
