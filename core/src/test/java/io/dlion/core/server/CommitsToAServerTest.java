package io.dlion.core.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.Layouts;
import io.dlion.core.WorkerId;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.node.Action;
import io.dlion.core.node.Event;
import io.dlion.core.node.Goal;
import io.dlion.core.node.NodeConfig;
import io.dlion.core.node.Replica;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Presets;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.CommitMessage;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.Control.Standing;
import io.dlion.core.wire.Control.Standing.Flag;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.GradientSource;
import io.dlion.core.wire.GradientWriter;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.MessageType;
import io.dlion.core.wire.Payload;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that only serves, whose one client sends whatever a test makes. */
class CommitsToAServerTest {
  private static final WorkerId SERVER = new WorkerId("w1");
  private static final WorkerId CLIENT = new WorkerId("w2");
  private static final ParameterLayout LAYOUT = Layouts.of(40, 3);
  private static final ParameterLayout BUFFERS = Layouts.of(2);
  private static final long LIFE = 5;
  private static final long TERM = 1;

  private final List<String> notices = new ArrayList<>();
  private final float[] distance = new float[LAYOUT.size()];
  private final float[] buffers = new float[BUFFERS.size()];
  private long nowNanos;
  private long serverTerm;
  private MemberNode node = node("w1");

  private static MemberNode node(String named) {
    NodeConfig config =
        new NodeConfig(
            SERVER,
            Strategy.of(
                Presets.find("bsp")
                    .settings()
                    .with("server.name", named)
                    .with("server.trains", "false")),
            1000,
            1000,
            Goal.NONE,
            7,
            false,
            false,
            Map.of(),
            true,
            1);
    Replica replica =
        new Replica(
            LAYOUT,
            MemorySegment.ofArray(new float[LAYOUT.size()]),
            MemorySegment.ofArray(new float[LAYOUT.size()]),
            BUFFERS,
            MemorySegment.ofArray(new float[BUFFERS.size()]));
    return new MemberNode(config, replica, Buffers.FRESH);
  }

  private void happens(Event event) {
    for (Action action : node.handle(event)) {
      if (action instanceof Action.Tell t && t.report() instanceof Report.Notice n) {
        notices.add(n.text());
      } else if (action instanceof Action.Send send) {
        told(send.payload());
      }
    }
  }

  private void told(Payload payload) {
    try {
      MessageType type = Frame.open(payload, LAYOUT.fingerprint());
      if (type == MessageType.STANDING
          && Control.parse(payload, type) instanceof Standing standing
          && standing.serves()) {
        serverTerm = standing.term();
      }
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  private void arrives(Payload payload) {
    happens(new Event.Received(++nowNanos, CLIENT, payload));
  }

  private void begins() {
    happens(new Event.Started(0, Set.of(SERVER, CLIENT)));
    arrives(
        Control.encode(
            new Standing(0, 0, LIFE, 0, 0, 0, Set.of(Flag.TRAINS)), LAYOUT.fingerprint()));
    assertThat(notices).contains("serves");
  }

  private void commits(ParameterLayout layout, long number, CommitMessage.About about) {
    GradientSource source =
        new GradientSource() {
          @Override
          public void read(int offset, int count, float[] block) {
            System.arraycopy(distance, offset, block, 0, count);
          }

          @Override
          public void sent(int offset, int count, float[] block) {}

          @Override
          public void sent(int offset, int[] indices, float[] values, int first, int end) {}
        };
    arrives(
        CommitMessage.encode(
            new GradientWriter(ValueFormat.FP32, 1),
            ServerPart.whole(layout),
            source,
            number,
            32,
            32 * number,
            about,
            MemorySegment.ofArray(buffers),
            Buffers.FRESH));
  }

  private void commits(long number, CommitMessage.About about) {
    commits(LAYOUT, number, about);
  }

  /** The term is {@value #TERM} if it is that of the server. */
  private CommitMessage.About about(long life, long term, long version, int steps) {
    return new CommitMessage.About(life, serverTerm + term - TERM, version, steps, 0.5, 0.1);
  }

  private float weight() {
    return node.model().getAtIndex(ValueLayout.JAVA_FLOAT, 0);
  }

  @Test
  void aCommitIsAppliedOnce() {
    begins();
    Arrays.fill(distance, 0.25f);
    commits(1, about(LIFE, TERM, 0, 1));
    assertThat(weight()).isEqualTo(-0.25f);
    assertThat(node.rank().precedence()).isEqualTo(3);
    commits(1, about(LIFE, TERM, 0, 1));
    assertThat(weight()).isEqualTo(-0.25f);
    assertThat(notices).last().asString().contains("dropped a message from w2").contains("again");
  }

  @ParameterizedTest
  @CsvSource({
    "4, 1, 0, 1, an older run of w2",
    "5, 2, 0, 1, for another server",
    "5, 1, 9, 1, began from version 9; the newest is 0",
    "5, 1, 9000000000000000, 1, impossible values",
    "5, 1, -1, 1, impossible values",
    "5, 1, 0, 0, impossible values",
    "5, 1, 0, 2000000000, impossible values"
  })
  void whatCannotBeIsRefusedWithOneLine(
      long life, long term, long version, int steps, String reason) {
    begins();
    Arrays.fill(distance, 0.25f);
    int before = notices.size();
    commits(1, about(life, term, version, steps));
    assertThat(weight()).isZero();
    assertThat(notices.subList(before, notices.size()))
        .singleElement()
        .asString()
        .contains("dropped a message from w2")
        .contains(reason);
    commits(1, about(LIFE, TERM, 0, 1)); // and nothing of it has stayed
    assertThat(weight()).isEqualTo(-0.25f);
  }

  @Test
  void whatIsNotFiniteIsRefused() {
    begins();
    distance[17] = Float.NaN;
    commits(1, about(LIFE, TERM, 0, 1));
    assertThat(notices).last().asString().contains("dropped a message from w2");
    distance[17] = 0;
    buffers[1] = Float.POSITIVE_INFINITY;
    commits(1, about(LIFE, TERM, 0, 1));
    assertThat(notices).last().asString().contains("buffer that is not finite");
    buffers[1] = 0;
    commits(1, new CommitMessage.About(LIFE, TERM, 0, 1, Double.NaN, 0.1));
    assertThat(node.rank().precedence()).as("no commit is in the model").isEqualTo(1);
  }

  @Test
  void aCommitOfAnotherModelIsRefused() {
    begins();
    commits(Layouts.of(40, 2), 1, about(LIFE, TERM, 0, 1));
    assertThat(notices).last().asString().contains("dropped a message from w2");
    assertThat(node.rank().precedence()).isEqualTo(1);
  }

  @Test
  void aServerThatIsNotThereIsToldOfOnce() {
    node = node("office");
    happens(new Event.Started(0, Set.of(SERVER)));
    assertThat(notices).containsOnlyOnce("server.name=office: no such worker is here; w1 serves");
  }

  @Test
  void aServerThatWaitsForClientsSaysSo() {
    happens(new Event.Started(0, Set.of(SERVER)));
    long until = 20_000_000_000L;
    for (long at = node.wakeAtNanos().orElseThrow();
        at < until;
        at = node.wakeAtNanos().orElseThrow()) {
      happens(new Event.TimersDue(at));
    }
    assertThat(notices)
        .anyMatch(n -> n.contains("s for a worker that trains: this one only serves"));
  }
}
