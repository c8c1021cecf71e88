package io.dlion.emulator.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.WorkerId;
import io.dlion.core.family.Nodes;
import io.dlion.core.node.Action;
import io.dlion.core.node.Event;
import io.dlion.core.node.Node;
import io.dlion.core.node.NodeConfig;
import io.dlion.core.node.Priority;
import io.dlion.core.node.Replica;
import io.dlion.core.report.Report;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.GradientHeader;
import io.dlion.core.wire.GradientSource;
import io.dlion.core.wire.GradientWriter;
import io.dlion.core.wire.HeaderExtension;
import io.dlion.core.wire.MessageType;
import io.dlion.core.wire.Payload;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each checker finds the bug it exists for, planted in one worker that misbehaves on purpose. */
class PlantedBugsTest {
  private static final int SCHEDULES_MAX = 60;
  private static final long FIRST_SEED = 4_000_000;

  /** A bug, the methods it is planted in, and what a checker must say of it. */
  record Bug(
      String name,
      BiFunction<NodeConfig, Replica, Node> node,
      String finding,
      List<Variant> methods) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Bug bug(
      String name, BiFunction<NodeConfig, Replica, Node> node, String finding, String... presets) {
    return new Bug(name, node, finding, Stream.of(presets).map(p -> Variant.of(p)).toList());
  }

  static List<Bug> bugs() {
    List<Bug> bugs = new ArrayList<>();
    String off = "a step is off by";
    String[] all = {
      "dlion",
      "dlion-paper",
      "baseline",
      "hop",
      "gaia",
      "ako",
      "diloco",
      "sparseloco",
      "noloco",
      "diloco-async"
    };
    bugs.add(bug("an update is applied twice", Twice::new, off, all));
    bugs.add(
        bug(
            "an update is left out",
            LeavesOut::new,
            off,
            "dlion",
            "dlion-paper",
            "hop",
            "ako",
            "diloco-async"));
    bugs.add(bug("what is sent is not the gradient", OtherGradient::new, off, "dlion", "baseline"));
    bugs.add(
        bug("a gradient is not waited for", Early::new, "begins without gradients of", "baseline"));
    bugs.add(
        bug(
            "a partner is not waited for",
            Early::new,
            "ends a round without gradients of",
            "noloco"));
    bugs.add(
        bug(
            "a quorum is not waited for",
            Hasty::new,
            "ends a round without a quorum",
            "diloco-async"));
    bugs.add(bug("a token is not waited for", EarlyToken::new, "begins without tokens of", "hop"));
    bugs.add(bug("it waits for the dead", Deaf::new, "waits for nobody", "baseline", "gaia"));
    bugs.add(
        bug("a batch is too large", LargeBatch::new, "do not sum to the global batch", "baseline"));
    bugs.add(bug("messages are kept", Keeps::new, " messages", "baseline", "dlion"));
    bugs.add(
        bug("a message is consumed twice", ConsumesTwice::new, "that it did not have", "dlion"));
    bugs.add(bug("it goes on after its end", GoesOn::new, "goes on after its end", "dlion"));
    bugs.add(bug("a weight is infinite", Infinite::new, "not finite", "dlion", "diloco"));
    bugs.add(
        bug(
            "a replica differs by a bit",
            OneBit::new,
            "no longer equal",
            "baseline",
            "diloco",
            "sparseloco"));
    bugs.add(bug("it stops working", Stuck::new, "has finished no iteration for", "ako", "dlion"));
    bugs.add(bug("it floods a link", Floods::new, "puts GRADIENT behind", "dlion", "baseline"));
    bugs.add(
        new Bug(
            "it learns nothing",
            Unteachable::new,
            "ends with an accuracy",
            List.of(Variant.of("baseline", "optimizer.kind=muon"))));
    return bugs;
  }

