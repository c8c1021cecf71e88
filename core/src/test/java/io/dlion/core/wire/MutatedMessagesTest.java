package io.dlion.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.dlion.core.Layouts;
import io.dlion.core.Seeded;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Damaged messages of every kind: each is refused as malformed, without another exception and
 * without taking memory; or is valid, and what it would do is finite and stays within the model. So
 * many frames with {@code -Ddlion.fuzz.frames=5000000}; a failure names its seed.
 */
class MutatedMessagesTest {
  private static final int FRAMES = Integer.getInteger("dlion.fuzz.frames", 200_000);
  private static final int MUTATIONS = 50;

  /**
   * Two blocks of floats, the parts found, and the words of the refusal: whatever sizes a message
   * claims. Models here have fewer than 3000 elements.
   */
  private static final long ALLOCATION_MAX = 64 * 1024;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Map<MessageType, Integer> valid = new EnumMap<>(MessageType.class);
  private int frames;
  private int refused;

  @Test
  void areRefusedOrValidAndNothingElse() {
    Seeded.check(FRAMES / MUTATIONS, this::mutateSome);
    assertThat(valid.keySet()).as("some damage only changes values").contains(MessageType.values());
    assertThat(refused).as("most is noticed").isGreaterThan(frames / 2);
    if (System.getProperty("dlion.fuzz.frames") != null) {
      System.out.println(frames + " frames, " + refused + " refused, valid: " + valid);
    }
  }

  private void mutateSome(SplittableRandom random) throws MalformedMessageException {
    ParameterLayout layout = smallLayout(random);
    ParameterLayout buffers = random.nextBoolean() ? Layouts.of() : smallLayout(random);
    List<Payload> originals = originals(layout, buffers, random);
    for (Payload original : originals) {
      assertThat(outcome(original, layout, buffers)).isNotNull();
    }
    for (int i = 0; i < MUTATIONS; i++) {
      Payload original = originals.get(random.nextInt(originals.size()));
      Payload other = originals.get(random.nextInt(originals.size()));
      Payload mutated = Mutations.of(original, other, layout.fingerprint(), random);
      float @Nullable [] first = measured(mutated, layout, buffers);
      Arrays.fill(mutated.bytes(), mutated.length(), mutated.bytes().length, (byte) 0x55);
      if (!Arrays.equals(outcome(mutated, layout, buffers), first)) {
        throw new AssertionError("bytes behind the end matter");
      }
    }
  }

