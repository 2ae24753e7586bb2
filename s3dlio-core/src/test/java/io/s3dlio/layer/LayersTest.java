package io.s3dlio.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.s3dlio.ByteSink;
import io.s3dlio.Capabilities;
import io.s3dlio.ObjectStores;
import io.s3dlio.ObjectUri;
import io.s3dlio.RequestListener;
import io.s3dlio.StoreConfig;
import io.s3dlio.spi.ForwardingBackend;
import io.s3dlio.spi.ListCursor;
import io.s3dlio.spi.PartUpload;
import io.s3dlio.spi.Receiver;
import io.s3dlio.spi.StoreBackend;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No layer loses anything of what it lies over, and whoever adds a method has to think of each. */
class LayersTest {

  /** What each decorator hands on as it is, on purpose. All else it has a method of its own for. */
  private static final Map<Class<?>, Set<String>> HANDED_ON =
      Map.of(
          InterceptingBackend.class, Set.of("capabilities", "isLocal"),
          PrefixedBackend.class, Set.of("capabilities", "isLocal", "close"),
          ReadOnly.ReadOnlyBackend.class,
              Set.of("isLocal", "head", "tags", "read", "list", "listBuckets", "close"));

  /** What the decorators wrap beside backends. */
  private static final List<Class<?>> WRAPPED =
      List.of(PartUpload.class, ListCursor.class, Receiver.class, ByteSink.class);

  static List<Layer> all() {
    return List.of(
        new KeyPrefix("p/"),
        new ReadOnly(),
        new Tap(call -> {}),
        new Recording(10),
        new Metrics(),
        new ConcurrencyLimit(1),
        RateLimit.requests(1),
        RateLimit.bytes(1));
  }

  private static List<Class<?>> classes() throws Exception {
    Path directory = Path.of(Layer.class.getResource("Layer.class").toURI()).getParent();
    List<Class<?>> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".class") && !name.equals("package-info.class")) {
          found.add(
              Class.forName(
                  Layer.class.getPackageName() + "." + name.substring(0, name.length() - 6)));
        }
      }
    }
    return found;
  }

  private static Stream<Method> methods(Class<?> type) {
    return Arrays.stream(type.getMethods()).filter(m -> !Modifier.isStatic(m.getModifiers()));
  }

  private static boolean declares(Class<?> type, Method method) {
    return Arrays.stream(type.getDeclaredMethods())
        .anyMatch(
            own ->
                own.getName().equals(method.getName())
                    && Arrays.equals(own.getParameterTypes(), method.getParameterTypes()));
  }

  @Test
  void everyDecoratorDecidesAboutEveryMethod() throws Exception {
    Set<Class<?>> decorators = new TreeSet<>(java.util.Comparator.comparing(Class::getName));
    for (Class<?> type : classes()) {
      if (StoreBackend.class.isAssignableFrom(type)) {
        decorators.add(type);
      }
    }
    assertThat(decorators).containsExactlyInAnyOrderElementsOf(HANDED_ON.keySet());
    for (Class<?> decorator : decorators) {
      assertThat(decorator.getSuperclass()).isEqualTo(ForwardingBackend.class);
      Set<String> handedOn = new TreeSet<>();
      methods(StoreBackend.class)
          .filter(method -> !declares(decorator, method))
          .forEach(method -> handedOn.add(method.getName()));
      assertThat(handedOn).as("what %s hands on", decorator).isEqualTo(HANDED_ON.get(decorator));
    }
  }

  @Test
  void everyWrapperHasEveryMethodOfWhatItWraps() throws Exception {
    int wrappers = 0;
    for (Class<?> type : classes()) {
      for (Class<?> wrapped : WRAPPED) {
        if (wrapped.isAssignableFrom(type) && !type.isInterface()) {
          wrappers++;
          for (Class<?> declared : type.getInterfaces()) {
            assertThat(methods(declared))
                .as("methods of %s in %s", declared, type)
                .allMatch(method -> declares(type, method));
          }
        }
      }
    }
    assertThat(wrappers).isEqualTo(6);
    assertThat(methods(Receiver.class)).as("a lambda has no more than one").hasSize(1);
  }

  @Test
  void whatAStoreCanDoShowsThroughEveryLayer() throws Exception {
    ObjectUri uri = ObjectUri.parse("memory://layers/");
    List<String> closed = new ArrayList<>();
    // What no backend of this module declares, too.
    Capabilities can = new Capabilities(true, true, true, true, true, true, 7, 8);
    for (boolean local : new boolean[] {true, false}) {
      for (Layer layer : all()) {
        closed.clear();
        StoreBackend below =
            new ForwardingBackend(
                ObjectStores.backend(uri, StoreConfig.defaults(), RequestListener.NONE)) {
              @Override
              public Capabilities capabilities() {
                return can;
              }

              @Override
              public boolean isLocal() {
                return local;
              }

              @Override
              public void close() {
                closed.add("closed");
              }
            };
        StoreBackend layered = layer.over(below);
        assertThat(layered.isLocal()).isEqualTo(local);
        assertCan(layered.capabilities(), can, layer);
        layered.close();
        assertThat(closed).containsExactly("closed");
      }
    }
  }

  /** But for the conditions of puts, where there are no puts. */
  private static void assertCan(Capabilities layered, Capabilities below, Layer layer)
      throws Exception {
    for (RecordComponent one : Capabilities.class.getRecordComponents()) {
      boolean ofPuts = Set.of("createIfAbsent", "ifMatch").contains(one.getName());
      assertThat(one.getAccessor().invoke(layered))
          .as("%s through %s", one.getName(), layer)
          .isEqualTo(ofPuts && layer instanceof ReadOnly ? false : one.getAccessor().invoke(below));
    }
  }
}
