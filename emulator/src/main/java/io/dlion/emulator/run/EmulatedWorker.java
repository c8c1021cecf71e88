package io.dlion.emulator.run;

import io.dlion.core.WorkerId;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Learner.ScoredLoss;
import io.dlion.core.learn.Sampler;
import io.dlion.core.learn.Seeds;
import io.dlion.core.node.Action;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.node.Event;
import io.dlion.core.node.Node;
import io.dlion.core.node.NodeConfig;
import io.dlion.core.node.Priority;
import io.dlion.core.node.Replica;
import io.dlion.core.report.Report;
import io.dlion.core.stream.Lesson;
import io.dlion.core.wire.Control.Reason;
import io.dlion.core.wire.Payload;
import io.dlion.emulator.network.Network;
import io.dlion.emulator.time.VirtualTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One worker in virtual time: a node, its memory, and what carries out its actions. Gradients
 * really are computed, from the moment they are asked for until the moment, in virtual time, at
 * which the worker has them.
 */
final class EmulatedWorker {
  private final WorkerId id;
  private final Surroundings surroundings;
  private final Examples shard;
  private final Sampler sampler;
  private final Memory memory;
  private final Optional<VirtualStream> stream;
  private final Node node;
  private final Deque<Event> whilePaused = new ArrayDeque<>();
  private long pausedUntilNanos = -1;
  private long wakeAtNanos = Long.MAX_VALUE;
  private boolean gone;
  private @Nullable Reason finished;
  private Report.@Nullable Iteration lastIteration;
  private long idleSinceNanos = -1;

  /** On the reference worker. */
  private long exchangeNanos;

  private @Nullable Resting resting;
  private @Nullable Checkpoint saved;
  private final Set<Parcel> underWay = new HashSet<>();

  /** A batch that waits for records. */
  private record Resting(VirtualTime.Appointment alarm, Runnable goOn) {}

  /** A message under way; each one is another. */
  static final class Parcel {
    final WorkerId to;
    final Payload payload;

    private Parcel(WorkerId to, Payload payload) {
      this.to = to;
      this.payload = payload;
    }
  }

  /**
   * What a worker needs of the emulation it lives in.
   *
   * @param time the clock
   * @param network carries messages
   * @param pool computes
   * @param compute how long computing takes
   * @param cost what exchange costs
   * @param observer is told what happens
   * @param emulation takes what concerns others
   * @param trouble spoils gradients and fills disks
   * @param watch sees what passes between the node and its surroundings
   * @param processors of workers that share their cores with others
   */
  record Surroundings(
      VirtualTime time,
      Network network,
      LearnerPool pool,
      ComputeModel compute,
      ExchangeCost cost,
      Observer observer,
      Neighbourhood emulation,
      Trouble trouble,
      Watch watch,
      Map<WorkerId, Processor> processors) {}

  /** What a worker asks of the emulation. */
  interface Neighbourhood {
    /** A message has arrived; {@link #received} is to be called when its receiver has it. */
    void deliver(EmulatedWorker from, Parcel parcel);

    /** A worker has finished. */
    void finished(EmulatedWorker worker);
  }

  /**
   * A worker that has not started.
   *
   * @param shard the examples that it has from the beginning
   * @param stream what arrives at it, if anything does
   * @param node makes its node
   */
  EmulatedWorker(
      NodeConfig config,
      Examples shard,
      Optional<VirtualStream> stream,
      Surroundings surroundings,
      NodeMaker node) {
    this.id = config.self();
    this.surroundings = surroundings;
    this.shard = shard;
    this.sampler = new Sampler(shard.count(), Seeds.derive(config.seed(), id.name()));
    this.memory = new Memory(surroundings.pool);
    this.stream = stream;
    this.node = node.node(config, memory.replica());
  }

  /** Makes the node of a worker. */
  @FunctionalInterface
  interface NodeMaker {
    Node node(NodeConfig config, Replica replica);
  }

  WorkerId id() {
    return id;
  }

  Node node() {
    return node;
  }

  Memory memory() {
    return memory;
  }

  /** What it would be judged by now. */
  Judge.Model model() {
    return new Judge.Model(node.model(), node.modelBuffers());
  }

  /** Whether it takes part: it has neither crashed nor left. */
  boolean isLive() {
    return !gone;
  }

  /** Why it has finished, if it has. */
  Optional<Reason> finished() {
    return Optional.ofNullable(finished);
  }

  /** From now on nothing reaches it and nothing comes of it. */
  void remove() {
    gone = true;
    processor().ifPresent(p -> p.drop(this));
    surroundings.network.still(id, false);
  }

  /** Gives the node an event, with the present as its time. */
  void handle(Event event) {
    if (gone) {
      return;
    }
    long now = surroundings.time.nowNanos();
    if (now < pausedUntilNanos) {
      whilePaused.add(event);
      return;
    }
    Event present = event.at(now);
    if (present instanceof Event.Computed) {
      stream.ifPresent(s -> s.learned(now));
    }
    surroundings.watch.before(id, present);
    List<Action> actions = node.handle(present);
    surroundings.watch.after(id, now, actions);
    exchangeNanos += surroundings.cost.nanos(actions, surroundings.pool.parameters().size());
    actions.forEach(this::carryOut);
    scheduleWake();
  }

