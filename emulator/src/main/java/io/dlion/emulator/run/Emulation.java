package io.dlion.emulator.run;

import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Seeds;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.node.Event;
import io.dlion.core.node.Node;
import io.dlion.core.node.NodeConfig;
import io.dlion.core.node.Replica;
import io.dlion.core.online.StreamNode;
import io.dlion.core.settings.Goal;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.wire.Control.Reason;
import io.dlion.core.wire.Payload;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.SitedWorker;
import io.dlion.emulator.network.Network;
import io.dlion.emulator.stream.Streams;
import io.dlion.emulator.stream.WorkerSource;
import io.dlion.emulator.time.VirtualTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * A run in virtual time: the nodes of a real cluster, with real gradients, on machines and links
 * that an environment describes. The same seed gives the same run, event by event and bit by bit,
 * however many cores compute it.
 */
public final class Emulation {
  /** How long after its last iteration a worker that has finished leaves, at the earliest. */
  private static final long LEAVING_NANOS = 1_000_000_000;

  /**
   * How long it then waits, at most, for peers to receive what it has sent, as the cluster does.
   */
  private static final long LAST_WORDS_NANOS_MAX = 5_000_000_000L;

  private static final long LAST_WORDS_POLL_NANOS = 50_000_000;

  /** How long it takes the others to notice that a worker has crashed. */
  private static final long DETECTION_NANOS = 3_000_000_000L;

  private final Spec spec;
  private final EmulatedWorker.Surroundings surroundings;
  private final VirtualTime time = new VirtualTime();
  private final Network network;
  private final Judge judge;
  private final Trouble trouble;
  private final Watch watch;
  private final Map<WorkerId, Examples> shards = new HashMap<>();
  private final Optional<Streams> streams;
  private final long trainingExamples;
  private final Map<WorkerId, String> sites;
  private final Map<WorkerId, EmulatedWorker> workers = new TreeMap<>();
  private final Paths paths;

  /**
   * What is emulated.
   *
   * @param environment machines and links
   * @param strategy the rules of the run
   * @param shards the training examples of each worker, in the environment's order; a worker that
   *     only serves has none. Where the environment says so, most of them arrive as a stream
   * @param test what evaluations use; where the world changes, with the labels that hold by then
   * @param trainingExamples D, over all workers; not looked at where records arrive: then it is
   *     what workers have from the beginning, and what they keep of their streams
   * @param goalSamples samples of all workers that end the run; {@link Long#MAX_VALUE} if only the
   *     budget does
   * @param budgetNanos virtual time the run may take
   * @param evaluateEveryNanos virtual time between two evaluations
   * @param seed of the run
   * @param cost what exchange costs
   * @param observer is told what happens
   * @param cancelled asked between any two events whether to stop early
   */
  public record Spec(
      Environment environment,
      Strategy strategy,
      List<Examples> shards,
      Examples test,
      long trainingExamples,
      long goalSamples,
      long budgetNanos,
      long evaluateEveryNanos,
      long seed,
      ExchangeCost cost,
      Observer observer,
      BooleanSupplier cancelled) {
    /** Copies the shards. */
    public Spec {
      shards = List.copyOf(shards);
      if (evaluateEveryNanos < 1) {
        throw new IllegalArgumentException("evaluations every " + evaluateEveryNanos + " ns");
      }
    }

    private Spec alone() {
      return new Spec(
          environment.alone(),
          strategy,
          shards,
          test,
          trainingExamples,
          goalSamples,
          budgetNanos,
          evaluateEveryNanos,
          seed,
          cost,
          observer,
          cancelled);
    }
  }

