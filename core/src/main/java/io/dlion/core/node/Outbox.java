package io.dlion.core.node;

import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.Payload;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * Collects the actions that answer an event, in order, and knows when that event was. Confined to
 * its node.
 */
public final class Outbox {
  private final WorkerId self;
  private final Supplier<? extends Collection<WorkerId>> members;
  private final long fingerprint;
  private List<Action> actions = new ArrayList<>();
  private long now;

  /**
   * An empty one.
   *
   * @param members who receives what is broadcast
   * @param fingerprint of the layout, which every message carries
   */
  public Outbox(WorkerId self, Supplier<? extends Collection<WorkerId>> members, long fingerprint) {
    this.self = self;
    this.members = members;
    this.fingerprint = fingerprint;
  }

  /** An event of that time is handled from now on. */
  public void at(long nowNanos) {
    now = nowNanos;
  }

  /** The time of the event that is being handled, in nanoseconds since the run began. */
  public long now() {
    return now;
  }

  /** The fingerprint of the layout, which every message carries. */
  public long fingerprint() {
    return fingerprint;
  }

  /** The worker that sends. */
  public WorkerId self() {
    return self;
  }

  /** All actions since the last call. */
  public List<Action> take() {
    List<Action> taken = actions;
    actions = new ArrayList<>();
    return taken;
  }

  /** Appends an action. */
  public void add(Action action) {
    actions.add(action);
  }

  /** Sends a payload. */
  public void send(WorkerId to, Payload payload, Priority priority) {
    add(new Action.Send(to, payload, priority));
  }

  /** Sends a control message ahead of gradients and weights. */
  public void send(WorkerId to, Control control) {
    send(to, Control.encode(control, fingerprint), Priority.CONTROL);
  }

  /** Sends a control message behind the gradients that are under way. */
  public void sendBehind(WorkerId to, Control control) {
    send(to, Control.encode(control, fingerprint), Priority.GRADIENT);
  }

  /** Sends a control message to all live peers. */
  public void broadcast(Control control) {
    Payload payload = Control.encode(control, fingerprint);
    // A goodbye must not overtake a gradient that peers still count on.
    Priority priority = control instanceof Control.Goodbye ? Priority.GRADIENT : Priority.CONTROL;
    members.get().forEach(peer -> send(peer, payload, priority));
  }

  /** A received payload is no longer used. */
  public void consumed(WorkerId from, Payload payload) {
    add(new Action.Consumed(from, payload));
  }

  /** Passes a report on. */
  public void tell(Report report) {
    add(new Action.Tell(report));
  }

  /** Reports something a person should know. */
  public void notice(Severity severity, String text) {
    tell(new Report.Notice(self, now, severity, text));
  }
}
