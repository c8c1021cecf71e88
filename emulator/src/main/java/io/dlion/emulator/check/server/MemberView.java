package io.dlion.emulator.check.server;

import io.dlion.core.WorkerId;
import io.dlion.core.node.Action;
import io.dlion.core.node.Event;
import io.dlion.core.node.Node;
import io.dlion.core.node.Replica;
import io.dlion.core.report.Report;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.Control.Standing;
import io.dlion.core.wire.MessageType;
import io.dlion.core.wire.WeightsMessage;
import io.dlion.emulator.check.witness.Witnessed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a member of a run with a server can know. */
final class MemberView extends Witnessed {
  /** Whether it has examples. */
  final boolean hasData;

  final LocalWalk walk;

  /** Who else takes part, as far as it was told. */
  final Set<WorkerId> others = new TreeSet<>();

  /** What they have told of themselves last. */
  final Map<WorkerId, Standing> standings = new HashMap<>();

  private final Set<WorkerId> departed = new HashSet<>();

  /** When it began; tells its processes apart. */
  long life;

  /** Whether it serves, as it says. */
  boolean serves;

  /** Whether it has said, or knows, that it stops: it takes no more commits. */
  boolean ends;

  /** Who has said that the run is over. */
  Optional<WorkerId> endedBy = Optional.empty();

  /** Whom it has asked for a model that has not come. */
  private final Set<WorkerId> asked = new HashSet<>();

  // what it is told just now
  Event event = new Event.TimersDue(0);

  /** Whom a message is from that it can read. */
  @Nullable WorkerId from;

  /** What that says, see {@link Decoding#of}. */
  Object message = Decoding.NOTHING;

  /** Who takes part no longer. */
  final List<WorkerId> lost = new ArrayList<>();

  float[] weightsBefore;
  float[] modelBefore;
  float[] gradient = {};

  MemberView(
      WorkerId id, Node node, Replica replica, long bornNanos, boolean hasData, LocalWalk walk) {
    super(
        id,
        node,
        replica,
        Long.parseLong(node.checkpoint().state().getOrDefault("local-iteration", "0")),
        bornNanos);
    this.hasData = hasData;
    this.walk = walk;
    this.weightsBefore = Decoding.floats(replica.weights());
    this.modelBefore = weightsBefore;
  }

  @Override
  protected void told(Event what) {
    super.told(what);
    event = what;
    from = null;
    message = Decoding.NOTHING;
    lost.clear();
    weightsBefore = Decoding.floats(replica.weights());
    modelBefore = Decoding.floats(node.model());
    switch (what) {
      case Event.Started e -> begins(e.members(), e.nowNanos());
      case Event.Joined e -> begins(e.members(), e.nowNanos());
      case Event.MembersChanged e -> members(e.members());
      case Event.Computed _ -> gradient = Decoding.floats(replica.gradient());
      case Event.Received e when others.contains(e.from()) -> received(e);
      default -> {}
    }
  }

  private void begins(Set<WorkerId> members, long nowNanos) {
    life = nowNanos;
    others.addAll(members);
    others.remove(id);
  }

  private void members(Set<WorkerId> members) {
    departed.retainAll(members);
    others.stream().filter(other -> !members.contains(other)).forEach(lost::add);
    lost.forEach(this::remove);
    members.stream().filter(m -> !m.equals(id) && !departed.contains(m)).forEach(others::add);
  }

  private void remove(WorkerId other) {
    others.remove(other);
    standings.remove(other);
    asked.remove(other);
  }

  private void received(Event.Received e) {
    from = e.from();
    message = Decoding.of(e.payload(), replica);
    switch (message) {
      case Standing s -> standings.put(e.from(), s);
      case Control.Goodbye bye -> {
        departed.add(e.from());
        if (bye.reason().endsRun()) {
          endedBy = Optional.of(e.from());
          ends = true;
        } else {
          lost.add(e.from());
          remove(e.from());
        }
      }
      case WeightsMessage _ -> asked.remove(e.from());
      default -> {}
    }
  }

  @Override
  protected void answered(Action action) {
    super.answered(action);
    switch (action) {
      case Action.Tell(Report.Iteration r) -> iteration = r.iteration() + 1;
      case Action.Tell(Report.Serving _) -> serves = true;
      case Action.Send a when Decoding.is(MessageType.COMMIT, a) -> {}
      case Action.Send a when Decoding.is(MessageType.MODEL, a) -> {}
      case Action.Send a -> {
        switch (Decoding.of(a.payload(), replica)) {
          case Standing s -> serves = s.serves();
          case Control.Goodbye _ -> ends = true;
          case Control.WeightsRequest _ -> asked.add(a.to());
          default -> {}
        }
      }
      default -> {}
    }
  }

  /** Whether it waits in vain for a model that it would serve from. */
  boolean lacksModel() {
    return !asked.isEmpty();
  }

  @Override
  protected int others() {
    return others.size();
  }
}
