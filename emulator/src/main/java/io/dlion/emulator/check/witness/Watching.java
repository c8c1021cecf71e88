package io.dlion.emulator.check.witness;

import io.dlion.core.WorkerId;
import io.dlion.core.node.Action;
import io.dlion.core.node.Event;
import io.dlion.core.node.Node;
import io.dlion.core.node.Replica;
import io.dlion.core.report.Report;
import io.dlion.emulator.run.Observer;
import io.dlion.emulator.run.Watch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Keeps what is seen of every worker and shows it to all checkers.
 *
 * @param <V> what the family's checkers see of a worker
 */
public abstract class Watching<V extends Witnessed> implements Watch, Observer {
  private final Map<WorkerId, V> views = new HashMap<>();
  private final List<Checker<? super V>> all = new ArrayList<>();
  private final Log log;

  /** Takes what is told of a run. */
  public interface Log {
    /** Nobody listens. */
    Log NONE =
        new Log() {
          @Override
          public void event(WorkerId worker, Event event) {}

          @Override
          public void action(WorkerId worker, Action action) {}

          @Override
          public void notice(Report.Notice notice) {}
        };

    /** A node is given an event. */
    void event(WorkerId worker, Event event);

    /** A node has answered. */
    void action(WorkerId worker, Action action);

    /** A node has something to say to people. */
    void notice(Report.Notice notice);
  }

  /** Nobody is there yet. */
  protected Watching(Log log) {
    this.log = log;
  }

  /** One more thing that must hold. */
  protected final void add(Checker<? super V> checker) {
    all.add(checker);
  }

  /** A worker has come. */
  protected abstract V view(
      WorkerId worker, long nowNanos, Node node, Replica replica, long iteration);

  /** What is seen of a worker. */
  protected final V view(WorkerId worker) {
    return Objects.requireNonNull(views.get(worker));
  }

  /** Local steps, and where there is a server its steps, of all workers. */
  public abstract long steps();

  /** Those of them whose effect on weights was worked out and compared. */
  public abstract long judged();

  @Override
  public void born(WorkerId worker, long nowNanos, Node node, Replica replica, long iteration) {
    V view = view(worker, nowNanos, node, replica, iteration);
    views.put(worker, view);
    all.forEach(c -> c.born(view));
  }

  @Override
  public void before(WorkerId worker, Event event) {
    V view = view(worker);
    view.told(event);
    all.forEach(c -> c.told(view, event));
    log.event(worker, event);
  }

  @Override
  public void after(WorkerId worker, long nowNanos, List<Action> actions) {
    V view = view(worker);
    actions.forEach(view::answered);
    all.forEach(c -> c.answered(view, nowNanos, actions));
    actions.forEach(a -> log.action(worker, a));
  }

  @Override
  public void gone(WorkerId worker, long nowNanos) {
    all.forEach(c -> c.gone(worker, nowNanos));
  }

  @Override
  public void ended(Set<WorkerId> live, long nowNanos) {
    Map<WorkerId, V> those = new TreeMap<>(views);
    those.keySet().retainAll(live);
    all.forEach(c -> c.ended(those, nowNanos));
    judge(those, nowNanos);
  }

  /** The run is over; these are there still. */
  protected abstract void judge(Map<WorkerId, V> live, long nowNanos);

  @Override
  public void accept(Report report) {
    if (report instanceof Report.Notice notice) {
      log.notice(notice);
    }
  }
}
