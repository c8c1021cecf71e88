package io.dlion.core.peer.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.Layouts;
import io.dlion.core.WorkerId;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.peer.roster.Roster;
import io.dlion.core.peer.roster.Tally;
import io.dlion.core.peer.update.UpdateRule.Own;
import io.dlion.core.strategy.Decoupling;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.GradientHeader;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.GradientSource;
import io.dlion.core.wire.GradientWriter;
import io.dlion.core.wire.HeaderExtension;
import io.dlion.core.wire.HeaderExtension.Kind;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.Payload;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoundSharesTest {
  private static final WorkerId B = new WorkerId("b");
  private static final WorkerId C = new WorkerId("c");

  private final ParameterLayout layout = Layouts.of(1);
  private final Roster roster = new Roster(new WorkerId("a"));
  private final Tally tally = new Tally(roster);
  private RoundShares shares = shares(0.5, true);

  private RoundShares shares(double discount, boolean bySpeed) {
    return new RoundShares(new Decoupling(0.5, 0.1, bySpeed, discount), roster, tally);
  }

  private void ownSamples(int samples) {
    tally.begins(samples);
    tally.computed(0, 1);
  }

  private void arrived(WorkerId from, long iteration, int samples, HeaderExtension extension)
      throws MalformedMessageException {
    Selection all = new Selection(layout);
    all.selectAll();
    GradientSource zeros =
        new GradientSource() {
          @Override
          public void read(int offset, int count, float[] block) {}

          @Override
          public void sent(int offset, int count, float[] block) {}

          @Override
          public void sent(int offset, int[] indices, float[] values, int first, int end) {}
        };
    Payload payload =
        new GradientWriter(ValueFormat.FP32, 1)
            .write(
                all,
                zeros,
                new GradientHeader(iteration, samples, 10_000, 1, 0, extension),
                Buffers.FRESH);
    Frame.open(payload, layout.fingerprint());
    shares.arrived(from, GradientMessage.parse(payload, layout), 1, 1, 0, 0);
  }

  private void endRound() {
    shares.stepped(new Own(MemorySegment.NULL, 1, 1, 1), 1, List.of());
  }

  @Test
  void aDistanceCountsByItsSamples() throws MalformedMessageException {
    roster.add(B, -1);
    roster.add(C, -1);
    ownSamples(60);
    assertThat(shares.weight()).as("peers count as much until they have told").isEqualTo(1 / 3.0);
    arrived(B, 0, 20, HeaderExtension.NONE);
    arrived(C, 0, 40, HeaderExtension.NONE);
    assertThat(shares.weight()).isCloseTo(0.5, within(1e-12));
    roster.remove(C);
    shares.peers(Set.of(B), 0);
    assertThat(shares.weight()).isCloseTo(0.75, within(1e-12));
  }

  @Test
  void aStaleDistanceCountsLess() throws MalformedMessageException {
    roster.add(B, -1);
    roster.add(C, -1);
    ownSamples(10);
    for (int round = 0; round < 4; round++) {
      arrived(B, round, 10, HeaderExtension.NONE);
    }
    arrived(C, 5, 10, HeaderExtension.of(Kind.ROUNDS, 4)); // a sum of what its link had missed
    // Each has gone 3 rounds beyond one: s = 3.
    assertThat(shares.weight()).isCloseTo(1 / 3.0 * Math.pow(4, -0.5), within(1e-12));
    endRound();
    assertThat(shares.weight()).as("the next round begins there").isCloseTo(1 / 3.0, within(1e-12));
    arrived(B, 9, 10, HeaderExtension.NONE);
    assertThat(shares.weight()).as("one each is no staleness").isCloseTo(1 / 3.0, within(1e-12));
    shares = shares(0, true);
    arrived(B, 10, 10, HeaderExtension.NONE);
    arrived(B, 11, 10, HeaderExtension.NONE);
    assertThat(shares.weight()).as("a = 0 discounts nothing").isCloseTo(1 / 3.0, within(1e-12));
  }

  @Test
  void slowWorkersTakeFewerSteps() throws MalformedMessageException {
    roster.add(B, -1);
    assertThat(shares.steps(20)).isEqualTo(20);
    shares.observed(400_000_000);
    assertThat(shares.steps(20)).as("nobody has told").isEqualTo(20);
    arrived(B, 0, 10, HeaderExtension.of(Kind.STEP_SECONDS, 0.1));
    assertThat(shares.steps(20)).as("a quarter of its speed").isEqualTo(5);
    assertThat(shares.steps(2)).isEqualTo(1);
    assertThat(shares.extension().get(Kind.STEP_SECONDS, 0)).isCloseTo(0.4, within(1e-6));
    arrived(B, 1, 10, HeaderExtension.of(Kind.STEP_SECONDS, 3));
    assertThat(shares.steps(20)).as("the fastest takes H").isEqualTo(20);
    shares = shares(0.5, false);
    shares.observed(400_000_000);
    arrived(B, 2, 10, HeaderExtension.of(Kind.STEP_SECONDS, 0.1));
    assertThat(shares.steps(20)).isEqualTo(20);
  }

  @Test
  void aQuorumIsAShareOfAllAndNeverNobody() {
    assertThat(new Decoupling(0.5, 0, true, 0).needed(5)).isEqualTo(3);
    assertThat(new Decoupling(0.6, 0, true, 0).needed(5)).isEqualTo(3);
    assertThat(new Decoupling(1, 0, true, 0).needed(5)).isEqualTo(5);
    assertThat(new Decoupling(0, 0, true, 0).needed(5)).isEqualTo(1);
  }
}