  private static ParameterLayout smallLayout(SplittableRandom random) {
    int[] counts = new int[1 + random.nextInt(4)];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = 1 + random.nextInt(random.nextBoolean() ? 20 : 600);
    }
    return Layouts.of(counts);
  }

  /** A message of each kind. */
  private static List<Payload> originals(
      ParameterLayout layout, ParameterLayout buffers, SplittableRandom random) {
    List<Payload> all = new ArrayList<>();
    float[] values = Layouts.normal(layout, random);
    for (ValueFormat format : ValueFormat.values()) {
      for (int n = 0; n < 3; n++) {
        all.add(
            new GradientWriter(format, 1)
                .write(
                    Selections.random(layout, values, random),
                    new Selections.Remembering(values),
                    GradientMessageTest.HEADER,
                    Buffers.FRESH));
      }
    }
    all.add(
        WeightsMessage.encode(
            1,
            random.nextInt(1000),
            layout,
            MemorySegment.ofArray(values),
            buffers,
            MemorySegment.ofArray(Layouts.normal(buffers, random)),
            random.nextBoolean() ? List.of(MemorySegment.ofArray(values)) : List.of(),
            Buffers.FRESH));
    addThoseOfServers(all, layout, values, buffers, random);
    List<Control> controls =
        List.of(
            new Control.Cost(0.1, 0.01),
            new Control.RoundLoss(2, 0.5, 0.1),
            new Control.WeightsRequest(1),
            new Control.Accuracy(7, 0.9, 0.3, 2),
            new Control.GlobalBatch(2, 96),
            new Control.Token(9),
            new Control.Barrier(9),
            new Control.ThinLines(),
            new Control.Status(7, -1, 192, 6, 2, true, false),
            new Control.Progress(7, 192),
            new Control.Standing(1, 2, 3, 4, 5, 6, Set.of(Control.Standing.Flag.TRAINS)),
            new Control.NextCommit(CommitPlan.afterSteps(5, 32), true),
            new Control.Goodbye(Control.Reason.TIME));
    controls.forEach(c -> all.add(Control.encode(c, layout.fingerprint())));
    return all;
  }

  private static void addThoseOfServers(
      List<Payload> all,
      ParameterLayout layout,
      float[] values,
      ParameterLayout buffers,
      SplittableRandom random) {
    Selection whole = Selections.whole(layout);
    MemorySegment statistics = MemorySegment.ofArray(Layouts.normal(buffers, random));
    for (ValueFormat format : ValueFormat.values()) {
      all.add(
          CommitMessage.encode(
              new GradientWriter(format, 1),
              whole,
              new Selections.Remembering(values),
              3,
              64,
              192,
              new CommitMessage.About(5, 1, 7, 2, 0.5, 0.25),
              statistics,
              Buffers.FRESH));
      all.add(
          GlobalModelMessage.encode(
              new GradientWriter(format, 1),
              whole,
              new Selections.Remembering(values),
              7,
              192,
              new GlobalModelMessage.About(1, 5, 3, false, CommitPlan.afterSteps(5, 32)),
              statistics,
              Buffers.FRESH));
    }
    byte[] probe = new byte[Frame.BYTES + 8];
    Frame.seal(probe, probe.length, MessageType.PROBE, layout.fingerprint());
    all.add(new Payload(probe, probe.length));
    all.add(
        new StreamNews(7, -1, 900, 0.75, 100, 0.5, 0.625, 2, Map.of("w1", 7L, "höhe-2", -1L))
            .encode(layout.fingerprint()));
  }

  private long allocated(Payload payload, ParameterLayout layout, ParameterLayout buffers) {
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      decode(payload, layout, buffers);
    } catch (MalformedMessageException e) {
      // Refusals are measured, too.
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  /** The outcome of a message, and a check of what it took. */
  private float @Nullable [] measured(
      Payload payload, ParameterLayout layout, ParameterLayout buffers) {
    frames++;
    if (allocated(payload, layout, buffers) > ALLOCATION_MAX) {
      // The first message of a kind, or refused for a reason, loads classes.
      long took = allocated(payload, layout, buffers);
      assertThat(took).as("bytes allocated for %s", payload).isLessThanOrEqualTo(ALLOCATION_MAX);
    }
    try {
      valid.merge(decode(payload, layout, buffers), 1, Integer::sum);
    } catch (MalformedMessageException e) {
      refused++;
    }
    return outcome(payload, layout, buffers);
  }

  /** Opens a message as nodes do. */
  private static MessageType decode(
      Payload payload, ParameterLayout layout, ParameterLayout buffers)
      throws MalformedMessageException {
    MessageType type = Frame.open(payload, layout.fingerprint());
    switch (type) {
      case GRADIENT -> GradientMessage.parse(payload, layout);
      case WEIGHTS -> WeightsMessage.parse(payload, layout, buffers);
      case COMMIT -> CommitMessage.parse(payload, layout, buffers);
      case MODEL -> GlobalModelMessage.parse(payload, layout, buffers);
      case PROBE -> {}
      case STREAM -> StreamNews.parse(payload);
      default -> Control.parse(payload, type);
    }
    return type;
  }

  /** What a valid message would do to a model; null for one that is refused. */
  private static float @Nullable [] outcome(
      Payload payload, ParameterLayout layout, ParameterLayout buffers) {
    try {
      MessageType type = Frame.open(payload, layout.fingerprint());
      return switch (type) {
        case GRADIENT -> applied(GradientMessage.parse(payload, layout), layout);
        case WEIGHTS -> {
          WeightsMessage message = WeightsMessage.parse(payload, layout, buffers);
          requirePossible(message.round(), message.iteration());
          yield finite(floats(message.weights()), floats(message.buffers()));
        }
        case COMMIT -> {
          CommitMessage message = CommitMessage.parse(payload, layout, buffers);
          requirePossible(message.number(), message.about().term(), message.about().version());
          yield finite(applied(message.values(), layout), floats(message.buffers()));
        }
        case MODEL -> {
          GlobalModelMessage message = GlobalModelMessage.parse(payload, layout, buffers);
          requirePossible(message.version(), message.about().term(), message.samples());
          yield finite(applied(message.values(), layout), floats(message.buffers()));
        }
        case PROBE -> new float[0];
        case STREAM -> {
          StreamNews news = StreamNews.parse(payload);
          if (!news.equals(StreamNews.parse(news.encode(layout.fingerprint())))) {
            throw new AssertionError(news + " is another when it is sent on");
          }
          yield finite(new float[] {(float) news.overall(), (float) news.window()}, new float[0]);
        }
        default -> {
          Control control = Control.parse(payload, type);
          Payload again = Control.encode(control, layout.fingerprint());
          if (!control.equals(Control.parse(again, type))) {
            throw new AssertionError(control + " is another when it is sent on");
          }
          yield new float[] {control.hashCode()};
        }
      };
    } catch (MalformedMessageException e) {
      return null;
    }
  }

  private static float[] applied(GradientMessage message, ParameterLayout layout) {
    requirePossible(message.header().iteration(), message.header().samples());
    if (message.entries() < 0 || message.entries() > layout.elements()) {
      throw new AssertionError(message.entries() + " entries");
    }
    float[] update = new float[layout.size()];
    message.addTo(update, 1);
    int gap = 0;
    for (Variable v : layout.variables()) {
      for (int i = gap; i < v.offset(); i++) {
        if (update[i] != 0) {
          throw new AssertionError("written outside of the variables, at " + i);
        }
      }
      gap = v.end();
    }
    return finite(update, new float[0]);
  }

  private static void requirePossible(long... counts) {
    for (long count : counts) {
      if (count < 0 || count > 1L << 48) {
        throw new AssertionError("a count of " + count + " is accepted");
      }
    }
  }

  private static float[] finite(float[] first, float[] second) {
    for (float[] values : new float[][] {first, second}) {
      for (float value : values) {
        if (!Float.isFinite(value)) {
          throw new AssertionError("a message that is accepted makes a weight " + value);
        }
      }
    }
    float[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static float[] floats(MemorySegment segment) {
    return segment.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
  }
}
