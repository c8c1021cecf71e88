package io.dlion.core.peer.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.Layouts;
import io.dlion.core.Seeded;
import io.dlion.core.WorkerId;
import io.dlion.core.kernel.Blocks;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.node.Outbox;
import io.dlion.core.node.Replica;
import io.dlion.core.optimizer.SenderOptimizer;
import io.dlion.core.peer.descent.GradientDescent;
import io.dlion.core.peer.descent.OwnBatch;
import io.dlion.core.settings.Presets;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.GradientHeader;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.GradientSource;
import io.dlion.core.wire.GradientWriter;
import io.dlion.core.wire.HeaderExtension;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * What senders' optimizers make of gradients is a sum: when it arrives, in how many pieces, and
 * what stood in for it meanwhile leaves no trace in the weights.
 */
class StalenessTest {
  private static final double RATE = 0.05;
  private static final int STEPS = 40;
  private static final long SECOND = 1_000_000_000;
  private static final ParameterLayout LAYOUT =
      new ParameterLayout.Builder().add("fc.weight", 5, 8).add("fc.bias", 5).build();
  private static final ParameterLayout NO_BUFFERS = new ParameterLayout.Builder().build();

  private static Strategy strategy(String kind) {
    return Strategy.of(
        Presets.find("dlion")
            .settings()
            .with("optimizer.kind", kind)
            .with("optimizer.learning-rate", Double.toString(RATE))
            .with("optimizer.weight-decay", "0"));
  }

  @Test
  void onceAllHasArrivedAReplicaIsWhatPlainExchangeMakesOfIt() {
    for (String kind : List.of("sgd", "adamw", "muon")) {
      for (boolean anticipates : new boolean[] {false, true}) {
        Seeded.check(
            20,
            random -> {
              Replica replica = replica();
              float[] expected = train(strategy(kind), anticipates, replica, random);
              assertThat(replica.weights().toArray(ValueLayout.JAVA_FLOAT))
                  .as("%s, anticipation %s", kind, anticipates)
                  .containsExactly(expected, within(2e-4f));
            });
      }
    }
  }

  /** Trains on random gradients; returns the weights that whole and timely gradients lead to. */
  private static float[] train(
      Strategy strategy, boolean anticipates, Replica replica, SplittableRandom random) {
    GradientDescent descent = new GradientDescent(replica, strategy);
    UpdateRule rule =
        anticipates
            ? new Anticipation(LAYOUT.size(), new RandomDivision(1_000_000_000, 0.9))
            : UpdateRule.Plain.RULE;
    List<Peer> peers = new ArrayList<>();
    for (int k = 2; k < 4 + random.nextInt(2); k++) {
      peers.add(new Peer(new WorkerId("w" + k), strategy.descent().optimizer().atSender(LAYOUT)));
    }
    Set<WorkerId> ids = Set.copyOf(peers.stream().map(Peer::id).toList());
    Outbox outbox = new Outbox(new WorkerId("w1"), () -> List.copyOf(ids), LAYOUT.fingerprint());
    Update update = new Update(replica, descent, false, rule, outbox);
    int batch = 4;
    float factor = 1f / (batch * (1 + peers.size()));
    float[] plain = new float[LAYOUT.size()];
    for (int t = 0; t < STEPS; t++) {
      outbox.at(t * SECOND);
      replica.gradient().copyFrom(gradient(random));
      descent.computed(t, new OwnBatch(batch, factor, batch));
      Blocks.addScaled(descent.own(), (float) -RATE * descent.ownScale(), plain);
      for (Peer peer : peers) {
        peer.sender.take(gradient(random), batch * factor);
        Blocks.addScaled(peer.sender.values(), (float) -RATE, plain);
        Blocks.addScaled(peer.sender.values(), 1, peer.owed);
        if (random.nextInt(3) == 0) {
          update.arrived(peer.id, peer.message(t, batch, 2, random), 1, 0);
        }
      }
      rule.peers(ids, outbox.now());
      update.step(t, 1, batch, 1);
    }
    outbox.at((STEPS + 1) * SECOND);
    for (Peer peer : peers) { // in two parts, as a whole gradient would wait for the next step
      update.arrived(peer.id, peer.message(STEPS, batch, 2, random), 1, 0);
      update.arrived(peer.id, peer.message(STEPS + 1, batch, 1, random), 1, 0);
    }
    float[] rest = new float[LAYOUT.size()];
    update.takeBack(rest);
    float[] weights = replica.weights().toArray(ValueLayout.JAVA_FLOAT);
    Blocks.addScaled(rest, rest.length, (float) -RATE, weights);
    replica.weights().copyFrom(MemorySegment.ofArray(weights));
    return plain;
  }

  private static Replica replica() {
    return new Replica(
        LAYOUT,
        MemorySegment.ofArray(new float[LAYOUT.size()]),
        MemorySegment.ofArray(new float[LAYOUT.size()]),
        NO_BUFFERS,
        MemorySegment.ofArray(new float[0]));
  }

  private static MemorySegment gradient(SplittableRandom random) {
    return MemorySegment.ofArray(Layouts.normal(LAYOUT, random));
  }

  /** Sends what its optimizer makes of its gradients, some entries sooner than others. */
  private static final class Peer implements GradientSource {
    private final WorkerId id;
    private final SenderOptimizer sender;
    private final float[] owed = new float[LAYOUT.size()];

    Peer(WorkerId id, SenderOptimizer sender) {
      this.id = id;
      this.sender = sender;
    }

    WorkerId id() {
      return id;
    }

    /** About one in {@code every} of the entries that it owes. */
    GradientMessage message(int iteration, int batch, int every, SplittableRandom random) {
      Selection selection = new Selection(LAYOUT);
      selection.clear();
      for (var variable : LAYOUT.variables()) {
        selection.beginVariable();
        for (int i = variable.offset(); i < variable.end(); i++) {
          if (owed[i] != 0 && random.nextInt(every) == 0) {
            selection.add(i - variable.offset(), owed[i]);
          }
        }
        selection.endVariable();
      }
      GradientHeader header =
          new GradientHeader(
              iteration, batch, (long) batch * (iteration + 1), 1, 0, HeaderExtension.NONE);
      try {
        return GradientMessage.parse(
            new GradientWriter(ValueFormat.FP32, 1).write(selection, this, header, Buffers.FRESH),
            LAYOUT);
      } catch (MalformedMessageException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void read(int offset, int count, float[] block) {
      System.arraycopy(owed, offset, block, 0, count);
    }

    @Override
    public void sent(int offset, int count, float[] block) {
      for (int i = 0; i < count; i++) {
        owed[offset + i] = 0;
      }
    }

    @Override
    public void sent(int offset, int[] indices, float[] sent, int first, int end) {
      for (int i = first; i < end; i++) {
        owed[offset + indices[i]] = 0;
      }
    }
  }
}
