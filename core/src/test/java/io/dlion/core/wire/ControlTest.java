package io.dlion.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.Seeded;
import io.dlion.core.wire.Control.Standing.Flag;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ControlTest {
  private static final long LAYOUT = 0x1234567890abcdefL;
  private static final Set<MessageType> CONTROLS =
      EnumSet.complementOf(
          EnumSet.of(
              MessageType.GRADIENT,
              MessageType.WEIGHTS,
              MessageType.COMMIT,
              MessageType.MODEL,
              MessageType.PROBE,
              MessageType.STREAM));
  private static final CommitPlan PLAN = CommitPlan.afterSteps(5, 32);

  private static Control.Standing standing(
      long term, long version, long life, long commits, int followers, double bytesPerSecond) {
    Set<Flag> flags = EnumSet.of(Flag.TRAINS, Flag.WAITS);
    return new Control.Standing(term, version, life, commits, followers, bytesPerSecond, flags);
  }

  private static Control throughTheWire(Control control) throws MalformedMessageException {
    Payload payload = Control.encode(control, LAYOUT);
    return Control.parse(payload, Frame.open(payload, LAYOUT));
  }

  @Test
  void everyMessageComesBackAsItWas() throws MalformedMessageException {
    Set<MessageType> seen = EnumSet.noneOf(MessageType.class);
    List<Control> messages =
        List.of(
            new Control.Cost(0, 1e-21),
            new Control.Cost(0.25, 3),
            new Control.RoundLoss(1, -2.5, 0),
            new Control.RoundLoss(1L << 48, 1e30, 5),
            new Control.WeightsRequest(17),
            new Control.Accuracy(0, 1, 0.1, 3),
            new Control.Accuracy(5, -3, Double.NaN, 3),
            new Control.GlobalBatch(3, 96),
            new Control.Token(0),
            new Control.Token(12),
            new Control.Barrier(0),
            new Control.Barrier(3),
            new Control.ThinLines(),
            new Control.Progress(0, 32),
            new Control.Progress(1L << 48, 1L << 48),
            new Control.Status(-1, -1, 32, 1, 0, false, true),
            new Control.Status(7, 5, 192, 6, 2, true, false),
            standing(0, 0, 0, 0, 0, 0),
            standing(1L << 48, 1L << 48, Long.MAX_VALUE, 1L << 48, Integer.MAX_VALUE, 1e12),
            new Control.Standing(1, 2, 3, 4, 5, 6, EnumSet.noneOf(Flag.class)),
            new Control.Standing(1, 2, 3, 4, 5, 6, EnumSet.allOf(Flag.class)),
            new Control.NextCommit(PLAN, false),
            new Control.NextCommit(new CommitPlan(0, 1L << 60, 1L << 60, 9, 1 << 20), false));
    for (Control message : messages) {
      assertThat(throughTheWire(message)).isEqualTo(message);
      seen.add(message.type());
    }
    for (Control.Reason reason : Control.Reason.values()) {
      assertThat(throughTheWire(new Control.Goodbye(reason)))
          .isEqualTo(new Control.Goodbye(reason));
      seen.add(MessageType.GOODBYE);
    }
    assertThat(seen).isEqualTo(CONTROLS);
  }

  @Test
  void valuesThatMakeNoSenseAreRefused() {
    List<Control> messages =
        List.of(
            new Control.Progress(-1, 1),
            new Control.Progress(1, -1),
            new Control.Cost(-1, 1),
            new Control.Cost(Double.NaN, 1),
            new Control.Cost(0, 0),
            new Control.Cost(0, Double.MIN_VALUE),
            new Control.RoundLoss(Long.MAX_VALUE, 1, 1),
            new Control.WeightsRequest(Long.MAX_VALUE),
            new Control.Accuracy(Long.MAX_VALUE, 0, 0, 3),
            new Control.GlobalBatch(Long.MAX_VALUE, 32),
            new Control.Token(Long.MAX_VALUE),
            new Control.Barrier((1L << 48) + 1),
            new Control.Cost(0, Double.POSITIVE_INFINITY),
            new Control.Cost(Double.POSITIVE_INFINITY, 1),
            new Control.RoundLoss(0, 1, 1),
            new Control.RoundLoss(1, Double.NaN, 1),
            new Control.RoundLoss(1, Double.POSITIVE_INFINITY, 1),
            new Control.RoundLoss(1, 1, -1),
            new Control.RoundLoss(1, 1, Double.NaN),
            new Control.WeightsRequest(-1),
            new Control.Accuracy(-1, 0, 0, 3),
            new Control.Accuracy(1, 1.5, 0, 3),
            new Control.Accuracy(1, 0.5, 0, -1),
            new Control.Accuracy(1, Double.NaN, 0, 3),
            new Control.GlobalBatch(0, 32),
            new Control.GlobalBatch(1, 0),
            new Control.GlobalBatch(1, -32),
            new Control.Token(-1),
            new Control.Barrier(-1),
            new Control.Status(-2, -1, 32, 1, 0, true, true),
            new Control.Status(Long.MAX_VALUE, -1, 32, 1, 0, true, true),
            new Control.Status(0, -1, 32, 0, 0, true, true),
            new Control.Status(0, -1, 2, 3, 0, true, true),
            new Control.Status(0, -1, 32, 1, -1, true, false),
            new Control.Status(0, -2, 32, 1, 0, true, false),
            standing(-1, 0, 0, 0, 0, 0),
            standing(Long.MAX_VALUE, 0, 0, 0, 0, 0),
            standing(0, -1, 0, 0, 0, 0),
            standing(0, (1L << 48) + 1, 0, 0, 0, 0),
            standing(0, 0, -1, 0, 0, 0),
            standing(0, 0, 0, -1, 0, 0),
            standing(0, 0, 0, Long.MAX_VALUE, 0, 0),
            standing(0, 0, 0, 0, -1, 0),
            standing(0, 0, 0, 0, 0, -1),
            standing(0, 0, 0, 0, 0, Double.NaN),
            standing(0, 0, 0, 0, 0, Double.POSITIVE_INFINITY),
            new Control.NextCommit(new CommitPlan(0, 0, 0, 0, 1), false),
            new Control.NextCommit(CommitPlan.afterSteps(-1, 1), false),
            new Control.NextCommit(CommitPlan.afterSteps(1_000_001, 1), false),
            new Control.NextCommit(CommitPlan.afterSteps(1, 0), false),
            new Control.NextCommit(CommitPlan.afterSteps(1, (1 << 20) + 1), false),
            new Control.NextCommit(new CommitPlan(0, -1, 0, 0, 1), false),
            new Control.NextCommit(new CommitPlan(0, (1L << 60) + 1, 0, 0, 1), false),
            new Control.NextCommit(new CommitPlan(0, 1, -1, 0, 1), false),
            new Control.NextCommit(new CommitPlan(0, 1, Long.MAX_VALUE, 0, 1), false),
            new Control.NextCommit(new CommitPlan(0, 1, 1, -1, 1), false));
    for (Control message : messages) {
      assertThatThrownBy(() -> throughTheWire(message))
          .as("%s", message)
          .isInstanceOf(MalformedMessageException.class);
    }
  }

  @Test
  void anythingOfAnotherLengthIsRefused() {
    for (MessageType type : CONTROLS) {
      int shortest = type == MessageType.THIN_LINES ? 1 : 0;
      for (int body : new int[] {shortest, 2, 7, 9, 11, 13, 15, 17, 23, 25, 32, 100}) {
        byte[] b = new byte[Frame.BYTES + body];
        Frame.seal(b, b.length, type, LAYOUT);
        assertThatThrownBy(() -> Control.parse(new Payload(b, b.length), type))
            .isInstanceOf(MalformedMessageException.class);
      }
    }
  }

  @Test
  void randomBytesAreRefusedOrMakeSense() {
    Seeded.check(
        50_000,
        random -> {
          List<MessageType> types = List.copyOf(CONTROLS);
          MessageType type = types.get(random.nextInt(types.size()));
          int[] bodies = {1, 8, 12, 16, 24, 28, 33, 45};
          byte[] b = new byte[Frame.BYTES + bodies[random.nextInt(bodies.length)]];
          random.nextBytes(b);
          Frame.seal(b, b.length, type, LAYOUT);
          try {
            Control control = Control.parse(new Payload(b, b.length), type);
            Payload again = Control.encode(control, LAYOUT);
            assertThat(Arrays.copyOf(again.bytes(), again.length())).isEqualTo(b);
          } catch (MalformedMessageException e) {
            assertThat(e).hasMessageMatching("(?s).+");
          }
        });
  }
}
