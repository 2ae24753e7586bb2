package io.s3dlio.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpuSetTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",",
        "0,",
        "-1",
        "1-",
        "3-1",
        "a",
        "0-1-2",
        "0..3",
        "1048576",
        "0-1048576",
        "99999999999",
        "0 1",
        "0x3",
        "٣"
      })
  void what_is_no_list_is_refused_and_read_from_a_file_as_nothing(String text) {
    assertThatThrownBy(() -> CpuSet.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("CPUs");
    assertThat(ProcFiles.cpuList(text)).isEqualTo(CpuSet.NONE);
  }

  @Test
  void blanks_around_numbers_are_passed_over() {
    assertThat(CpuSet.parse(" 0-2, 7 ")).hasToString("0-2,7");
    assertThat(CpuSet.parse(" \n")).isEqualTo(CpuSet.NONE).hasToString("");
  }
}
