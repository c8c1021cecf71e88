package io.dlion.stream;

import io.dlion.core.report.Report.Severity;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;

/**
 * Says once that a broker does not answer, and once that it does again. Safe for several threads.
 */
final class Outage {
  private final String address;
  private final Consumer<RawRecord.Remark> remarks;
  private LocalTime lastAnswer = LocalTime.now(ZoneId.systemDefault());
  private boolean away;

  Outage(String address, Consumer<RawRecord.Remark> remarks) {
    this.address = address;
    this.remarks = remarks;
  }

  synchronized void answered() {
    lastAnswer = LocalTime.now(ZoneId.systemDefault());
    if (away) {
      away = false;
      remarks.accept(new RawRecord.Remark(Severity.INFO, address + " answers again"));
    }
  }

  /**
   * The broker did not answer.
   *
   * @param why for people; empty where nothing is known
   */
  synchronized void failed(String why) {
    if (!away) {
      away = true;
      remarks.accept(
          new RawRecord.Remark(
              Severity.WARNING,
              "no answer from "
                  + address
                  + " since "
                  + lastAnswer.truncatedTo(ChronoUnit.SECONDS)
                  + (why.isEmpty() ? "" : " (" + why + ")")
                  + ", training goes on with what is there"));
    }
  }

  synchronized boolean isAway() {
    return away;
  }
}