  private Emulation(
      Spec spec, LearnerPool pool, ComputeModel compute, Trouble trouble, Watch watch) {
    this.spec = spec;
    this.trouble = trouble;
    this.watch = watch;
    network = new Network(spec.environment(), time);
    paths =
        new Paths(time, network, spec.observer(), spec.environment().wanLatencyNanos(), this::live);
    judge = new Judge(pool);
    surroundings =
        new EmulatedWorker.Surroundings(
            time,
            network,
            pool,
            compute,
            spec.cost(),
            spec.observer(),
            new Neighbours(),
            trouble,
            watch,
            processors(spec.environment(), compute));
    watch.network(network);
    List<SitedWorker> all = spec.environment().workers();
    if (spec.shards().size() != all.size()) {
      throw new IllegalArgumentException(
          all.size() + " workers, but " + spec.shards().size() + " shards");
    }
    sites = all.stream().collect(Collectors.toUnmodifiableMap(SitedWorker::id, SitedWorker::site));
    for (int k = 0; k < all.size(); k++) {
      shards.put(all.get(k).id(), spec.shards().get(k));
    }
    streams =
        spec.environment().hasStreams()
            ? Optional.of(new Streams(spec.environment(), spec.test().shape(), spec.seed()))
            : Optional.empty();
    trainingExamples =
        streams.isEmpty()
            ? spec.trainingExamples()
            : shards.keySet().stream().mapToLong(this::examples).sum();
  }

  /** Examples that a worker learns from; of a stream those that it keeps. */
  private long examples(WorkerId id) {
    int kept = spec.strategy().stream().replay().size();
    return past(id).count() + (source(id).isPresent() ? kept : 0L);
  }

  private Examples past(WorkerId id) {
    Examples share = Objects.requireNonNull(shards.get(id));
    return streams.map(s -> s.past(id, share)).orElse(share);
  }

  private Optional<WorkerSource> source(WorkerId id) {
    return streams.flatMap(s -> s.source(id, Objects.requireNonNull(shards.get(id))));
  }

  /** Runs to the end of the budget, or until all workers have finished. */
  public static Outcome run(Spec spec, LearnerPool pool) {
    return run(spec, pool, Trouble.NONE, Watch.NONE);
  }

  /** Runs with troubles beyond those of the environment, watched. */
  public static Outcome run(Spec spec, LearnerPool pool, Trouble trouble, Watch watch) {
    return run(spec, pool, new EnvironmentCompute(spec.environment()), trouble, watch);
  }

  /**
   * Runs the ideal bound: one model, trained with all the environment's machines together at no
   * cost of communication, by the settings of a worker that exchanges nothing. The spec has one
   * shard, all the data.
   */
  public static Outcome ideal(Spec spec, LearnerPool pool) {
    Spec alone = spec.alone();
    return run(alone, pool, new IdealCompute(spec.environment()), Trouble.NONE, Watch.NONE);
  }

  /** The machines that several workers are on, by the workers. */
  private Map<WorkerId, Processor> processors(Environment environment, ComputeModel compute) {
    Map<String, Processor> byMachine = new HashMap<>();
    Map<WorkerId, Processor> processors = new HashMap<>();
    for (SitedWorker worker : environment.workers()) {
      compute
          .sharedCores(worker.id())
          .ifPresent(cores ->
              processors.put(
                  worker.id(),
                  byMachine.computeIfAbsent(cores.machine(), _ -> new Processor(time, cores))));
    }
    return processors;
  }

  private static Outcome run(
      Spec spec, LearnerPool pool, ComputeModel compute, Trouble trouble, Watch watch) {
    Emulation emulation = new Emulation(spec, pool, compute, trouble, watch);
    emulation.start();
    return emulation.finish();
  }

  private void start() {
    List<WorkerId> initial = spec.environment().initialMembers();
    initial.forEach(id -> workers.put(id, create(id, Optional.empty())));
    Everyone everyone = new Everyone();
    Happenings happenings = new Happenings(spec.environment(), time, network, everyone);
    paths.begin(happenings.unreachableAtFirst());
    Set<WorkerId> members = new LinkedHashSet<>(initial);
    workers.values().forEach(worker -> start(worker, new Event.Started(0, members), members));
    time.at(spec.evaluateEveryNanos(), this::evaluate);
    happenings.schedule();
    trouble.strikes().forEach(strike -> time.at(strike.atNanos(), () -> strike(strike, everyone)));
  }