  @ParameterizedTest
  @MethodSource("bugs")
  void isFound(Bug bug) {
    for (Variant method : bug.methods()) {
      Draw draw = Draw.only(method, "mesh");
      try (CheckRun planted =
              new CheckRun((config, replica) ->
                  config.self().name().equals("w1")
                      ? bug.node().apply(config, replica)
                      : Nodes.of(config, replica, Buffers.FRESH));
          CheckRun sound = new CheckRun()) {
        List<String> found = new ArrayList<>();
        long seed = FIRST_SEED;
        while (found.stream().noneMatch(f -> f.contains(bug.finding()))) {
          assertThat(seed)
              .as("schedules until %s is found with %s; found: %s", bug, method, found)
              .isLessThan(FIRST_SEED + SCHEDULES_MAX);
          found.addAll(planted.run(seed++, draw).findings());
        }
        assertThat(sound.run(seed - 1, draw).findings()).as("without the bug").isEmpty();
      }
    }
  }

  private static boolean isGradient(Event event) {
    return event instanceof Event.Received e && Frame.isOf(MessageType.GRADIENT, e.payload());
  }

  private static final class Twice extends Misbehaving {
    Twice(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    List<Action> answer(Event event) {
      int before = steps;
      List<Action> actions = pass(event);
      if (before < FROM_ITERATION && steps >= FROM_ITERATION) {
        for (int i = 0; i < 100; i++) {
          shift(i, -0.002f * replica.gradient().getAtIndex(ValueLayout.JAVA_FLOAT, i) - 1e-3f);
        }
      }
      return actions;
    }
  }

  private static final class LeavesOut extends Misbehaving {
    private boolean done;

    LeavesOut(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    List<Action> answer(Event event) {
      if (!done && steps >= FROM_ITERATION && isGradient(event)) {
        done = true;
        Event.Received e = (Event.Received) event;
        return List.of(new Action.Consumed(e.from(), e.payload()));
      }
      return pass(event);
    }
  }

  private static final class OtherGradient extends Misbehaving {
    OtherGradient(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    List<Action> answer(Event event) {
      if (event instanceof Event.Computed && steps == FROM_ITERATION) {
        MemorySegment gradient = replica.gradient();
        for (int i = 0; i < 100; i++) {
          float g = gradient.getAtIndex(ValueLayout.JAVA_FLOAT, i);
          gradient.setAtIndex(ValueLayout.JAVA_FLOAT, i, g + 0.5f);
        }
      }
      return pass(event);
    }
  }

  /** Tells the node what peers have not said. */
  private abstract static class Liar extends Misbehaving {
    Set<WorkerId> members = Set.of();

    Liar(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    abstract Payload lie();

    final Payload encoded(Control control) {
      return Control.encode(control, replica.layout().fingerprint());
    }

    @Override
    List<Action> answer(Event event) {
      if (event instanceof Event.Started e) {
        members = e.members();
      }
      List<Action> actions = new ArrayList<>(pass(event));
      if (steps >= FROM_ITERATION && event instanceof Event.Computed) {
        Set<Payload> forged = Collections.newSetFromMap(new java.util.IdentityHashMap<>());
        for (WorkerId peer : members) {
          if (!peer.equals(config.self())) {
            Payload payload = lie();
            forged.add(payload);
            actions.addAll(pass(new Event.Received(event.nowNanos(), peer, payload)));
          }
        }
        actions.removeIf(a -> a instanceof Action.Consumed c && forged.contains(c.payload()));
      }
      return actions;
    }
  }

  private static final class Early extends Liar {
    Early(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    Payload lie() {
      int n = members.size();
      return encoded(new Control.Status(steps + 3, steps + 3, 8 * n, n, 0, true, false));
    }
  }

  /** Is told that all have sent a distance when it has gone its own. */
  private static final class Hasty extends Liar {
    Hasty(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    Payload lie() {
      Selection nothing = new Selection(replica.layout());
      nothing.selectNothing();
      var header = new GradientHeader(steps + 1000, 8, 1_000_000, 1, 0, HeaderExtension.NONE);
      return new GradientWriter(ValueFormat.FP32, 1)
          .write(nothing, new Nothing(), header, Buffers.FRESH);
    }
  }

  private static final class Nothing implements GradientSource {
    @Override
    public void read(int offset, int count, float[] block) {}

    @Override
    public void sent(int offset, int count, float[] block) {}

    @Override
    public void sent(int offset, int[] indices, float[] values, int first, int end) {}
  }

  private static final class EarlyToken extends Liar {
    EarlyToken(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    Payload lie() {
      return encoded(new Control.Token(steps + 1000));
    }
  }

