package io.dlion.core.simulation;

import io.dlion.core.Layouts;
import io.dlion.core.WorkerId;
import io.dlion.core.family.Nodes;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.node.Action;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.node.Event;
import io.dlion.core.node.Node;
import io.dlion.core.node.NodeConfig;
import io.dlion.core.node.Priority;
import io.dlion.core.node.Replica;
import io.dlion.core.report.Report;
import io.dlion.core.settings.Goal;
import io.dlion.core.settings.Settings;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.Control.Reason;
import io.dlion.core.wire.Payload;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToLongBiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A cluster of nodes under a virtual clock, to test them: an event queue, a {@link Line} for each
 * worker, and links that carry one message of a priority after the other. It checks what a node
 * promises its runtime: weights stay as they are while a gradient is computed, and every payload is
 * consumed exactly once.
 */
public final class Simulation {
  private static final long MILLIS = 1_000_000;

  public final Line line;
  public final Settings settings;
  public final Map<WorkerId, Worker> workers = new TreeMap<>();

  /** What links take besides the time for their bytes; may be random. */
  public ToLongBiFunction<WorkerId, WorkerId> latencyNanos = (from, to) -> MILLIS;

  /** What links carry. */
  public ToDoubleBiFunction<WorkerId, WorkerId> bytesPerSecond = (from, to) -> 1e8;

  /** Called before a node is given a message; returns what it is given. */
  public Tamper tamper = (from, to, payload) -> List.of(payload);

  /** Called when a node asks for a gradient. */
  public Consumer<Worker> onCompute = w -> {};

  /** Called when a message arrives. */
  public Arrival onReceive = (worker, from, payload) -> {};

  private final PriorityQueue<Scheduled> queue =
      new PriorityQueue<>(
          Comparator.comparingLong(Scheduled::atNanos).thenComparingLong(Scheduled::number));
  private final Goal goal;
  private final long trainingExamples;
  private final boolean evaluates;
  private final boolean keepsBest;
  private final Map<WorkerId, String> sites;
  private final int minimumBatch;
  private long now;
  private long scheduled;

  /** Those whom a partition keeps from all others. */
  private Set<WorkerId> apart = Set.of();

  /** Changes messages on their way. */
  @FunctionalInterface
  public interface Tamper {
    List<Payload> apply(WorkerId from, WorkerId to, Payload payload);
  }

  private record Scheduled(long atNanos, long number, Runnable what) {}

  public Simulation(Line line, Settings settings, int workers, Goal goal) {
    this(line, settings, workers, goal, 3000, false);
  }

  public Simulation(
      Line line,
      Settings settings,
      int workers,
      Goal goal,
      long trainingExamples,
      boolean evaluates) {
    this(line, settings, workers, goal, trainingExamples, evaluates, false, Map.of());
  }

  public Simulation(
      Line line,
      Settings settings,
      int workers,
      Goal goal,
      long trainingExamples,
      boolean evaluates,
      Map<WorkerId, String> sites) {
    this(line, settings, workers, goal, trainingExamples, evaluates, false, sites);
  }

  public Simulation(
      Line line,
      Settings settings,
      int workers,
      Goal goal,
      long trainingExamples,
      boolean evaluates,
      boolean keepsBest,
      Map<WorkerId, String> sites) {
    this(line, settings, workers, goal, trainingExamples, evaluates, keepsBest, sites, 1);
  }

  public Simulation(
      Line line,
      Settings settings,
      int workers,
      Goal goal,
      long trainingExamples,
      boolean evaluates,
      boolean keepsBest,
      Map<WorkerId, String> sites,
      int minimumBatch) {
    this.keepsBest = keepsBest;
    this.line = line;
    this.minimumBatch = minimumBatch;
    this.sites = sites;
    this.settings = settings;
    this.goal = goal;
    this.trainingExamples = trainingExamples;
    this.evaluates = evaluates;
    for (int k = 1; k <= workers; k++) {
      WorkerId id = new WorkerId("w" + k);
      this.workers.put(id, new Worker(id, k));
    }
  }

  public Worker worker(int number) {
    return Objects.requireNonNull(workers.get(new WorkerId("w" + number)));
  }

  /** Starts all workers and runs until nothing is left to do or the time is over. */
  public void run(double seconds) {
    if (now == 0) {
      Set<WorkerId> all = present();
      workers.values().forEach(w -> at(0, () -> w.handle(new Event.Started(now, all))));
      for (Worker from : workers.values()) {
        for (WorkerId to : all) {
          at(0, () -> from.handle(new Event.LinkMeasured(now, to, rate(from.id, to))));
        }
      }
    }
    while (!queue.isEmpty() && queue.peek().atNanos <= seconds * 1e9) {
      Scheduled next = queue.remove();
      now = next.atNanos;
      next.what.run();
    }
  }

  /** Runs something at a time of the virtual clock. */
  public void at(double seconds, Runnable what) {
    schedule((long) (seconds * 1e9), what);
  }

