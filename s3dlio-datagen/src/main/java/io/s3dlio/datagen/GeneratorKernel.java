package io.s3dlio.datagen;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The code that makes the bytes. There are two, which make the same bytes: {@code scalar} runs
 * everywhere; {@code vector} is several times as fast and needs the JVM option {@code --add-modules
 * jdk.incubator.vector}.
 *
 * <p>One is chosen when it is first needed, for all threads. The system property {@value #PROPERTY}
 * says which: {@code auto}, the default, takes {@code vector} if it can be had.
 */
public final class GeneratorKernel {

  /** The name of the system property. */
  public static final String PROPERTY = "s3dlio.kernel";

  private static final String MODULE = "jdk.incubator.vector";
  private static final String OPTION = "--add-modules " + MODULE;

  private GeneratorKernel() {}

  /**
   * Which one runs in this JVM.
   *
   * @return {@code scalar} or {@code vector}
   * @throws IllegalStateException if the property asks for one that cannot be had, or is not a
   *     choice; the message names what to change
   */
  public static String name() {
    return create().kernelName();
  }

  static Kernel create() {
    return create(Choice.OF_THIS_JVM);
  }

  /** A kernel for one thread. */
  static Kernel create(String choice) {
    return create(choice, Vector.FOUND);
  }

  static Kernel create(String choice, Found vector) {
    switch (choice) {
      case "scalar":
        return new ScalarKernel();
      case "vector":
        return make(
            vector
                .constructor()
                .orElseThrow(
                    () ->
                        new IllegalStateException(
                            PROPERTY
                                + "=vector, but the vector kernel cannot be had: "
                                + vector.missing())));
      case "auto":
        return vector.constructor().isPresent()
            ? make(vector.constructor().get())
            : new ScalarKernel();
      default:
        throw new IllegalStateException(
            PROPERTY + "=" + choice + ": must be auto, scalar or vector");
    }
  }

  private static Kernel make(Constructor<? extends Kernel> constructor) {
    try {
      return constructor.newInstance();
    } catch (InvocationTargetException | InstantiationException | IllegalAccessException e) {
      throw new IllegalStateException("the vector kernel cannot be made", e);
    }
  }

  /** Read once; whether it can be had is not asked here, so that each thread is told why not. */
  private static final class Choice {
    static final String OF_THIS_JVM = System.getProperty(PROPERTY, "auto");
  }

  /**
   * What was found of the vector kernel.
   *
   * @param missing why it cannot be had, for people to read; empty if it can
   */
  record Found(Optional<Constructor<? extends Kernel>> constructor, String missing) {

    static Found nothing(String why) {
      return new Found(Optional.empty(), why);
    }
  }

  /** Looked for once. */
  private static final class Vector {

    static final Found FOUND = find();

    private static Found find() {
      Optional<Module> module = ModuleLayer.boot().findModule(MODULE);
      if (module.isEmpty()) {
        return Found.nothing("it needs the JVM option " + OPTION);
      }
      if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
        return Found.nothing("this CPU is not little-endian");
      }
      // Not in module-info: whoever reads that would be told of an incubator.
      GeneratorKernel.class.getModule().addReads(module.get());
      try {
        Class<?> kernel = Class.forName("io.s3dlio.datagen.VectorKernel");
        Constructor<? extends Kernel> constructor =
            kernel.asSubclass(Kernel.class).getDeclaredConstructor();
        constructor.newInstance();
        return new Found(Optional.of(constructor), "");
      } catch (InvocationTargetException e) {
        return refused(e, e.getCause());
      } catch (ReflectiveOperationException | LinkageError e) {
        return refused(e, e);
      }
    }

    /** A JDK whose vectors are not those that are known, or a CPU without: the other one runs. */
    private static Found refused(Throwable failure, Throwable cause) {
      System.getLogger("io.s3dlio.datagen")
          .log(System.Logger.Level.DEBUG, "no vector kernel in this JVM", failure);
      return Found.nothing(
          "the vectors of this JVM, " + Runtime.version() + ", cannot be used: " + cause);
    }
  }
}