  /** The clock wakes it when a timer may be due; one that is too early looks again. */
  private void scheduleWake() {
    long due = node.wakeAtNanos().orElse(Long.MAX_VALUE);
    if (due < wakeAtNanos) {
      wakeAtNanos = due;
      surroundings.time.at(due, () -> wake(due));
    }
  }

  private void wake(long atNanos) {
    if (gone || atNanos != wakeAtNanos) {
      return;
    }
    wakeAtNanos = Long.MAX_VALUE;
    if (node.wakeAtNanos().orElse(Long.MAX_VALUE) <= atNanos) {
      handle(new Event.TimersDue(0));
    } else {
      scheduleWake();
    }
  }

  /** Stops the worker for a while, as SIGSTOP does: what reaches it waits. */
  void pause(long untilNanos) {
    if (gone) {
      return;
    }
    pausedUntilNanos = Math.max(pausedUntilNanos, untilNanos);
    surroundings.network.still(id, true);
    surroundings.time.at(pausedUntilNanos, this::goOn);
  }

  private void goOn() {
    if (!gone && surroundings.time.nowNanos() >= pausedUntilNanos) {
      surroundings.network.still(id, false);
    }
    while (surroundings.time.nowNanos() >= pausedUntilNanos && !whilePaused.isEmpty()) {
      handle(whilePaused.remove());
    }
  }

  /** What exchange has cost since the last gradient, which the next one waits for. */
  private long takeExchangeNanos() {
    long nanos = exchangeNanos;
    exchangeNanos = 0;
    return nanos == 0 ? 0 : surroundings.compute.scaled(id, nanos, surroundings.time.nowNanos());
  }

  private void carryOut(Action action) {
    switch (action) {
      case Action.Compute a -> compute(a, takeExchangeNanos());
      case Action.Evaluate _ ->
          throw new IllegalStateException("the emulation evaluates, not its workers");
      case Action.Send a -> send(a);
      case Action.Consumed _ -> {} // arrays of messages are not used again
      case Action.Tell a -> tell(a.report());
      case Action.Save _ -> save();
      case Action.OpenStream a -> open(a.number());
      case Action.MarkStream a -> mark(a.number());
      case Action.ForgetStream _ -> stream.orElseThrow().forget();
      case Action.Finish a -> {
        finished = a.reason();
        surroundings.emulation.finished(this);
      }
    }
  }

  private void compute(Action.Compute a, long busyNanos) {
    if (stream.isPresent() && busyNanos != Long.MAX_VALUE) {
      rest(stream.get(), a, busyNanos, surroundings.time.nowNanos());
    } else {
      begin(a, busyNanos);
    }
  }

  /** Waits for records where it is to, and computes then; looks again when the stream is opened. */
  private void rest(VirtualStream of, Action.Compute a, long busyNanos, long sinceNanos) {
    long now = surroundings.time.nowNanos();
    long until = of.restsUntilNanos(a.samples(), sinceNanos, now);
    if (until == now) {
      begin(a, Math.max(0, busyNanos - (now - sinceNanos)));
      return;
    }
    Runnable goOn =
        () -> {
          resting = null;
          if (!gone) {
            rest(of, a, busyNanos, sinceNanos);
          }
        };
    resting = new Resting(surroundings.time.at(until, goOn), goOn);
  }

  private void open(long number) {
    stream.orElseThrow().open(number);
    Resting waiting = resting;
    if (waiting != null) {
      waiting.alarm.cancel();
      waiting.goOn.run();
    }
  }

  private void mark(long number) {
    if (!surroundings.trouble.diskFull(id, surroundings.time.nowNanos())) {
      stream.ifPresent(s -> s.mark(number));
    }
  }

  private LearnerPool.Task<ScoredLoss> gradient(Action.Compute a) {
    int[] rows = new int[a.samples()];
    if (stream.isEmpty()) {
      sampler.draw(a.position(), a.samples(), rows);
      return surroundings.pool.submit(
          learner -> memory.gradient(learner, shard, rows, a.seed(), 0));
    }
    VirtualStream of = stream.get();
    int fresh = of.draw(a, rows, surroundings.time.nowNanos());
    return surroundings.pool.submit(learner ->
        fresh < 0
            ? memory.gradientOfNothing(of.lossOfNothing())
            : memory.gradient(learner, of.examples(), rows, a.seed(), fresh));
  }

  private Optional<Processor> processor() {
    return Optional.ofNullable(surroundings.processors.get(id));
  }

  private void begin(Action.Compute a, long busyNanos) {
    LearnerPool.Task<ScoredLoss> gradient = gradient(a);
    Optional<Processor> shared = processor();
    if (shared.isPresent()) {
      beginBesideOthers(shared.get(), a, busyNanos, gradient);
      return;
    }
    long start = surroundings.time.nowNanos() + busyNanos;
    long nanos =
        busyNanos == Long.MAX_VALUE
            ? Long.MAX_VALUE
            : surroundings.compute.nanos(id, a.samples(), start);
    begins(start);
    surroundings.time.after(sum(busyNanos, nanos), () -> computed(gradient, start, nanos));
  }