  private void schedule(long atNanos, Runnable what) {
    queue.add(new Scheduled(Math.max(now, atNanos), scheduled++, what));
  }

  private double rate(WorkerId from, WorkerId to) {
    return bytesPerSecond.applyAsDouble(from, to);
  }

  public long nowNanos() {
    return now;
  }

  /** Tells all others that a worker has gone, and takes it out. */
  public void crash(Worker worker) {
    worker.gone = true;
    announceMembers();
  }

  /** Lets a worker come to the others at a time, instead of beginning with them. */
  public void joinsAt(double seconds, Worker late) {
    late.gone = true;
    at(
        seconds,
        () -> {
          late.gone = false;
          late.handle(new Event.Joined(now, present()));
          announceMembers();
        });
  }

  private Set<WorkerId> present() {
    return workers.values().stream()
        .filter(w -> !w.gone)
        .map(w -> w.id)
        .collect(Collectors.toSet());
  }

  private void announceMembers() {
    for (Worker worker : workers.values()) {
      Set<WorkerId> members =
          present().stream().filter(id -> reach(id, worker.id)).collect(Collectors.toSet());
      if (!worker.gone) {
        schedule(now + MILLIS, () -> worker.handle(new Event.MembersChanged(now, members)));
      }
    }
  }

  private boolean reach(WorkerId a, WorkerId b) {
    return apart.contains(a) == apart.contains(b);
  }

  /** Keeps some workers and all others apart for a time: each side takes the other for gone. */
  public void partition(double fromSeconds, double untilSeconds, Worker... some) {
    at(
        fromSeconds,
        () -> {
          apart = Arrays.stream(some).map(w -> w.id).collect(Collectors.toSet());
          announceMembers();
        });
    at(
        untilSeconds,
        () -> {
          apart = Set.of();
          announceMembers();
        });
  }

  /** Makes a worker, before the run, one that has no training data. */
  public Worker withoutData(int number) {
    Worker before = worker(number);
    Worker made = new Worker(before.id, before.stream, 0);
    workers.put(made.id, made);
    return made;
  }

  /** A process of the same name takes a worker's place: it has forgotten everything. */
  public Worker again(Worker worker) {
    Worker made = new Worker(worker.id, worker.stream, worker.examples);
    made.alphaSeconds = worker.alphaSeconds;
    made.betaSeconds = worker.betaSeconds;
    workers.put(made.id, made);
    return made;
  }

  /** One node, its memory, and what it has said. */
  public final class Worker {
    public final WorkerId id;
    public final Node node;
    public final float[] weights;
    public final float[] gradient;
    public final float[] buffers;
    public final List<Report> reports = new ArrayList<>();
    public final List<Checkpoint> saved = new ArrayList<>();
    public final Map<WorkerId, Long> newest = new TreeMap<>();
    public final long stream;
    private final long examples;

    /** Time of a step: so much, and so much for each sample. */
    public double alphaSeconds = 0.001;

    public double betaSeconds = 0.0005;

    /** These gradients leave a buffer that is not finite, as a batch norm of one sample does. */
    public final Set<Long> spoilingBuffers = new HashSet<>();

    /** From this count of gradients on they are not finite. */
    public long notFiniteFrom = Long.MAX_VALUE;

    public @Nullable Reason finished;
    public boolean gone;
    public long iterations;
    public long gradients;

    /** Samples of each of them. */
    public final List<Integer> batches = new ArrayList<>();

    private final Map<Payload, Integer> open = new HashMap<>();
    private long wakeAtNanos = -1;
    private final Map<WorkerId, Map<Priority, Deque<Payload>>> lanes = new TreeMap<>();

    public Worker(WorkerId id, long stream) {
      this(id, stream, trainingExamples);
    }

    private Worker(WorkerId id, long stream, long examples) {
      this.examples = examples;
      this.id = id;
      this.stream = stream;
      ParameterLayout bufferLayout = Layouts.of(2);
      weights = new float[line.layout.size()];
      gradient = new float[line.layout.size()];
      buffers = new float[bufferLayout.size()];
      node =
          Nodes.of(
              new NodeConfig(
                  id,
                  Strategy.of(settings),
                  trainingExamples,
                  examples,
                  goal,
                  7,
                  evaluates,
                  keepsBest,
                  sites,
                  true,
                  minimumBatch),
              new Replica(
                  line.layout,
                  MemorySegment.ofArray(weights),
                  MemorySegment.ofArray(gradient),
                  bufferLayout,
                  MemorySegment.ofArray(buffers)),
              Buffers.FRESH);
    }

    public void handle(Event event) {
      if (!gone) {
        node.handle(event).forEach(this::act);
        wake();
      }
    }

    public void stop(Reason reason) {
      handle(new Event.StopRequested(now, reason));
    }

