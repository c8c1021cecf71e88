package io.dlion.core.peer;

import io.dlion.core.Layouts;
import io.dlion.core.WorkerId;
import io.dlion.core.family.Nodes;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.node.Action;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.node.Event;
import io.dlion.core.node.Goal;
import io.dlion.core.node.Node;
import io.dlion.core.node.NodeConfig;
import io.dlion.core.node.Priority;
import io.dlion.core.node.Replica;
import io.dlion.core.report.Report;
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
final class Simulation {
  private static final long MILLIS = 1_000_000;

  final Line line;
  final Settings settings;
  final Map<WorkerId, Worker> workers = new TreeMap<>();

  /** What links take besides the time for their bytes; may be random. */
  ToLongBiFunction<WorkerId, WorkerId> latencyNanos = (from, to) -> MILLIS;

  /** What links carry. */
  ToDoubleBiFunction<WorkerId, WorkerId> bytesPerSecond = (from, to) -> 1e8;

  /** Called before a node is given a message; returns what it is given. */
  Tamper tamper = (from, to, payload) -> List.of(payload);

  /** Called when a node asks for a gradient. */
  Consumer<Worker> onCompute = w -> {};

  /** Called when a message arrives. */
  Arrival onReceive = (worker, from, payload) -> {};

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

  /** Changes messages on their way. */
  @FunctionalInterface
  interface Tamper {
    List<Payload> apply(WorkerId from, WorkerId to, Payload payload);
  }

  private record Scheduled(long atNanos, long number, Runnable what) {}

  Simulation(Line line, Settings settings, int workers, Goal goal) {
    this(line, settings, workers, goal, 3000, false);
  }

  Simulation(
      Line line,
      Settings settings,
      int workers,
      Goal goal,
      long trainingExamples,
      boolean evaluates) {
    this(line, settings, workers, goal, trainingExamples, evaluates, false, Map.of());
  }

  Simulation(
      Line line,
      Settings settings,
      int workers,
      Goal goal,
      long trainingExamples,
      boolean evaluates,
      Map<WorkerId, String> sites) {
    this(line, settings, workers, goal, trainingExamples, evaluates, false, sites);
  }

  Simulation(
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

  Simulation(
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

  Worker worker(int number) {
    return Objects.requireNonNull(workers.get(new WorkerId("w" + number)));
  }

  /** Starts all workers and runs until nothing is left to do or the time is over. */
  void run(double seconds) {
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
  void at(double seconds, Runnable what) {
    schedule((long) (seconds * 1e9), what);
  }

  private void schedule(long atNanos, Runnable what) {
    queue.add(new Scheduled(Math.max(now, atNanos), scheduled++, what));
  }

  private double rate(WorkerId from, WorkerId to) {
    return bytesPerSecond.applyAsDouble(from, to);
  }

  long nowNanos() {
    return now;
  }

  /** Tells all others that a worker has gone, and takes it out. */
  void crash(Worker worker) {
    worker.gone = true;
    announceMembers();
  }

  /** Lets a worker come to the others at a time, instead of beginning with them. */
  void joinsAt(double seconds, Worker late) {
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
    Set<WorkerId> members = present();
    workers.values().stream()
        .filter(w -> !w.gone)
        .forEach(
            w -> schedule(now + MILLIS, () -> w.handle(new Event.MembersChanged(now, members))));
  }

  /** One node, its memory, and what it has said. */
  final class Worker {
    final WorkerId id;
    final Node node;
    final float[] weights;
    final float[] gradient;
    final float[] buffers;
    final List<Report> reports = new ArrayList<>();
    final List<Checkpoint> saved = new ArrayList<>();
    final Map<WorkerId, Long> newest = new TreeMap<>();
    final long stream;

    /** Time of a step: so much, and so much for each sample. */
    double alphaSeconds = 0.001;

    double betaSeconds = 0.0005;

    /** These gradients leave a buffer that is not finite, as a batch norm of one sample does. */
    final Set<Long> spoilingBuffers = new HashSet<>();

    /** From this count of gradients on they are not finite. */
    long notFiniteFrom = Long.MAX_VALUE;

    @Nullable Reason finished;
    boolean gone;
    long iterations;
    long gradients;

    /** Samples of each of them. */
    final List<Integer> batches = new ArrayList<>();

    private final Map<Payload, Integer> open = new HashMap<>();
    private long wakeAtNanos = -1;
    private final Map<WorkerId, Map<Priority, Deque<Payload>>> lanes = new TreeMap<>();

    Worker(WorkerId id, long stream) {
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
                  trainingExamples,
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

    void handle(Event event) {
      if (!gone) {
        node.handle(event).forEach(this::act);
        wake();
      }
    }

    void stop(Reason reason) {
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
            if (receiver != null && !gone) {
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

    void receive(WorkerId from, Payload payload) {
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
    int unconsumed(Payload payload) {
      return open.getOrDefault(payload, 0);
    }

    int unconsumed() {
      return open.size();
    }

    <R extends Report> List<R> reports(Class<R> type) {
      return reports.stream().filter(type::isInstance).map(type::cast).toList();
    }

    List<String> notices(Report.Severity severity) {
      return reports(Report.Notice.class).stream()
          .filter(n -> n.severity() == severity)
          .map(Report.Notice::text)
          .toList();
    }

    Report.Iteration lastIteration() {
      return reports(Report.Iteration.class).getLast();
    }
  }

  /** Looks at messages that arrive. */
  @FunctionalInterface
  interface Arrival {
    void accept(Worker worker, WorkerId from, Payload payload);
  }
}