  /** Exchange takes one core, the gradient its threads, and the rest none. */
  private void beginBesideOthers(
      Processor shared, Action.Compute a, long busyNanos, LearnerPool.Task<ScoredLoss> gradient) {
    int threads = surroundings.compute.sharedCores(id).orElseThrow().threads();
    VirtualTime time = surroundings.time;
    shared.run(
        this,
        1,
        busyNanos,
        () -> {
          long start = time.nowNanos();
          long rest = surroundings.compute.restNanos(id);
          long nanos = surroundings.compute.nanos(id, a.samples(), start);
          begins(start);
          shared.run(
              this,
              threads,
              nanos == Long.MAX_VALUE ? nanos : nanos - rest,
              () -> time.after(rest, () -> computed(gradient, start, time.nowNanos() - start)));
        });
  }

  private void begins(long startNanos) {
    if (startNanos > idleSinceNanos && idleSinceNanos >= 0) {
      surroundings.observer.waited(id, idleSinceNanos, startNanos);
    }
  }

  private void computed(LearnerPool.Task<ScoredLoss> gradient, long startNanos, long nanos) {
    if (gone) {
      return;
    }
    ScoredLoss found = gradient.result();
    memory.computed();
    if (surroundings.trouble.spoilsGradient(id, surroundings.time.nowNanos())) {
      memory.spoilGradient();
    }
    idleSinceNanos = surroundings.time.nowNanos();
    surroundings.observer.computed(id, startNanos, idleSinceNanos);
    Optional<Lesson> lesson = stream.map(s -> s.lesson(found.score(), idleSinceNanos));
    handle(new Event.Computed(0, found.loss(), nanos, 0, lesson));
  }

  private void save() {
    if (surroundings.trouble.diskFull(id, surroundings.time.nowNanos())) {
      tell(
          new Report.Notice(
              id,
              surroundings.time.nowNanos(),
              Report.Severity.ERROR,
              "checkpoint not saved, training goes on: no space left"));
    } else {
      Checkpoint checkpoint = node.checkpoint();
      saved = stream.map(s -> checkpoint.with(s.save())).orElse(checkpoint).copy();
    }
  }

  /** What it saved last, if anything. */
  Optional<Checkpoint> saved() {
    return Optional.ofNullable(saved);
  }

  /** What a crash leaves of how its stream stood, if it has one. */
  Optional<MarkJournal> journal() {
    return stream.map(VirtualStream::journal);
  }

  /** Goes on from a checkpoint; before it is given its first event. */
  void restore(Checkpoint checkpoint) {
    saved = checkpoint;
    checkpoint.feed().ifPresent(feed -> stream.ifPresent(s -> s.restore(feed)));
    node.restore(checkpoint);
  }

  /** The sum of two durations, either of which may be for ever. */
  private static long sum(long nanos, long more) {
    return nanos > Long.MAX_VALUE - more ? Long.MAX_VALUE : nanos + more;
  }

  private void tell(Report report) {
    if (report instanceof Report.Iteration r) {
      lastIteration = r;
    }
    surroundings.observer.accept(report);
  }

  /** A message has been received, or is lost. */
  void received(Parcel parcel) {
    underWay.remove(parcel);
  }

  /** A worker is gone: nothing is under way to it. */
  void forget(WorkerId worker) {
    underWay.removeIf(parcel -> parcel.to.equals(worker));
  }

  /** Whether peers have not received all that it has sent. */
  boolean hasLastWords() {
    return !underWay.isEmpty();
  }

  private void send(Action.Send a) {
    Parcel parcel = new Parcel(a.to(), a.payload());
    underWay.add(parcel);
    surroundings.observer.transferBegan(id, a.to(), surroundings.time.nowNanos());
    surroundings.network.send(
        id,
        a.to(),
        a.payload().length(),
        a.priority(),
        () -> left(a),
        () -> surroundings.emulation.deliver(this, parcel));
  }

  private void left(Action.Send a) {
    WorkerId to = a.to();
    surroundings.observer.transferEnded(id, to, surroundings.time.nowNanos(), a.payload().length());
    if (a.priority() != Priority.CONTROL && surroundings.network.idle(id, to, a.priority())) {
      handle(new Event.LinkMeasured(0, to, surroundings.network.goodputBytesPerSecond(id, to)));
      handle(new Event.LinkReady(0, to, a.priority()));
    }
  }

  /** A report of this worker's evaluation. */
  Report.Evaluated evaluated(Evaluation found) {
    Report.Iteration last = lastIteration;
    return new Report.Evaluated(
        id,
        surroundings.time.nowNanos(),
        last == null ? 0 : last.iteration(),
        last == null ? 0 : last.clusterSamples(),
        found.accuracy(),
        found.loss(),
        0); // takes no virtual time
  }
}
