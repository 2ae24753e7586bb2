package io.s3dlio.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A decorator that loses a method would lose what it decorates. */
class ForwardingBackendTest {

  @Test
  void everyMethodIsHandedOnWithItsArgumentsAndItsResult() throws Exception {
    List<String> called = new ArrayList<>();
    Object[] result = new Object[1];
    Object[][] given = new Object[1][];
    StoreBackend delegate =
        (StoreBackend)
            Proxy.newProxyInstance(
                StoreBackend.class.getClassLoader(),
                new Class<?>[] {StoreBackend.class},
                (proxy, method, arguments) -> {
                  called.add(method.toGenericString());
                  given[0] = arguments;
                  return result[0];
                });
    StoreBackend forwarding = new ForwardingBackend(delegate) {};
    int methods = 0;
    for (Method method : StoreBackend.class.getMethods()) {
      if (Modifier.isStatic(method.getModifiers())) {
        continue;
      }
      methods++;
      called.clear();
      Object[] arguments =
          Arrays.stream(method.getParameterTypes()).map(ForwardingBackendTest::any).toArray();
      result[0] = method.getReturnType() == void.class ? null : any(method.getReturnType());
      Object got = invoke(forwarding, method, arguments);
      assertThat(called)
          .as("what %s calls", method.getName())
          .containsExactly(method.toGenericString());
      assertThat(given[0] == null ? new Object[0] : given[0]).containsExactly(arguments);
      assertThat(got).isEqualTo(result[0]);
      assertThat(
              ForwardingBackend.class.getDeclaredMethod(
                  method.getName(), method.getParameterTypes()))
          .as("declared, not inherited as a default")
          .isNotNull();
    }
    assertThat(methods).isEqualTo(16);
  }

  private static Object invoke(Object target, Method method, Object[] arguments) throws Exception {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw new AssertionError(e.getCause());
    }
  }

  private static Object any(Class<?> type) {
    if (type == long.class) {
      return 42L;
    }
    if (type == boolean.class) {
      return true;
    }
    if (type.isInterface()) {
      return Proxy.newProxyInstance(
          type.getClassLoader(),
          new Class<?>[] {type},
          (proxy, method, arguments) ->
              switch (method.getName()) {
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                case "toString" -> "any " + type.getSimpleName();
                default -> null;
              });
    }
    if (type == java.util.concurrent.CompletableFuture.class) {
      return new java.util.concurrent.CompletableFuture<>();
    }
    return switch (type.getSimpleName()) {
      case "ObjectUri" -> new io.s3dlio.ObjectUri("memory", "b", "k" + System.nanoTime());
      case "String" -> "v" + System.nanoTime();
      case "ReadRequest" -> new ReadRequest(io.s3dlio.ByteRange.WHOLE, java.util.Optional.of("e"));
      case "Payload" -> new Payload(List.of(), 0, java.util.Optional.empty());
      case "PutOptions" -> io.s3dlio.PutOptions.DEFAULT.withContentType("a/b");
      case "ListOptions" -> io.s3dlio.ListOptions.ONE_LEVEL;
      case "Capabilities" -> new io.s3dlio.Capabilities(true, true, true, true, 7, 8);
      default -> throw new AssertionError("the test knows no value of " + type);
    };
  }
}
