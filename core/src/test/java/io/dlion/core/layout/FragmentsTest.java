package io.dlion.core.layout;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.Layouts;
import java.util.List;
import org.junit.jupiter.api.Test;

class FragmentsTest {
  private static List<Integer> counts(Fragments fragments, long iteration) {
    return fragments.of(iteration).stream().map(Variable::count).toList();
  }

  @Test
  void theLargestVariablesComeFirstEachWhereLeastIs() {
    // 10 | 9, then 9 + 4 = 13, 10 + 3 = 13, and 2 to the first of the two
    Fragments fragments = new Fragments(Layouts.of(4, 10, 3, 9, 2), 2);
    assertThat(counts(fragments, 0)).containsExactly(10, 3, 2);
    assertThat(counts(fragments, 1)).containsExactly(9, 4);
    assertThat(counts(fragments, 6)).as("by turns").containsExactly(10, 3, 2);
  }

  @Test
  void thereAreNoMoreThanVariables() {
    Fragments fragments = new Fragments(Layouts.of(5, 7), 9);
    assertThat(fragments.count()).isEqualTo(2);
    assertThat(counts(fragments, 1)).containsExactly(5);
    assertThat(counts(new Fragments(Layouts.of(5, 7), 1), 3)).containsExactly(7, 5);
  }
}
