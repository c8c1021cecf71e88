package io.dlion.emulator.check;

import io.dlion.core.WorkerId;
import io.dlion.core.node.Action;
import io.dlion.core.node.Event;
import io.dlion.core.node.NodeConfig;
import io.dlion.core.node.Priority;
import io.dlion.core.node.Replica;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.CommitMessage;
import io.dlion.core.wire.CommitPlan;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.Control.Standing;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.GlobalModelMessage;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.GradientSource;
import io.dlion.core.wire.GradientWriter;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.MessageType;
import io.dlion.core.wire.Payload;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Members of a run with a server that keep all their promises but one. */
final class ServerBugs {
  private ServerBugs() {}

  /** Knows messages, and changes what it is told or answers. */
  abstract static class Member extends Misbehaving {
    private static final int FROM_COMMIT = 6;

    private int commits;

    Member(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    List<Action> answer(Event event) {
      commits += is(event, MessageType.COMMIT) ? 1 : 0;
      return act(event);
    }

    abstract List<Action> act(Event event);

    /** Whether everything is under way. */
    boolean isUnderWay() {
      return commits >= FROM_COMMIT;
    }

    static boolean is(Event event, MessageType type) {
      return event instanceof Event.Received e && Frame.isOf(type, e.payload());
    }

    static boolean is(Action action, MessageType type) {
      return action instanceof Action.Send a && Frame.isOf(type, a.payload());
    }

    static List<Action> swallow(Event event) {
      Event.Received e = (Event.Received) event;
      return List.of(new Action.Consumed(e.from(), e.payload()));
    }

    Standing standing(Payload payload) {
      try {
        return (Standing) Control.parse(payload, MessageType.STANDING);
      } catch (MalformedMessageException e) {
        throw new IllegalStateException(e);
      }
    }

    CommitMessage commit(Payload payload) {
      try {
        return CommitMessage.parse(payload, replica.layout(), replica.bufferLayout());
      } catch (MalformedMessageException e) {
        throw new IllegalStateException(e);
      }
    }

    GlobalModelMessage model(Payload payload) {
      try {
        return GlobalModelMessage.parse(payload, replica.layout(), replica.bufferLayout());
      } catch (MalformedMessageException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Applies a commit as the server does, behind its back. */
    void apply(GradientMessage distance, float weight) {
      float[] values = model().toArray(ValueLayout.JAVA_FLOAT);
      distance.addTo(values, -weight);
      model().copyFrom(MemorySegment.ofArray(values));
    }

    Payload encode(float[] weights, long version, GlobalModelMessage.About about) {
      return GlobalModelMessage.encode(
          new GradientWriter(ValueFormat.FP32, 1),
          whole(),
          new Values(weights),
          version,
          1,
          about,
          MemorySegment.NULL,
          Buffers.FRESH);
    }

    Selection whole() {
      Selection whole = new Selection(replica.layout());
      for (int v = 0; v < replica.layout().variables().size(); v++) {
        whole.selectWhole(v);
      }
      return whole;
    }
  }

  private static final class Values implements GradientSource {
    private final float[] values;

    Values(float[] values) {
      this.values = values;
    }

    @Override
    public void read(int offset, int count, float[] block) {
      System.arraycopy(values, offset, block, 0, count);
    }

    @Override
    public void sent(int offset, int count, float[] block) {}

    @Override
    public void sent(int offset, int[] indices, float[] values, int first, int end) {}
  }

  static final class AppliesTwice extends Member {
    AppliesTwice(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    List<Action> act(Event event) {
      List<Action> actions = pass(event);
      if (isUnderWay() && event instanceof Event.Received e && is(event, MessageType.COMMIT)) {
        apply(commit(e.payload()).values(), 0.3f);
      }
      return actions;
    }
  }

  static final class LeavesCommitOut extends Member {
    private boolean done;

    LeavesCommitOut(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    List<Action> act(Event event) {
      if (!done && isUnderWay() && is(event, MessageType.COMMIT)) {
        done = true;
        return swallow(event);
      }
      return pass(event);
    }
  }

  static final class AppliesCommitsOfTheDead extends Member {
    private final Map<WorkerId, Payload> last = new HashMap<>();

    AppliesCommitsOfTheDead(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    List<Action> act(Event event) {
      if (event instanceof Event.Received e && is(event, MessageType.COMMIT)) {
        last.put(e.from(), e.payload());
      }
      List<Action> actions = pass(event);
      if (event instanceof Event.MembersChanged e && node.isJudged()) {
        for (WorkerId dead : Set.copyOf(last.keySet())) {
          if (!e.members().contains(dead)) {
            apply(commit(Objects.requireNonNull(last.remove(dead))).values(), 0.3f);
          }
        }
      }
      return actions;
    }
  }

  static final class WrongWeight extends Member {
    WrongWeight(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    List<Action> act(Event event) {
      float[] before = model().toArray(ValueLayout.JAVA_FLOAT);
      List<Action> actions = pass(event);
      if (is(event, MessageType.COMMIT)) {
        float[] after = model().toArray(ValueLayout.JAVA_FLOAT);
        for (int i = 0; i < after.length; i++) {
          after[i] += 0.2f * (after[i] - before[i]);
        }
        model().copyFrom(MemorySegment.ofArray(after));
      }
      return actions;
    }
  }

  static final class AnswersEarly extends Member {
    private GlobalModelMessage.About told =
        new GlobalModelMessage.About(0, 0, 0, false, CommitPlan.afterSteps(1, 1));

    AnswersEarly(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    List<Action> act(Event event) {
      List<Action> actions = new ArrayList<>(pass(event));
      long version = 0;
      for (Action action : actions) {
        if (action instanceof Action.Send a && is(action, MessageType.MODEL)) {
          GlobalModelMessage sent = model(a.payload());
          told = sent.about();
          version = sent.version();
        }
      }
      if (isUnderWay()
          && version == 0
          && event instanceof Event.Received e
          && is(event, MessageType.COMMIT)) {
        CommitMessage commit = commit(e.payload());
        GlobalModelMessage.About about =
            new GlobalModelMessage.About(
                commit.about().term(), commit.about().life(), commit.number(), false, told.plan());
        Payload early =
            encode(model().toArray(ValueLayout.JAVA_FLOAT), commit.about().version(), about);
        actions.add(new Action.Send(e.from(), early, Priority.GRADIENT));
      }
      return actions;
    }
  }

  static final class SendsStale extends Member {
    private float[] first = {};

    SendsStale(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    List<Action> act(Event event) {
      if (first.length == 0) {
        first = model().toArray(ValueLayout.JAVA_FLOAT);
      }
      return pass(event).stream()
          .map(a -> isUnderWay() && is(a, MessageType.MODEL) ? stale((Action.Send) a) : a)
          .toList();
    }

    private Action stale(Action.Send sent) {
      GlobalModelMessage model = model(sent.payload());
      return new Action.Send(
          sent.to(), encode(first, model.version(), model.about()), sent.priority());
    }
  }

  static final class GoesBack extends Member {
    GoesBack(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    List<Action> act(Event event) {
      return pass(event).stream()
          .map(a -> isUnderWay() && is(a, MessageType.MODEL) ? older((Action.Send) a) : a)
          .toList();
    }

    private Action older(Action.Send sent) {
      GlobalModelMessage model = model(sent.payload());
      float[] values = new float[replica.layout().size()];
      model.values().addTo(values, 1);
      return new Action.Send(
          sent.to(), encode(values, model.version() - 1, model.about()), sent.priority());
    }
  }

  static final class DoesNotAnswer extends Member {
    DoesNotAnswer(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    List<Action> act(Event event) {
      return pass(event).stream()
          .filter(a -> !isUnderWay() || !is(event, MessageType.COMMIT) || !is(a, MessageType.MODEL))
          .toList();
    }
  }

  static final class OtherStart extends Member {
    OtherStart(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    List<Action> act(Event event) {
      List<Action> actions = pass(event);
      boolean computes = actions.stream().anyMatch(Action.Compute.class::isInstance);
      if (computes && is(event, MessageType.MODEL)) {
        shift(3, 1e-3f);
      }
      return actions;
    }
  }

  static final class OtherCommit extends Member {
    OtherCommit(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    List<Action> act(Event event) {
      return pass(event).stream()
          .map(a -> is(a, MessageType.COMMIT) ? doubled((Action.Send) a) : a)
          .toList();
    }

    private Action doubled(Action.Send sent) {
      CommitMessage commit = commit(sent.payload());
      float[] values = new float[replica.layout().size()];
      commit.values().addTo(values, 2);
      return new Action.Send(
          sent.to(),
          CommitMessage.encode(
              new GradientWriter(ValueFormat.FP32, 1),
              whole(),
              new Values(values),
              commit.number(),
              commit.samples(),
              commit.values().header().samples(),
              commit.about(),
              MemorySegment.NULL,
              Buffers.FRESH),
          sent.priority());
    }
  }

  static final class NeverMissesAnybody extends Member {
    NeverMissesAnybody(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    List<Action> act(Event event) {
      if (event instanceof Event.MembersChanged) {
        return List.of();
      }
      return is(event, MessageType.GOODBYE) ? swallow(event) : pass(event);
    }
  }

  static final class ServesOn extends Member {
    private boolean serves;

    ServesOn(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    List<Action> act(Event event) {
      if (serves
          && event instanceof Event.Received e
          && is(event, MessageType.STANDING)
          && standing(e.payload()).serves()) {
        return swallow(event);
      }
      List<Action> actions = pass(event);
      for (Action action : actions) {
        if (action instanceof Action.Send a && is(action, MessageType.STANDING)) {
          serves = standing(a.payload()).serves();
        }
      }
      return actions;
    }
  }

  static final class NotAnswered extends Member {
    NotAnswered(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    List<Action> act(Event event) {
      return steps >= FROM_ITERATION && is(event, MessageType.MODEL) ? swallow(event) : pass(event);
    }
  }

  static final class KeepsLastModel extends Member {
    KeepsLastModel(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    List<Action> act(Event event) {
      return pass(event).stream()
          .filter(a ->
              !(a instanceof Action.Send s)
                  || !is(a, MessageType.MODEL)
                  || !model(s.payload()).about().last())
          .toList();
    }
  }

  /** Stands still when it is told that the run is over. */
  static final class NeverEnds extends Member {
    private boolean told;

    NeverEnds(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    List<Action> act(Event event) {
      if (event instanceof Event.Received e) {
        told |= is(event, MessageType.GOODBYE) && isEnd(e.payload());
        return told ? swallow(event) : pass(event);
      }
      return told ? List.of() : pass(event);
    }

    private static boolean isEnd(Payload payload) {
      try {
        Control control = Control.parse(payload, MessageType.GOODBYE);
        return control instanceof Control.Goodbye bye && bye.reason().endsRun();
      } catch (MalformedMessageException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Does not know that others hold newer models. */
  static final class ServesFromOld extends Member {
    ServesFromOld(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    List<Action> act(Event event) {
      if (!(event instanceof Event.Received e) || !is(event, MessageType.STANDING)) {
        return pass(event);
      }
      Standing s = standing(e.payload());
      if (s.serves()) {
        return pass(event);
      }
      Standing forged =
          new Standing(0, 0, s.life(), s.commits(), s.followers(), s.bytesPerSecond(), s.flags());
      Payload payload = Control.encode(forged, replica.layout().fingerprint());
      return pass(new Event.Received(e.nowNanos(), e.from(), payload)).stream()
          .map(a ->
              a instanceof Action.Consumed c && c.payload().equals(payload)
                  ? (Action) new Action.Consumed(e.from(), e.payload())
                  : a)
          .toList();
    }
  }
}
