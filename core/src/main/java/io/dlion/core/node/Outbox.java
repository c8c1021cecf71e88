package io.dlion.core.node;

import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.Payload;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects the actions that answer an event, in order, and knows when that event was. Confined to
 * its node.
 */
final class Outbox {
  private final WorkerId self;
  private final Roster roster;
  private final long fingerprint;
  private List<Action> actions = new ArrayList<>();
  private long now;

  /**
   * An empty one.
   *
   * @param roster who gets what is broadcast
   * @param fingerprint of the layout, which every message carries
   */
  Outbox(WorkerId self, Roster roster, long fingerprint) {
    this.self = self;
    this.roster = roster;
    this.fingerprint = fingerprint;
  }

  /** An event of that time is handled from now on. */
  void at(long nowNanos) {
    now = nowNanos;
  }

  /** When the event is that is being handled, in nanoseconds since the run began. */
  long now() {
    return now;
  }

  /** All actions since the last call. */
  List<Action> take() {
    List<Action> taken = actions;
    actions = new ArrayList<>();
    return taken;
  }

  void add(Action action) {
    actions.add(action);
  }

  void send(WorkerId to, Payload payload, Priority priority) {
    add(new Action.Send(to, payload, priority));
  }

  void send(WorkerId to, Control control) {
    send(to, Control.encode(control, fingerprint), Priority.CONTROL);
  }

  /** Sends to all live peers. */
  void broadcast(Control control) {
    Payload payload = Control.encode(control, fingerprint);
    // A goodbye is the last word: it must not overtake a gradient that others still count on.
    Priority priority = control instanceof Control.Goodbye ? Priority.GRADIENT : Priority.CONTROL;
    roster.ids().forEach(peer -> send(peer, payload, priority));
  }

  /** Sends to those peers that gradients are exchanged with. */
  void tellNeighbours(Control control) {
    Payload payload = Control.encode(control, fingerprint);
    roster.neighbours().forEach(peer -> send(peer.id, payload, Priority.CONTROL));
  }

  void consumed(WorkerId from, Payload payload) {
    add(new Action.Consumed(from, payload));
  }

  void tell(Report report) {
    add(new Action.Tell(report));
  }

  void notice(Severity severity, String text) {
    tell(new Report.Notice(self, now, severity, text));
  }
}
