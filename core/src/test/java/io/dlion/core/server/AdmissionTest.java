package io.dlion.core.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.Layouts;
import io.dlion.core.WorkerId;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.node.Action;
import io.dlion.core.node.Event;
import io.dlion.core.node.NodeConfig;
import io.dlion.core.node.Priority;
import io.dlion.core.node.Replica;
import io.dlion.core.settings.Goal;
import io.dlion.core.settings.Presets;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.CommitPlan;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.Control.Standing;
import io.dlion.core.wire.Control.Standing.Flag;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.MessageType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A member, and another that serves and sends whatever a test makes. */
class AdmissionTest {
  private static final WorkerId CLIENT = new WorkerId("w1");
  private static final WorkerId SERVER = new WorkerId("w2");
  private static final ParameterLayout LAYOUT = Layouts.of(40, 3);
  private static final ParameterLayout BUFFERS = Layouts.of(2);

  private final Replica replica =
      new Replica(
          LAYOUT,
          MemorySegment.ofArray(new float[LAYOUT.size()]),
          MemorySegment.ofArray(new float[LAYOUT.size()]),
          BUFFERS,
          MemorySegment.ofArray(new float[BUFFERS.size()]));
  private final MemberNode node =
      new MemberNode(
          new NodeConfig(
              CLIENT,
              Strategy.of(Presets.find("bsp").settings().with("server.name", "w2")),
              1000,
              1000,
              Goal.NONE,
              7,
              false,
              false,
              Map.of(),
              true,
              1),
          replica,
          Buffers.FRESH);
  private final List<MessageType> sent = new ArrayList<>();
  private long nowNanos;
  private boolean computes;

  private void happens(Event event) {
    for (Action action : node.handle(event)) {
      computes |= action instanceof Action.Compute;
      if (action instanceof Action.Send send) {
        for (MessageType type : MessageType.values()) {
          if (Frame.isOf(type, send.payload())) {
            sent.add(type);
          }
        }
      }
    }
  }

  private void arrives(Control control) {
    happens(new Event.Received(++nowNanos, SERVER, Control.encode(control, LAYOUT.fingerprint())));
  }

  private void begins() {
    happens(new Event.Started(0, Set.of(CLIENT, SERVER)));
    arrives(new Standing(3, 0, 5, 0, 1, 0, Set.of(Flag.SERVES)));
  }

  private void computes() {
    assertThat(computes).isTrue();
    computes = false;
    happens(new Event.Computed(++nowNanos, 0.5, 1000, 0));
  }

  /** The server's model is still under way to it, so its own may be another. */
  @Test
  void whoIsOnlyToldWhenToCommitTrainsAndDoesNotCommit() {
    begins();
    arrives(new Control.NextCommit(CommitPlan.afterSteps(1, 8), false));
    computes();
    assertThat(sent).doesNotContain(MessageType.COMMIT);
  }

  @Test
  void whoIsToldThatItHoldsTheModelCommits() {
    begins();
    arrives(new Control.NextCommit(CommitPlan.afterSteps(1, 8), false));
    computes();
    arrives(new Control.NextCommit(CommitPlan.afterSteps(1, 8), true));
    assertThat(sent).contains(MessageType.COMMIT);
  }

  @Test
  void aModelToServeFromIsNotSentTwiceOverALinkThatHasNotCarriedIt() {
    begins();
    arrives(new Control.WeightsRequest(0));
    arrives(new Control.WeightsRequest(0));
    assertThat(sent).containsOnlyOnce(MessageType.WEIGHTS);
    happens(new Event.LinkReady(++nowNanos, SERVER, Priority.WEIGHTS));
    arrives(new Control.WeightsRequest(0));
    assertThat(sent.stream().filter(MessageType.WEIGHTS::equals)).hasSize(2);
  }
}
