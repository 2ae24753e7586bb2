package io.s3dlio.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

class CpuSetProperties {

  @Property
  void numbers_in_any_order_are_read_and_written_in_short(
      @ForAll @Size(max = 40) Set<@IntRange(max = 60) Integer> numbers) {
    CpuSet set = set(numbers);
    assertThat(set.stream().boxed()).containsExactlyElementsOf(new TreeSet<>(numbers));
    assertThat(set.size()).isEqualTo(numbers.size());
    assertThat(set.isEmpty()).isEqualTo(numbers.isEmpty());
    for (int cpu = -1; cpu <= 61; cpu++) {
      assertThat(set.contains(cpu)).isEqualTo(numbers.contains(cpu));
    }
    assertThat(CpuSet.parse(set.toString())).isEqualTo(set).hasSameHashCodeAs(set);
  }

  @Property
  void a_range_has_all_from_its_first_to_its_last(
      @ForAll @IntRange(max = 5000) int first, @ForAll @IntRange(max = 5000) int more) {
    CpuSet set = CpuSet.parse(first + "-" + (first + more));
    assertThat(set.size()).isEqualTo(more + 1);
    assertThat(set.contains(first) && set.contains(first + more)).isTrue();
    assertThat(set).hasToString(more == 0 ? "" + first : first + "-" + (first + more));
  }

  @Property
  void sets_meet_and_part_as_sets_do(
      @ForAll @Size(max = 20) Set<@IntRange(max = 30) Integer> one,
      @ForAll @Size(max = 20) Set<@IntRange(max = 30) Integer> other) {
    CpuSet a = set(one);
    CpuSet b = set(other);
    assertThat(a.and(b).or(a.without(b))).isEqualTo(a);
    assertThat(a.and(b)).isEqualTo(b.and(a));
    assertThat(a.without(b).and(b)).isEqualTo(CpuSet.NONE);
    assertThat(a.or(b).size()).isEqualTo(a.size() + b.size() - a.and(b).size());
  }

  @Property
  void any_text_is_a_set_or_nothing(@ForAll @StringLength(max = 30) String text) {
    CpuSet set = ProcFiles.cpuList(text);
    assertThat(CpuSet.parse(set.toString())).isEqualTo(set);
  }

  private static CpuSet set(Set<Integer> numbers) {
    return CpuSet.parse(numbers.stream().map(String::valueOf).collect(Collectors.joining(",")));
  }
}