    private void act(Action action) {
      if (finished != null && !(action instanceof Action.Consumed)) {
        throw new AssertionError(id + " goes on after its end: " + action);
      }
      switch (action) {
        case Action.Compute a -> compute(a);
        case Action.Evaluate a ->
            schedule(now + MILLIS, () -> handle(new Event.Evaluated(now, line.evaluate(weights))));
        case Action.Send a -> send(a);
        case Action.Consumed a -> consumed(a.payload());
        case Action.Tell a -> {
          reports.add(a.report());
          iterations += a.report() instanceof Report.Iteration ? 1 : 0;
        }
        case Action.Save a -> saved.add(node.checkpoint().copy());
        case Action.OpenStream _, Action.MarkStream _, Action.ForgetStream _ ->
            throw new AssertionError(id + " has no stream");
        case Action.Finish a -> finish(a.reason());
      }
    }

    private void compute(Action.Compute a) {
      onCompute.accept(this);
      batches.add(a.samples());
      double[] sums = new double[weights.length];
      double loss = line.addGradients(stream, a.position(), a.samples(), weights, sums);
      boolean spoils = spoilingBuffers.contains(gradients);
      boolean finite = gradients++ < notFiniteFrom;
      for (int i = 0; i < sums.length; i++) {
        gradient[i] = finite ? (float) (sums[i] / a.samples()) : Float.NaN;
      }
      float[] before = weights.clone();
      long nanos = Math.round((alphaSeconds + betaSeconds * a.samples()) * 1e9);
      schedule(
          now + nanos,
          () -> {
            if (!Arrays.equals(before, weights)) {
              throw new AssertionError(id + " changed its weights while computing");
            }
            if (!spoilingBuffers.isEmpty()) {
              buffers[0] = spoils ? Float.NaN : buffers[0] + 1;
            }
            handle(new Event.Computed(now, finite ? loss / a.samples() : Double.NaN, nanos, 0));
          });
    }

    private void wake() {
      OptionalLong due = node.wakeAtNanos();
      if (due.isPresent() && due.getAsLong() != wakeAtNanos) {
        long at = due.getAsLong();
        wakeAtNanos = at;
        schedule(
            at,
            () -> {
              if (at == wakeAtNanos) {
                wakeAtNanos = -1;
                handle(new Event.TimersDue(now));
              }
            });
      }
    }

    private void finish(Reason reason) {
      finished = reason;
      // The process ends a little later, when its last messages are out.
      schedule(
          now + 1000 * MILLIS,
          () -> {
            gone = true;
            announceMembers();
          });
    }

    private void send(Action.Send a) {
      Deque<Payload> lane =
          lanes
              .computeIfAbsent(a.to(), to -> new EnumMap<>(Priority.class))
              .computeIfAbsent(a.priority(), p -> new ArrayDeque<>());
      lane.add(a.payload());
      if (lane.size() == 1) {
        transmit(a.to(), a.priority(), lane);
      }
    }

    private void transmit(WorkerId to, Priority priority, Deque<Payload> lane) {
      Payload payload = lane.element();
      long onLink = (long) (payload.length() / rate(id, to) * 1e9);
      long latency = latencyNanos.applyAsLong(id, to);
      schedule(
          now + onLink + latency,
          () -> {
            Worker receiver = workers.get(to);
            if (receiver != null && !gone && reach(id, to)) {
              tamper.apply(id, to, payload).forEach(p -> receiver.receive(id, p));
            }
            lane.remove();
            if (!lane.isEmpty()) {
              transmit(to, priority, lane);
            } else if (finished == null) {
              handle(new Event.LinkMeasured(now, to, rate(id, to)));
              handle(new Event.LinkReady(now, to, priority));
            }
          });
    }

    public void receive(WorkerId from, Payload payload) {
      if (!gone) {
        open.merge(payload, 1, Integer::sum);
        onReceive.accept(this, from, payload);
        handle(new Event.Received(now, from, payload));
      }
    }

    private void consumed(Payload payload) {
      Integer count = open.get(payload);
      if (count == null) {
        throw new AssertionError(id + " consumed a message that it does not have");
      }
      if (count == 1) {
        open.remove(payload);
      } else {
        open.put(payload, count - 1);
      }
    }

    /** How many copies of a payload it is not done with. */
    public int unconsumed(Payload payload) {
      return open.getOrDefault(payload, 0);
    }

    public int unconsumed() {
      return open.size();
    }

    public <R extends Report> List<R> reports(Class<R> type) {
      return reports.stream().filter(type::isInstance).map(type::cast).toList();
    }

    public List<String> notices(Report.Severity severity) {
      return reports(Report.Notice.class).stream()
          .filter(n -> n.severity() == severity)
          .map(Report.Notice::text)
          .toList();
    }

    public Report.Iteration lastIteration() {
      return reports(Report.Iteration.class).getLast();
    }
  }

  /** Looks at messages that arrive. */
  @FunctionalInterface
  public interface Arrival {
    void accept(Worker worker, WorkerId from, Payload payload);
  }
}
