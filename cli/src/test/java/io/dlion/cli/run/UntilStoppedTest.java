package io.dlion.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.core.report.Report.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class UntilStoppedTest {
  private final List<Report> shown = new ArrayList<>();
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final UntilStopped sink = new UntilStopped(shown::add, stopping::get);

  private static Report notice(Severity severity) {
    return new Report.Notice(new WorkerId("w1"), 1, severity, "w2 takes part no longer");
  }

  @Test
  void warningsAreShownUntilSomebodyAsksToStop() {
    sink.accept(notice(Severity.WARNING));
    stopping.set(true);
    sink.accept(notice(Severity.WARNING));
    assertThat(shown).containsExactly(notice(Severity.WARNING));
  }

  @Test
  void errorsAndEverythingElseAreShownToTheEnd() {
    stopping.set(true);
    Report evaluated = new Report.Evaluated(new WorkerId("w1"), 1, 9, 900, 0.5, 1, 0);
    sink.accept(notice(Severity.ERROR));
    sink.accept(evaluated);
    assertThat(shown).containsExactly(notice(Severity.ERROR), evaluated);
  }
}
