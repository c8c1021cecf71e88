package io.dlion.benchmarks;

import io.dlion.core.WorkerId;
import io.dlion.core.family.Nodes;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.node.Action;
import io.dlion.core.node.Event;
import io.dlion.core.node.Node;
import io.dlion.core.node.NodeConfig;
import io.dlion.core.node.Replica;
import io.dlion.core.settings.Goal;
import io.dlion.core.settings.Presets;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.wire.CommitMessage;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.Control.Standing;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.GradientSource;
import io.dlion.core.wire.GradientWriter;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.MessageType;
import io.dlion.core.wire.Payload;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A server of 36 clients applies commits of fp32 and answers each at once: a shot is {@value
 * #COMMITS} commits. What it does makes eight passes over the model: the checksum and the
 * validation read the commit; applying reads it, and reads and writes the weights; the answer reads
 * the weights, writes a message, and its checksum reads that. {@link #copies} moves as many bytes
 * by plain copies of whole arrays.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 15)
@Measurement(iterations = 15)
@Fork(value = 3, jvmArgs = "-Xmx3g")
public class ServerCommits {
  private static final int CLIENTS = 36;
  private static final int COMMITS = 5 * CLIENTS;
  private static final WorkerId SERVER = new WorkerId("server");

  /** Parameters of the model: those of {@code cnn}. */
  @Param("325282")
  public int parameters;

  private final List<Event> events = new ArrayList<>();
  private final List<byte[]> arrays = new ArrayList<>();
  private Arena arena = Arena.ofConfined();
  private @Nullable Node node;
  private byte[] weights = {};
  private byte[] answer = {};
  private long number;
  private long term;

  /** A server with its clients. */
  @Setup
  public void setUp() {
    ParameterLayout layout = layout();
    Strategy strategy =
        Strategy.of(Presets.find("ssp").settings().with("server.staleness", "1000000"));
    Node made =
        Nodes.of(
            new NodeConfig(
                SERVER, strategy, 60_000, 0, Goal.NONE, 1, false, false, Map.of(), true, 1),
            replica(layout),
            this::array);
    Set<WorkerId> members = new TreeSet<>(Set.of(SERVER));
    for (int k = 0; k < CLIENTS; k++) {
      members.add(client(k));
    }
    made.handle(new Event.Started(0, members));
    for (int k = 0; k < CLIENTS; k++) {
      Standing standing =
          new Standing(0, 0, 0, 0, 0, 0, EnumSet.of(Standing.Flag.TRAINS, Standing.Flag.CLIENT));
      Payload payload = Control.encode(standing, layout.fingerprint());
      note(made.handle(new Event.Received(0, client(k), payload)), layout);
    }
    node = made;
    weights = new byte[4 * parameters];
    answer = new byte[4 * parameters];
  }

  /** The server says of which term it is. */
  private void note(List<Action> actions, ParameterLayout layout) {
    for (Action action : actions) {
      if (action instanceof Action.Send send && Frame.isOf(MessageType.STANDING, send.payload())) {
        try {
          Frame.open(send.payload(), layout.fingerprint());
          Control control = Control.parse(send.payload(), MessageType.STANDING);
          if (control instanceof Standing standing && standing.serves()) {
            term = standing.term();
          }
        } catch (MalformedMessageException e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  private static WorkerId client(int k) {
    return new WorkerId("c" + k);
  }

  private ParameterLayout layout() {
    return new ParameterLayout.Builder().add("w", parameters).build();
  }

  private Replica replica(ParameterLayout layout) {
    return new Replica(
        layout,
        arena.allocate(layout.bytes(), 64),
        arena.allocate(layout.bytes(), 64),
        new ParameterLayout.Builder().build(),
        MemorySegment.NULL);
  }

  private byte[] array(int size) {
    return arrays.isEmpty() ? new byte[size + 64] : arrays.removeLast();
  }

  /** Commits that have not been seen. */
  @Setup(Level.Iteration)
  public void encode() {
    events.clear();
    ParameterLayout layout = layout();
    Selection whole = new Selection(layout);
    whole.selectWhole(0);
    GradientWriter writer = new GradientWriter(ValueFormat.FP32, 1);
    GradientSource source = new Ramp();
    for (int i = 0; i < COMMITS; i++) {
      number += i % CLIENTS == 0 ? 1 : 0;
      CommitMessage.About about = new CommitMessage.About(0, term, 0, 1, 2.3, 0.1);
      Payload payload =
          CommitMessage.encode(
              writer,
              whole,
              source,
              number,
              32,
              32 * number,
              about,
              MemorySegment.NULL,
              byte[]::new);
      events.add(new Event.Received(1, client(i % CLIENTS), payload));
    }
  }

  /** Values like those of gradients. */
  private static final class Ramp implements GradientSource {
    @Override
    public void read(int offset, int count, float[] block) {
      for (int i = 0; i < count; i++) {
        block[i] = 1e-6f * ((offset + i) % 1000 - 500);
      }
    }

    @Override
    public void sent(int offset, int count, float[] block) {}

    @Override
    public void sent(int offset, int[] indices, float[] values, int first, int end) {}
  }

  /** Frees the replica. */
  @TearDown
  public void tearDown() {
    arena.close();
  }

  /** Applies and answers all commits. */
  @Benchmark
  public int applyAndAnswer() {
    int answers = 0;
    Node server = Objects.requireNonNull(node);
    for (Event event : events) {
      for (Action action : server.handle(event)) {
        if (action instanceof Action.Send send && send.payload().length() > parameters) {
          answers++;
          arrays.add(send.payload().bytes());
        }
      }
    }
    if (answers != COMMITS) {
      throw new IllegalStateException(answers + " answers to " + COMMITS + " commits");
    }
    return answers;
  }

  /** As many bytes read and written: four copies for each commit. */
  @Benchmark
  public int copies() {
    for (Event event : events) {
      byte[] commit = ((Event.Received) event).payload().bytes();
      System.arraycopy(commit, 0, answer, 0, answer.length);
      System.arraycopy(commit, 0, weights, 0, weights.length);
      System.arraycopy(weights, 0, answer, 0, answer.length);
      System.arraycopy(answer, 0, weights, 0, weights.length);
    }
    return weights[7];
  }
}
