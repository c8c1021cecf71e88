package io.dlion.emulator.check;

import io.dlion.core.family.Nodes;
import io.dlion.core.node.Action;
import io.dlion.core.node.BestModel;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.node.Event;
import io.dlion.core.node.Node;
import io.dlion.core.node.NodeConfig;
import io.dlion.core.node.Replica;
import io.dlion.core.report.Report;
import io.dlion.core.wire.Buffers;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A node that keeps all its promises but one: bugs to find change what it is told or answers. */
abstract class Misbehaving implements Node {
  /** When bugs begin: everything is under way. */
  static final int FROM_ITERATION = 15;

  final NodeConfig config;
  final Replica replica;
  final Node node;

  /** The number of steps so far. */
  int steps;

  Misbehaving(NodeConfig config, Replica replica) {
    this.config = config;
    this.replica = replica;
    this.node = Nodes.of(config, replica, Buffers.FRESH);
  }

  /** Takes an event, and gives it to {@link #node} or not. */
  abstract List<Action> answer(Event event);

  @Override
  public final List<Action> handle(Event event) {
    return answer(event);
  }

  /** What the node answers, counting steps. */
  List<Action> pass(Event event) {
    List<Action> actions = node.handle(event);
    steps += stepsIn(actions);
    return actions;
  }

  static int stepsIn(List<Action> actions) {
    return (int)
        actions.stream()
            .filter(a -> a instanceof Action.Tell t && t.report() instanceof Report.Iteration)
            .count();
  }

  /** Adds to a weight. */
  void shift(int at, float by) {
    MemorySegment weights = replica.weights();
    float before = weights.getAtIndex(ValueLayout.JAVA_FLOAT, at);
    weights.setAtIndex(ValueLayout.JAVA_FLOAT, at, before + by);
  }

  @Override
  public OptionalLong wakeAtNanos() {
    return node.wakeAtNanos();
  }

  @Override
  public MemorySegment model() {
    return node.model();
  }

  @Override
  public MemorySegment modelBuffers() {
    return node.modelBuffers();
  }

  @Override
  public boolean isJudged() {
    return node.isJudged();
  }

  @Override
  public Optional<BestModel> best() {
    return node.best();
  }

  @Override
  public Checkpoint checkpoint() {
    return node.checkpoint();
  }

  @Override
  public void restore(Checkpoint checkpoint) {
    node.restore(checkpoint);
  }
}