  private void strike(Trouble.Strike strike, Everyone everyone) {
    switch (strike) {
      case Trouble.Strike.ServerCrash s ->
          serving().ifPresent(worker -> everyone.crash(worker.id(), s.untilNanos()));
      case Trouble.Strike.RelayCrash s ->
          paths.relay().ifPresent(relay -> everyone.crash(relay, s.untilNanos()));
      case Trouble.Strike.ServerPause s -> serving().ifPresent(w -> w.pause(s.untilNanos()));
      case Trouble.Strike.Split s -> {
        split(s.workers());
        time.at(s.untilNanos(), () -> unite(s.workers()));
      }
    }
  }

  /** Somebody of several who serves, or where that is not known may serve. */
  private Optional<EmulatedWorker> serving() {
    List<EmulatedWorker> working =
        live().stream().filter(worker -> worker.finished().isEmpty()).toList();
    return working.size() < 2
        ? Optional.empty()
        : working.stream().filter(worker -> worker.node().isJudged()).findFirst();
  }

  private void split(Set<WorkerId> some) {
    paths.split(some);
    lookForPaths();
  }

  private void unite(Set<WorkerId> some) {
    paths.unite(some);
    lookForPaths();
  }

  /**
   * A worker, in its first life or in another one.
   *
   * @param before itself, in its life before
   */
  private EmulatedWorker create(WorkerId id, Optional<EmulatedWorker> before) {
    // The run is over before its workers' deadline: it only tells them how long it takes.
    long deadline = Math.addExact(spec.budgetNanos(), 1);
    Goal goal = new Goal(spec.goalSamples(), deadline, Goal.NONE.accuracy());
    Examples past = past(id);
    Optional<VirtualStream> stream = source(id).map(from -> stream(id, from, past, before));
    NodeConfig config =
        new NodeConfig(
            id,
            spec.strategy(),
            trainingExamples,
            examples(id),
            goal,
            spec.seed(),
            false,
            false,
            sites,
            true,
            surroundings.pool().minimumBatch());
    EmulatedWorker worker =
        new EmulatedWorker(
            stream.isPresent() ? config.streaming() : config,
            past,
            stream,
            surroundings,
            (told, replica) -> node(told, replica, past));
    Optional<Checkpoint> checkpoint = before.flatMap(EmulatedWorker::saved);
    checkpoint.ifPresent(worker::restore);
    long iteration = checkpoint.map(Checkpoint::iteration).orElse(0L);
    watch.born(id, time.nowNanos(), worker.node(), worker.memory().replica(), iteration);
    return worker;
  }

  private VirtualStream stream(
      WorkerId id, WorkerSource source, Examples past, Optional<EmulatedWorker> before) {
    return new VirtualStream(
        spec.strategy().stream(),
        source,
        before.flatMap(EmulatedWorker::journal).orElseGet(MarkJournal::new),
        past,
        Seeds.derive(spec.seed(), id.name()));
  }

  /** Where some learn from streams, all tell each other how they stand. */
  private Node node(NodeConfig config, Replica replica, Examples past) {
    return streams.isEmpty()
        ? trouble.node(config, replica)
        : StreamNode.around(
            config,
            past.shape(),
            replica.layout().fingerprint(),
            told -> trouble.node(told, replica));
  }

  /** Starts a worker; it knows what a probe of each of its links would have told it. */
  private void start(EmulatedWorker worker, Event first, Set<WorkerId> members) {
    long now = time.nowNanos();
    time.at(now, () -> worker.handle(first));
    time.at(now, () -> paths.tell(worker));
    for (WorkerId peer : members) {
      if (!peer.equals(worker.id())) {
        time.at(
            now,
            () ->
                worker.handle(
                    new Event.LinkMeasured(
                        0, peer, network.goodputBytesPerSecond(worker.id(), peer))));
      }
    }
  }