  private static final class Deaf extends Misbehaving {
    Deaf(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    List<Action> answer(Event event) {
      boolean goodbye =
          event instanceof Event.Received e && Frame.isOf(MessageType.GOODBYE, e.payload());
      if (event instanceof Event.MembersChanged) {
        return List.of();
      }
      if (goodbye && event instanceof Event.Received e) {
        return List.of(new Action.Consumed(e.from(), e.payload()));
      }
      return pass(event);
    }
  }

  private static final class LargeBatch extends Misbehaving {
    LargeBatch(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    List<Action> answer(Event event) {
      return pass(event).stream()
          .map(a ->
              a instanceof Action.Tell(Report.Iteration r)
                  ? (Action) new Action.Tell(larger(r))
                  : a)
          .toList();
    }

    private static Report.Iteration larger(Report.Iteration r) {
      return new Report.Iteration(
          r.worker(),
          r.atNanos(),
          r.iteration(),
          r.batchSize() + 1,
          r.globalBatchSize(),
          r.loss(),
          r.computeNanos(),
          r.waitNanos(),
          r.samples(),
          r.clusterSamples(),
          r.foundSamples(),
          r.staleness());
    }
  }

  private static final class Keeps extends Misbehaving {
    Keeps(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    List<Action> answer(Event event) {
      return pass(event).stream().filter(a -> !(a instanceof Action.Consumed)).toList();
    }
  }

  private static final class ConsumesTwice extends Misbehaving {
    ConsumesTwice(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    List<Action> answer(Event event) {
      return pass(event).stream()
          .flatMap(a -> a instanceof Action.Consumed ? Stream.of(a, a) : Stream.of(a))
          .toList();
    }
  }

  private static final class GoesOn extends Misbehaving {
    private boolean finished;

    GoesOn(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    List<Action> answer(Event event) {
      List<Action> actions = new ArrayList<>(pass(event));
      if (finished) {
        actions.add(
            new Action.Tell(
                new Report.Notice(
                    config.self(), event.nowNanos(), Report.Severity.INFO, "still here")));
      }
      finished |= actions.stream().anyMatch(Action.Finish.class::isInstance);
      return actions;
    }
  }

  private static final class Infinite extends Misbehaving {
    Infinite(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    List<Action> answer(Event event) {
      List<Action> actions = pass(event);
      if (stepsIn(actions) > 0 && steps >= FROM_ITERATION) {
        shift(3, Float.POSITIVE_INFINITY);
      }
      return actions;
    }
  }

  private static final class OneBit extends Misbehaving {
    OneBit(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    List<Action> answer(Event event) {
      List<Action> actions = pass(event);
      if (stepsIn(actions) > 0 && steps >= FROM_ITERATION) {
        MemorySegment weights = replica.weights();
        float w = weights.getAtIndex(ValueLayout.JAVA_FLOAT, 5);
        weights.setAtIndex(ValueLayout.JAVA_FLOAT, 5, Math.nextUp(w));
      }
      return actions;
    }
  }

  private static final class Stuck extends Misbehaving {
    Stuck(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    List<Action> answer(Event event) {
      return steps >= FROM_ITERATION && event instanceof Event.Computed ? List.of() : pass(event);
    }
  }

  private static final class Floods extends Misbehaving {
    Floods(NodeConfig config, Replica replica) {
      super(config, replica);
    }

    @Override
    List<Action> answer(Event event) {
      return pass(event).stream()
          .flatMap(a ->
              steps >= FROM_ITERATION
                      && a instanceof Action.Send s
                      && s.priority() == Priority.GRADIENT
                  ? Collections.nCopies(60, a).stream()
                  : Stream.of(a))
          .toList();
    }
  }

  private static final class Unteachable extends Misbehaving {
    private final float[] initial;
    private final Set<Long> seen = new HashSet<>();

    Unteachable(NodeConfig config, Replica replica) {
      super(config, replica);
      this.initial = replica.weights().toArray(ValueLayout.JAVA_FLOAT);
    }

    @Override
    List<Action> answer(Event event) {
      List<Action> actions = pass(event);
      if (stepsIn(actions) > 0 && seen.add((long) steps)) {
        replica.weights().copyFrom(MemorySegment.ofArray(initial));
      }
      return actions;
    }
  }
}
