package io.dlion.core.peer.update;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.Layouts;
import io.dlion.core.Seeded;
import io.dlion.core.WorkerId;
import io.dlion.core.kernel.Blocks;
import io.dlion.core.kernel.Part;
import io.dlion.core.layout.ParameterLayout;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Workers learn where examples lie in the mean, by gradients with momentum, each with a part of the
 * examples: when do their gradients contradict each other?
 */
final class ContradictionTest {
  private static final int DIMENSIONS = 12;
  private static final ParameterLayout LAYOUT = Layouts.of(DIMENSIONS);
  private static final float MOMENTUM = 0.9f;
  private static final float RATE = 0.01f;
  private static final int STEPS = 1000;

  @Test
  void dataThatIsDividedAtRandomIsNoContradictionHoweverLongItIsTrained() {
    Seeded.check(
        10,
        random -> {
          int workers = 2 + random.nextInt(5);
          int examples = workers * (2 + random.nextInt(random.nextBoolean() ? 10 : 200));
          Crew crew = new Crew(workers, 1 + random.nextInt(16), examples, 0, random);
          crew.train(STEPS);
          assertThat(crew.leastWeight()).isGreaterThan(0.9);
          assertThat(crew.news).isEmpty();
        });
  }

  @Test
  void dataOfDifferentKindsIsOne() {
    Seeded.check(
        3,
        random -> {
          Crew crew = new Crew(3 + random.nextInt(3), 8, 2000, 1, random);
          crew.train(STEPS);
          assertThat(crew.leastWeight()).isLessThan(0.5);
          assertThat(crew.news).allMatch(text -> text.contains("contradict"));
          assertThat(crew.news).isNotEmpty();
        });
  }

  /** Workers that exchange whole gradients and apply them a step later. */
  private static final class Crew {
    private final int batch;
    private final RandomGenerator random;
    private final Map<WorkerId, Trainee> trainees = new TreeMap<>();
    private final Set<String> news = new HashSet<>();

    /**
     * A crew that has not trained.
     *
     * @param spread how far the parts of workers lie from each other; examples of one part have a
     *     deviation of 1
     */
    Crew(int workers, int batch, int examples, double spread, RandomGenerator random) {
      this.batch = batch;
      this.random = random;
      for (int k = 0; k < workers; k++) {
        float[][] part = new float[examples / workers][];
        float[] centre = normal(spread);
        for (int i = 0; i < part.length; i++) {
          part[i] = normal(1);
          for (int d = 0; d < DIMENSIONS; d++) {
            part[i][d] += centre[d];
          }
        }
        WorkerId id = new WorkerId("w" + k);
        trainees.put(id, new Trainee(part, new RandomDivision(examples, MOMENTUM)));
      }
      trainees.forEach((id, trainee) -> {
        Set<WorkerId> peers = new HashSet<>(trainees.keySet());
        peers.remove(id);
        trainee.anticipation.peers(peers, 0);
      });
    }

    void train(int steps) {
      for (int step = 1; step <= steps; step++) {
        Map<WorkerId, GradientMessage> messages = new TreeMap<>();
        for (Map.Entry<WorkerId, Trainee> worker : trainees.entrySet()) {
          messages.put(worker.getKey(), worker.getValue().compute(step));
        }
        for (Map.Entry<WorkerId, Trainee> worker : trainees.entrySet()) {
          for (Map.Entry<WorkerId, GradientMessage> message : messages.entrySet()) {
            if (!message.getKey().equals(worker.getKey())) {
              worker.getValue().arrived(message.getKey(), message.getValue(), step);
            }
          }
          worker.getValue().anticipation.news().ifPresent(news::add);
        }
      }
    }

    double leastWeight() {
      return trainees.values().stream().mapToDouble(t -> t.leastWeight).min().orElseThrow();
    }

    private float[] normal(double deviation) {
      float[] values = new float[DIMENSIONS];
      for (int d = 0; d < DIMENSIONS; d++) {
        values[d] = (float) (deviation * random.nextGaussian());
      }
      return values;
    }

    private final class Trainee {
      private final float[][] part;
      private final Anticipation anticipation;
      private final float[] weights = new float[LAYOUT.size()];
      private final float[] velocity = new float[LAYOUT.size()];
      private double leastWeight = 1;

      Trainee(float[][] part, RandomDivision division) {
        this.part = part;
        this.anticipation = new Anticipation(LAYOUT.size(), division);
      }

      /** Takes a step by the own gradient, and says what peers get. */
      GradientMessage compute(int step) {
        double share = 1.0 / trainees.size();
        float[] gradient = new float[DIMENSIONS];
        for (int b = 0; b < batch; b++) {
          float[] example = part[random.nextInt(part.length)];
          for (int d = 0; d < DIMENSIONS; d++) {
            gradient[d] += (weights[d] - example[d]) / batch;
          }
        }
        float weight = (float) (share * anticipation.weight());
        for (int d = 0; d < DIMENSIONS; d++) {
          velocity[d] = MOMENTUM * velocity[d] + weight * gradient[d];
        }
        List<Part> parts = new ArrayList<>();
        float more =
            anticipation.stepped(
                new UpdateRule.Own(MemorySegment.ofArray(velocity), 1, batch, share), batch, parts);
        float[] nothing = new float[LAYOUT.size()];
        parts.forEach(p -> Blocks.add(p, nothing));
        for (int d = 0; d < DIMENSIONS; d++) {
          weights[d] -= RATE * (1 + more) * velocity[d];
        }
        leastWeight = Math.min(leastWeight, anticipation.weight());
        return message(step, velocity, batch, anticipation.extension());
      }

      void arrived(WorkerId from, GradientMessage message, int step) {
        float[] sum = new float[LAYOUT.size()];
        message.deliver(anticipation.arrived(from, message, 1, 1, step, 0), sum);
        for (int d = 0; d < DIMENSIONS; d++) {
          weights[d] -= RATE * sum[d];
        }
      }
    }
  }

  private static GradientMessage message(
      int step, float[] values, int batch, HeaderExtension extension) {
    Selection selection = new Selection(LAYOUT);
    selection.clear();
    selection.beginVariable();
    for (int i = 0; i < DIMENSIONS; i++) {
      selection.add(i, values[i]);
    }
    selection.endVariable();
    try {
      return GradientMessage.parse(
          new GradientWriter(ValueFormat.FP32, 1)
              .write(
                  selection,
                  new Values(Arrays.copyOf(values, values.length)),
                  new GradientHeader(step, batch, (long) batch * step, 1, 0, extension),
                  Buffers.FRESH),
          LAYOUT);
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
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
    public void sent(int offset, int[] indices, float[] sent, int first, int end) {}
  }
}
