package io.dlion.cli.emulate;

import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import io.dlion.core.report.Report;
import io.dlion.core.report.ReportSink;
import io.dlion.emulator.run.Observer;
import io.dlion.monitor.comparison.trace.Activity;
import io.dlion.monitor.comparison.trace.RunRecorder;
import java.util.List;

/** Hands what an emulation tells to those who keep it. */
record RunObserver(RunRecorder recorder, ReportSink others, Relaying relaying) implements Observer {
  /** Takes who relayed for whom. */
  @FunctionalInterface
  interface Relaying {
    /** As {@link Observer#relayed}. */
    void relayed(WorkerPair pair, List<WorkerId> over, long fromNanos, long toNanos, long bytes);
  }

  @Override
  public void accept(Report report) {
    recorder.accept(report);
    others.accept(report);
  }

  @Override
  public void computed(WorkerId worker, long fromNanos, long toNanos) {
    recorder.active(worker, Activity.COMPUTING, fromNanos, toNanos);
  }

  @Override
  public void waited(WorkerId worker, long fromNanos, long toNanos) {
    recorder.active(worker, Activity.WAITING, fromNanos, toNanos);
  }

  @Override
  public void transferBegan(WorkerId from, WorkerId to, long atNanos) {
    recorder.transferBegan(from, to, atNanos);
  }

  @Override
  public void transferEnded(WorkerId from, WorkerId to, long atNanos, long bytes) {
    recorder.transferEnded(from, to, atNanos, bytes);
  }

  @Override
  public void relayed(
      WorkerPair pair, List<WorkerId> over, long fromNanos, long toNanos, long bytes) {
    relaying.relayed(pair, over, fromNanos, toNanos, bytes);
  }

  @Override
  public void notJudged(WorkerId worker) {
    recorder.notJudged(worker);
  }

  @Override
  public void gone(WorkerId worker, long atNanos) {
    recorder.gone(worker, atNanos);
  }
}
