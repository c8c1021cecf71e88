package io.dlion.emulator.run;

import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import io.dlion.core.node.Event;
import io.dlion.core.wire.Control.Reason;
import io.dlion.emulator.environment.DirectedLink;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.Happening;
import io.dlion.emulator.network.Network;
import io.dlion.emulator.time.VirtualTime;
import java.util.ArrayList;
import java.util.List;

/** Makes happen what an environment says will happen, at its time. */
record Happenings(Environment environment, VirtualTime time, Network network, Population people) {
  /** Those it happens to. */
  interface Population {
    /** A worker, there or not. */
    EmulatedWorker find(WorkerId id);

    /** A worker comes, or comes again. */
    void arrive(WorkerId id);

    /** A worker is gone without a word; others notice later. */
    void crash(WorkerId id);

    /** Some pairs cannot reach each other any more; they notice later. */
    void sever(List<WorkerPair> pairs);

    /** Some pairs can reach each other again; they notice later. */
    void mend(List<WorkerPair> pairs);
  }

  /** The pairs that cannot reach each other from the beginning. */
  List<WorkerPair> unreachableAtFirst() {
    List<WorkerPair> pairs = new ArrayList<>();
    for (Happening happening : environment.happenings()) {
      if (happening instanceof Happening.Unreachable(long at, List<WorkerPair> its) && at == 0) {
        pairs.addAll(its);
      }
    }
    return pairs;
  }

  void schedule() {
    for (Happening happening : environment.happenings()) {
      time.at(happening.atNanos(), () -> happen(happening));
    }
  }

  private void happen(Happening happening) {
    switch (happening) {
      case Happening.Join e -> people.arrive(e.worker());
      case Happening.Restart e -> people.arrive(e.worker());
      case Happening.Leave e ->
          people.find(e.worker()).handle(new Event.StopRequested(0, Reason.REQUEST));
      case Happening.Crash e -> people.crash(e.worker());
      case Happening.Pause e -> people.find(e.worker()).pause(e.untilNanos());
      case Happening.Unreachable e -> {
        if (e.atNanos() > 0) { // else it is so already
          people.sever(e.pairs());
        }
      }
      case Happening.Reachable e -> people.mend(e.pairs());
      case Happening.Cut e -> {
        for (DirectedLink link : e.links()) {
          network.cut(link.from(), link.to());
        }
      }
      case Happening.Heal e -> {
        for (DirectedLink link : e.links()) {
          network.heal(link.from(), link.to());
        }
      }
    }
  }
}
