package io.dlion.emulator.run;

import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import io.dlion.core.report.Report;
import java.util.ArrayList;
import java.util.List;

/** What an emulation told, as text: two equal tapes are two equal runs. */
final class Tape implements Observer {
  record Relayed(WorkerPair pair, List<WorkerId> over, long fromNanos, long toNanos, long bytes) {}

  final List<Relayed> relayed = new ArrayList<>();

  final List<String> lines = new ArrayList<>();
  final List<Report> reports = new ArrayList<>();
  final List<WorkerId> notJudged = new ArrayList<>();

  @Override
  public void accept(Report report) {
    reports.add(report);
    lines.add(report.toString());
  }

  @Override
  public void computed(WorkerId worker, long fromNanos, long toNanos) {
    lines.add(worker + " computed " + fromNanos + " " + toNanos);
  }

  @Override
  public void waited(WorkerId worker, long fromNanos, long toNanos) {
    lines.add(worker + " waited " + fromNanos + " " + toNanos);
  }

  @Override
  public void transferBegan(WorkerId from, WorkerId to, long atNanos) {
    lines.add(from + " to " + to + " begins " + atNanos);
  }

  @Override
  public void transferEnded(WorkerId from, WorkerId to, long atNanos, long bytes) {
    lines.add(from + " to " + to + " ends " + atNanos + " " + bytes);
  }

  @Override
  public void relayed(
      WorkerPair pair, List<WorkerId> over, long fromNanos, long toNanos, long bytes) {
    lines.add(pair + " over " + over + " " + fromNanos + " " + toNanos + " " + bytes);
    relayed.add(new Relayed(pair, over, fromNanos, toNanos, bytes));
  }

  @Override
  public void notJudged(WorkerId worker) {
    notJudged.add(worker);
  }

  @Override
  public void gone(WorkerId worker, long atNanos) {
    lines.add(worker + " gone " + atNanos);
  }

  <R extends Report> List<R> all(Class<R> type) {
    return reports.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
