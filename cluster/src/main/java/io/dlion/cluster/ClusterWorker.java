package io.dlion.cluster;

import io.dlion.cluster.begin.Gathering;
import io.dlion.cluster.begin.Gathering.Beginning;
import io.dlion.cluster.begin.InitialWeights;
import io.dlion.cluster.begin.Takeover;
import io.dlion.cluster.group.Acquaintances;
import io.dlion.cluster.group.Encodings;
import io.dlion.cluster.group.Hello;
import io.dlion.cluster.group.PackedText;
import io.dlion.cluster.group.Start;
import io.dlion.cluster.link.Channels;
import io.dlion.cluster.link.PacedFlow;
import io.dlion.cluster.link.Piece;
import io.dlion.cluster.security.Security;
import io.dlion.cluster.settle.Agreement;
import io.dlion.cluster.settle.ReplicaMerger;
import io.dlion.cluster.settle.Settlement;
import io.dlion.cluster.tcp.Company;
import io.dlion.cluster.tcp.TcpChannels;
import io.dlion.cluster.transport.SeedHosts;
import io.dlion.cluster.transport.TcpStack;
import io.dlion.cluster.worker.Fleet;
import io.dlion.cluster.worker.Member;
import io.dlion.cluster.worker.RunClock;
import io.dlion.cluster.worker.RunSpec;
import io.dlion.cluster.worker.Timers;
import io.dlion.cluster.worker.Worker;
import io.dlion.cluster.worker.WorkerOutcome;
import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Event;
import io.dlion.core.report.Report;
import io.dlion.core.wire.Control.Reason;
import io.dlion.core.wire.Payload;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One worker of a cluster on a network, in a process of its own: {@link #join} the others, {@link
 * #gather} until enough are there, {@link #start} to train. The three are called by one thread, in
 * this order; everything else is safe for several.
 */
public final class ClusterWorker implements Fleet {
  /**
   * All workers that can reach each other meet in one group, so that they can tell what differs.
   */
  static final String GROUP = "dlion";

  private static final long SAY_AGAIN_NANOS = 30_000_000_000L;

  /** Whoever has not been met so long after the run has begun must have gone since. */
  private static final long MEETING_NANOS_MAX = 6_000_000_000L;

  private static final long LAST_WORDS_NANOS_MAX = 5_000_000_000L;

  private final Config config;
  private final Consumer<String> say;
  private final TcpChannels channels;
  private final RunClock clock = new RunClock(0);
  private final Timers timers = new Timers(clock);
  private final Object changes = new Object();
  private List<Hello> members = List.of(); // guarded by changes
  private boolean awaitsElder; // guarded by changes
  private long elderSinceNanos; // guarded by changes
  private Optional<Reason> stop = Optional.empty(); // guarded by changes
  private Optional<UserError> excluded = Optional.empty(); // guarded by changes
  private volatile @Nullable Beginning beginning;
  private volatile @Nullable Worker worker;
  private volatile @Nullable StatusBoard board;
  private volatile @Nullable Settlement settlement;
  private volatile @Nullable Takeover takeover;

  /**
   * Who a worker is and whom it is to meet.
   *
   * @param name unique in the cluster
   * @param site its micro-cloud
   * @param bind where it listens: control on this port, bulk ten above
   * @param seeds where to look for others
   * @param security none for plain connections
   * @param minWorkers how many must be there before training begins, this one included
   * @param run name of the run
   * @param job what must be the same for all workers of the run, by name, for people to read
   * @param encodings its data's encoding, and how it is compared with those of other workers
   * @param examples of its shard
   * @param iteration where its checkpoint goes on; 0 without one
   * @param elapsedNanos how long the run had taken by then
   */
  public record Config(
      WorkerId name,
      String site,
      InetSocketAddress bind,
      SeedHosts seeds,
      Optional<Security> security,
      int minWorkers,
      String run,
      Map<String, String> job,
      Encodings encodings,
      long examples,
      long iteration,
      long elapsedNanos) {
    /** Copies the job, with the run's name in it. */
    public Config {
      Map<String, String> all = new TreeMap<>(job);
      all.put("run", run);
      job = all;
    }
  }

  private ClusterWorker(Config config, Optional<InitialWeights> weights, Consumer<String> say)
      throws Exception {
    this.config = config;
    this.say = say;
    clock.set(config.elapsedNanos());
    takeover = weights.map(own -> new Takeover(own, new TakeoverPost())).orElse(null);
    channels =
        new TcpChannels(
            config.name(),
            new TcpStack(config.bind(), config.seeds(), config.security(), say),
            new Companions());
  }

  /**
   * Joins the others; blocks until that is done or nobody was found at the seeds.
   *
   * @param weights what it would begin with; empty where it goes on from a checkpoint, or where all
   *     draw the same from the seed
   * @param say is told what a person should know
   */
  public static ClusterWorker join(
      Config config, Optional<InitialWeights> weights, Consumer<String> say) throws Exception {
    PackedText.requireShort(config.encodings().own());
    ClusterWorker made = new ClusterWorker(config, weights, say);
    try {
      made.channels.connect(GROUP, made::hello);
      return made;
    } catch (Exception | Error e) {
      made.close();
      throw e;
    }
  }

  private Hello hello(UUID control, UUID bulk) {
    Takeover begins = takeover;
    return new Hello(
        Hello.Role.WORKER,
        config.name(),
        config.site(),
        control,
        bulk,
        config.job(),
        config.encodings().own(),
        config.examples(),
        config.iteration(),
        begins == null ? 0 : begins.weights().hash(),
        Optional.empty(),
        config.elapsedNanos(),
        0,
        true);
  }

  // ---- gathering

  /**
   * Waits until the run begins or this worker can come to one that is under way, and says whom it
   * waits for.
   *
   * @return whether it does; not where it was asked to stop, and {@link #await} tells so
   * @throws UserError if the others train something else
   */
  public boolean gather() throws InterruptedException {
    Gathering gathering =
        new Gathering(channels.self().incarnation(), config.minWorkers(), config.encodings());
    long begun = System.nanoTime();
    long sayAt = begun;
    long meetUntil = Long.MAX_VALUE;
    String said = "";
    synchronized (changes) {
      while (true) {
        if (excluded.isPresent()) {
          throw excluded.get();
        }
        if (stop.isPresent()) {
          return false;
        }
        long now = System.nanoTime();
        long elderUntil = awaitsElder ? elderSinceNanos + MEETING_NANOS_MAX : now;
        Optional<Beginning> found = gathering.beginning(members, now < elderUntil);
        Set<WorkerId> unmet = found.map(how -> Gathering.unmet(how, members)).orElse(Set.of());
        if (found.isPresent()) {
          meetUntil = Math.min(meetUntil, now + MEETING_NANOS_MAX);
          if (now >= meetUntil && !unmet.isEmpty()) {
            say.accept("begins without having met " + names(unmet));
          }
          if (now >= meetUntil || unmet.isEmpty()) {
            begin(found.get());
            return true;
          }
        } else if (now < elderUntil) {
          changes.wait(Math.max(1, (elderUntil - now) / 1_000_000));
          continue;
        }
        long askAt = takeOver(now);
        String waiting = waiting(unmet, 0);
        if (!waiting.equals(said) || now >= sayAt) {
          say.accept(waiting(unmet, (now - begun) / 1_000_000_000));
          said = waiting;
          sayAt = now + SAY_AGAIN_NANOS;
        }
        long until = Math.min(Math.min(sayAt, meetUntil), askAt);
        changes.wait(Math.max(1, (until - now) / 1_000_000));
      }
    }
  }

  /** Asks for the weights to begin with, if they are another's; answers when to look again. */
  private long takeOver(long now) {
    Takeover with = takeover;
    Optional<Hello> own = members.stream().filter(m -> m.name().equals(config.name())).findFirst();
    if (with == null || own.isEmpty()) {
      return Long.MAX_VALUE;
    }
    Optional<Hello> source = Takeover.source(own.get(), members);
    with.from(source, now);
    return source.isPresent() ? now + Takeover.PATIENCE_NANOS : Long.MAX_VALUE;
  }

  private Optional<InitialWeights> takenOver() {
    Takeover with = takeover;
    return with == null ? Optional.empty() : with.taken();
  }

  private String waiting(Set<WorkerId> unmet, long seconds) {
    List<WorkerId> here = members.stream().map(Hello::name).toList();
    int missing = config.minWorkers() - here.size();
    String there = names(here);
    String since = seconds > 0 ? " (for " + seconds + " s)" : "";
    if (!unmet.isEmpty()) {
      return Phrase.of("waiting%s to meet %s; here: %s", since, names(unmet), there);
    }
    if (missing > 0) {
      return Phrase.of(
          "waiting%s for %d more worker%s of %d; here: %s",
          since, missing, missing == 1 ? "" : "s", config.minWorkers(), there);
    }
    List<WorkerId> others = Gathering.others(members).stream().map(Hello::name).toList();
    if (!others.isEmpty()) {
      return Phrase.of(
          "waiting%s for %s to take over the weights of %s; here: %s",
          since, names(others), here.getFirst(), there);
    }
    return Phrase.of(
        "waiting%s for %s to begin; here: %s",
        since, here.isEmpty() ? "the channels" : here.getFirst(), there);
  }

  private static String names(Collection<WorkerId> workers) {
    return String.join(", ", workers.stream().map(WorkerId::name).toList());
  }

  /** From now on everybody knows that this worker trains. */
  private void begin(Beginning how) {
    beginning = how;
    Start start =
        switch (how) {
          case Beginning.Together together -> {
            clock.set(together.start().elapsedNanos());
            yield together.start();
          }
          case Beginning.Late late -> {
            clock.set(late.elapsedNanos());
            yield late.start();
          }
        };
    // The lock of the channels must not be taken under that of the changes.
    Thread.startVirtualThread(
        () -> channels.introduce(() -> channels.self().training(start, how.encoding(), 0)));
  }

  private Beginning beginning() {
    Beginning how = beginning;
    if (how == null) {
      throw new IllegalStateException("not gathered");
    }
    return how;
  }

  /** D, over the workers that the run began with; known once gathered. */
  public long trainingExamples() {
    return switch (beginning()) {
      case Beginning.Together together -> together.start().trainingExamples();
      case Beginning.Late late -> late.start().trainingExamples();
    };
  }

  /** How all workers of the run encode their data; known once gathered. */
  public String encoding() {
    return beginning().encoding();
  }

  /** Time since the run began, on the clock of its reports. */
  public long elapsedNanos() {
    return clock.nowNanos();
  }

  /** How this worker begins, for people. */
  public String description() {
    return switch (beginning()) {
      case Beginning.Together together ->
          "training begins with "
              + String.join(
                  ", ", together.start().members().keySet().stream().map(WorkerId::name).toList());
      case Beginning.Late late ->
          "comes to a run that is under way; training: "
              + String.join(", ", late.training().stream().map(WorkerId::name).sorted().toList());
    };
  }

  // ---- training

  /** Starts to train; to be called once gathered. */
  public void start(Member member, RunSpec spec) throws Exception {
    StatusBoard made = new StatusBoard(noIteration(), spec.sink());
    board = made;
    RunSpec watched =
        new RunSpec(
            spec.settings(),
            spec.goal(),
            spec.seed(),
            spec.test(),
            spec.testSample(),
            spec.learners(),
            made,
            spec.checkpoints());
    List<Channels.Handler> arrivals = new ArrayList<>();
    Worker trains =
        new Worker(
            member,
            watched,
            clock,
            timers,
            handler -> {
              arrivals.add(handler);
              return channels;
            },
            peer -> new PacedFlow());
    worker = trains;
    trains.makeReady();
    takenOver().ifPresent(weights -> weights.copyTo(trains.replica()));
    takeover = null; // no longer needed, and as large as the model
    Event first =
        switch (beginning()) {
          case Beginning.Together together ->
              new Event.Started(clock.nowNanos(), together.start().members().keySet());
          case Beginning.Late late -> new Event.Joined(clock.nowNanos(), late.training());
        };
    settlement = new Settlement(config.name(), trains.replica(), new SettlementPost());
    trains.prepare(first, trainingExamples(), sites(), true);
    channels.open(arrivals.getFirst());
    trains.start();
    asked().ifPresent(this::passOn);
  }

  /** Why this worker was asked to stop; empty where it was not. */
  private Optional<Reason> asked() {
    synchronized (changes) {
      return stop;
    }
  }

  private Report.Iteration noIteration() {
    return new Report.Iteration(config.name(), 0, -1, 0, 0, Double.NaN, 0, 0, 0, 0, 0, 0);
  }

  private Map<WorkerId, String> sites() {
    Map<WorkerId, String> sites = new TreeMap<>();
    synchronized (changes) {
      members.forEach(m -> sites.put(m.name(), m.site()));
    }
    return sites;
  }

  @Override
  public void requestStop(Reason reason) {
    synchronized (changes) {
      stop = Optional.of(reason);
      changes.notifyAll();
    }
    passOn(reason);
  }

  /** To what there is already; the rest is told when it has been made. */
  private void passOn(Reason reason) {
    Worker trains = worker;
    if (trains != null) {
      trains.requestStop(reason);
    }
    Settlement with = settlement;
    if (with != null) {
      with.giveUp();
    }
  }

  /** {@inheritDoc} Where this worker was asked to stop before it trained, it has ended so. */
  @Override
  public List<WorkerOutcome> await() throws InterruptedException {
    Worker trains = worker;
    if (trains == null) {
      Reason reason = asked().orElseThrow(() -> new IllegalStateException("not started"));
      return List.of(WorkerOutcome.untrained(config.name(), reason));
    }
    try {
      return List.of(trains.outcome().get());
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * {@inheritDoc} Others may have to be waited for: see {@link Settlement}. A worker that was asked
   * to stop keeps its replica and waits for nobody.
   */
  @Override
  public Agreement agree(ReplicaMerger merger) throws InterruptedException {
    WorkerOutcome outcome = await().getFirst();
    if (outcome.learner().isEmpty()) {
      throw new IllegalStateException("there is no replica");
    }
    Settlement with = settlement;
    if (outcome.reason().endsRun() && with != null) {
      return with.settle(merger);
    }
    outcome
        .soundReplica()
        .ifPresent(own -> merger.add(config.name(), own.weights(), own.buffers()));
    return new Agreement(merger.merge(), Optional.of(config.name()));
  }

  @Override
  public Map<WorkerId, Map<WorkerId, Double>> peers() {
    return Map.of(config.name(), roundTrips());
  }

  private Map<WorkerId, Double> roundTrips() {
    Map<WorkerId, Double> nanos = new TreeMap<>();
    channels.members().forEach(member -> nanos.put(member, channels.roundTripNanos(member)));
    nanos.remove(config.name());
    return nanos;
  }

  /** Lets the links carry the last gradients, which others may wait for, and leaves. */
  @Override
  public void close() {
    Worker trains = worker;
    if (trains != null) {
      long deadline = System.nanoTime() + LAST_WORDS_NANOS_MAX;
      while (trains.hasLastWords() && System.nanoTime() < deadline) {
        LockSupport.parkNanos(5_000_000);
      }
      trains.close();
    } else {
      requestStop(Reason.REQUEST); // a thread that gathers must not wait for peers for ever
    }
    channels.close();
    timers.close();
  }

  // ---- the others

  private final class Companions implements Company {
    @Override
    public void changed(List<Hello> now, boolean elder) {
      synchronized (changes) {
        members = List.copyOf(now);
        if (elder && !awaitsElder) {
          elderSinceNanos = System.nanoTime();
        }
        awaitsElder = elder;
        changes.notifyAll();
      }
      Settlement with = settlement;
      if (with != null) {
        with.changed();
      }
    }

    @Override
    public void refused(Acquaintances.Refusal r) {
      String who = r.name() + " at " + r.site();
      if (r.wasFirst() && beginning == null) {
        synchronized (changes) {
          excluded =
              Optional.of(
                  new UserError(
                      "cannot train with "
                          + who
                          + ", who was there first: "
                          + r.reason()
                          + "; give both the same job and the same kind of data, or this one other"
                          + " seeds"));
          changes.notifyAll();
        }
      } else {
        notice("refused " + who + ": " + r.reason());
      }
    }

    @Override
    public void notUnderstood(String who, String why) {
      notice("refused " + who + ": " + why);
    }

    @Override
    public Encodings encodings() {
      return config.encodings();
    }

    @Override
    public long elapsedNanos() {
      return clock.nowNanos();
    }

    @Override
    public byte[] status() {
      return ClusterWorker.this.status().encode();
    }

    @Override
    public void model(WorkerId from, Piece piece, byte[] bytes, int offset, int length) {
      Settlement with = settlement;
      if (with != null) {
        with.arrived(from, piece, bytes, offset, length);
      }
    }

    @Override
    public void initialWeights(WorkerId from, Piece piece, byte[] bytes, int offset, int length) {
      Takeover with = takeover;
      if (with != null) {
        with.arrived(from, piece, bytes, offset, length);
      }
    }

    @Override
    public void initialWeightsWanted(WorkerId by) {
      Takeover with = takeover;
      if (with != null) {
        with.wanted(by);
      }
    }

    @Override
    public void modelTaken(WorkerId by) {
      Settlement with = settlement;
      if (with != null) {
        with.taken(by);
      }
    }
  }

  /**
   * On threads of its own: the lock of the channels must not be taken under that of the changes.
   */
  private final class TakeoverPost implements Takeover.Post {
    @Override
    public void ask(WorkerId member) {
      Thread.startVirtualThread(() -> channels.askForInitialWeights(member));
    }

    @Override
    public void send(WorkerId to, Payload weights) {
      Thread.startVirtualThread(() -> {
        try {
          channels.sendModel(to, Piece.Kind.INITIAL_WEIGHTS, weights);
        } catch (Exception e) {
          notice("the weights to begin with did not reach " + to + ": " + e.getMessage());
        }
      });
    }

    @Override
    public void took(InitialWeights weights, WorkerId from) {
      say("begins with the weights of " + from + ": the model was given other ones here");
      Thread.startVirtualThread(
          () -> channels.introduce(() -> channels.self().beginningWith(weights.hash())));
    }

    @Override
    public void say(String text) {
      say.accept(text);
    }
  }

  private final class SettlementPost implements Settlement.Post {
    @Override
    public Set<WorkerId> present() {
      Set<WorkerId> present = new TreeSet<>();
      synchronized (changes) {
        members.stream().filter(m -> m.start().isPresent()).forEach(m -> present.add(m.name()));
      }
      return present;
    }

    @Override
    public void send(WorkerId to, Payload message) throws Exception {
      channels.sendModel(to, Piece.Kind.MODEL, message);
    }

    @Override
    public void confirm(WorkerId maker) {
      channels.confirmModel(maker);
    }

    @Override
    public void say(String text) {
      notice(text);
    }
  }

  private void notice(String text) {
    StatusBoard sink = board;
    if (sink == null) {
      say.accept(text);
    } else {
      sink.accept(
          new Report.Notice(config.name(), clock.nowNanos(), Report.Severity.WARNING, text));
    }
  }

  private WorkerStatus status() {
    StatusBoard seen = board;
    Report.Iteration last = seen == null ? noIteration() : seen.iteration();
    Worker trains = worker;
    Map<WorkerId, Double> rates = trains == null ? Map.of() : trains.bytesPerSecond();
    List<WorkerStatus.Link> links = new ArrayList<>();
    roundTrips()
        .forEach((peer, nanos) ->
            links.add(new WorkerStatus.Link(peer, rates.getOrDefault(peer, 0.0), nanos)));
    return new WorkerStatus(
        config.name(),
        config.site(),
        config.run(),
        trains == null ? "waiting" : trains.outcome().isDone() ? "ended" : "training",
        last.iteration(),
        last.batchSize(),
        last.globalBatchSize(),
        last.clusterSamples(),
        last.loss(),
        seen == null ? Double.NaN : seen.accuracy(),
        links);
  }
}