  private Outcome finish() {
    while (!spec.cancelled().getAsBoolean() && anyoneAtWork() && time.step(spec.budgetNanos())) {
      // Everything happens in the steps.
    }
    List<EmulatedWorker> judged = judged();
    evaluate(judged.isEmpty() ? live() : judged); // a server may have died just now
    paths.end();
    watch.ended(members(), time.nowNanos());
    return outcome();
  }

  private boolean anyoneAtWork() {
    for (EmulatedWorker worker : workers.values()) {
      if (worker.isLive() && worker.finished().isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private void evaluate() {
    if (time.nowNanos() < spec.budgetNanos()) {
      evaluate(judged());
      time.after(spec.evaluateEveryNanos(), this::evaluate);
    }
  }

  private void evaluate(List<EmulatedWorker> judged) {
    long now = time.nowNanos();
    Examples tests = streams.map(s -> s.testsAt(spec.test(), now)).orElse(spec.test());
    List<Evaluation> found =
        judge.evaluate(judged.stream().map(EmulatedWorker::model).toList(), tests);
    for (int i = 0; i < judged.size(); i++) {
      spec.observer().accept(judged.get(i).evaluated(found.get(i)));
    }
  }

  /** Those who are judged; all others are said not to be. */
  private List<EmulatedWorker> judged() {
    List<EmulatedWorker> judged = new ArrayList<>();
    for (EmulatedWorker worker : live()) {
      if (worker.node().isJudged()) {
        judged.add(worker);
      } else {
        spec.observer().notJudged(worker.id());
      }
    }
    return judged;
  }

  private List<EmulatedWorker> live() {
    return workers.values().stream().filter(EmulatedWorker::isLive).toList();
  }

  private void remove(EmulatedWorker worker) {
    worker.remove();
    network.drop(worker.id());
    workers.values().forEach(other -> other.forget(worker.id()));
    spec.observer().gone(worker.id(), time.nowNanos());
    watch.gone(worker.id(), time.nowNanos());
  }

  private Set<WorkerId> members() {
    Set<WorkerId> members = new LinkedHashSet<>();
    live().forEach(worker -> members.add(worker.id()));
    return members;
  }

  /** Those of them whom a worker sees. */
  private Set<WorkerId> membersAround(WorkerId worker) {
    Set<WorkerId> members = members();
    members.removeIf(other -> paths.areApart(worker, other));
    return members;
  }

  /** What paths there are has changed, or those whom they lead to. */
  private void lookForPaths() {
    if (paths.update()) {
      announceMembers();
    }
    paths.tell();
  }

  /** Somebody is gone: all notice. */
  private void noticeAbsence() {
    paths.update();
    announceMembers();
    paths.tell();
  }

  private void announceMembers() {
    announceMembers(live());
  }

  /**
   * Behind the first event of who has come just now, who must not be greeted before it is there.
   */
  private void announceMembers(List<EmulatedWorker> to) {
    for (EmulatedWorker worker : to) {
      Set<WorkerId> members = membersAround(worker.id());
      time.after(0, () -> worker.handle(new Event.MembersChanged(0, members)));
    }
  }

  private Outcome outcome() {
    Map<WorkerId, Reason> finished = new TreeMap<>();
    Map<WorkerId, Map<WorkerId, Long>> bytes = new TreeMap<>();
    for (EmulatedWorker from : workers.values()) {
      from.finished().ifPresent(reason -> finished.put(from.id(), reason));
      Map<WorkerId, Long> sent = new TreeMap<>();
      for (WorkerId to : workers.keySet()) {
        long sentBytes = from.id().equals(to) ? 0 : network.bytesSent(from.id(), to);
        if (sentBytes > 0) {
          sent.put(to, sentBytes);
        }
      }
      bytes.put(from.id(), sent);
    }
    return new Outcome(time.nowNanos(), finished, bytes, spread());
  }

  private double spread() {
    List<EmulatedWorker> live = live();
    return live.stream()
        .skip(1)
        .mapToDouble(w -> w.memory().distance(live.getFirst().memory()))
        .max()
        .orElse(0);
  }

  private final class Neighbours implements EmulatedWorker.Neighbourhood {
    @Override
    public void deliver(EmulatedWorker from, EmulatedWorker.Parcel parcel) {
      EmulatedWorker receiver = workers.get(parcel.to);
      List<Trouble.Arrival> arrivals =
          receiver == null
              ? List.of()
              : trouble.arrivals(from.id(), parcel.to, parcel.payload, time.nowNanos());
      if (receiver == null || arrivals.isEmpty()) {
        from.received(parcel);
        return;
      }
      int encounter = paths.partings(from.id(), parcel.to);
      for (Trouble.Arrival arrival : arrivals) {
        if (arrival.delayNanos() == 0) {
          receive(from, receiver, parcel, arrival.payload());
        } else {
          time.after(
              arrival.delayNanos(),
              () -> {
                if (paths.partings(from.id(), parcel.to) == encounter) {
                  receive(from, receiver, parcel, arrival.payload());
                }
              });
        }
      }
    }

    /** Nothing passes from one life of a worker to the next: its address is another. */
    private void receive(
        EmulatedWorker from,
        EmulatedWorker receiver,
        EmulatedWorker.Parcel parcel,
        Payload payload) {
      from.received(parcel);
      if (workers.get(from.id()) == from && workers.get(receiver.id()) == receiver) {
        receiver.handle(new Event.Received(0, from.id(), payload));
      }
    }

    @Override
    public void finished(EmulatedWorker worker) {
      long latest = time.nowNanos() + LEAVING_NANOS + LAST_WORDS_NANOS_MAX;
      time.after(LEAVING_NANOS, () -> leave(worker, latest));
    }

    private void leave(EmulatedWorker worker, long latestNanos) {
      if (worker.hasLastWords() && worker.isLive() && time.nowNanos() < latestNanos) {
        time.after(LAST_WORDS_POLL_NANOS, () -> leave(worker, latestNanos));
      } else if (worker.isLive()) {
        remove(worker);
        noticeAbsence();
      }
    }
  }

  private final class Everyone implements Happenings.Population {
    @Override
    public EmulatedWorker find(WorkerId id) {
      return Objects.requireNonNull(workers.get(id), () -> id + " has not joined yet");
    }

    @Override
    public void arrive(WorkerId id) {
      EmulatedWorker before = workers.get(id);
      if (before != null) {
        if (before.isLive()) {
          remove(before);
        }
        announceMembers(); // at the latest now everybody knows that it was gone
      }
      EmulatedWorker worker = create(id, Optional.ofNullable(before));
      workers.put(id, worker);
      network.revive(id);
      paths.update();
      Set<WorkerId> members = membersAround(id);
      start(worker, new Event.Joined(0, members), members);
      List<EmulatedWorker> others = new ArrayList<>(live());
      others.remove(worker);
      announceMembers(others);
      paths.tell();
    }

    @Override
    public void crash(WorkerId id) {
      EmulatedWorker worker = find(id);
      if (worker.isLive()) {
        remove(worker);
        time.after(DETECTION_NANOS, Emulation.this::noticeAbsence);
      }
    }

    /** A worker crashes, and starts again later. */
    void crash(WorkerId id, long untilNanos) {
      crash(id);
      time.at(untilNanos, () -> comeBack(id));
    }

    @Override
    public void sever(List<WorkerPair> pairs) {
      paths.sever(pairs, Emulation.this::lookForPaths);
    }

    @Override
    public void mend(List<WorkerPair> pairs) {
      paths.mend(pairs, Emulation.this::lookForPaths);
    }

    /** Who has crashed starts again, unless it has already. */
    void comeBack(WorkerId id) {
      if (!find(id).isLive()) {
        arrive(id);
      }
    }
  }
}
