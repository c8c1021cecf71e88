package io.dlion.cluster;

import io.dlion.cluster.begin.InitialWeights;
import io.dlion.cluster.begin.Takeover;
import io.dlion.cluster.cap.Allowance;
import io.dlion.cluster.cap.CapNotices;
import io.dlion.cluster.cap.Limits;
import io.dlion.cluster.cap.SiteTime;
import io.dlion.cluster.group.Encodings;
import io.dlion.cluster.group.PackedText;
import io.dlion.cluster.line.Path;
import io.dlion.cluster.line.PathWatch;
import io.dlion.cluster.line.Switchboard;
import io.dlion.cluster.settle.Agreement;
import io.dlion.cluster.settle.ReplicaMerger;
import io.dlion.cluster.settle.Settlement;
import io.dlion.cluster.tcp.TcpChannels;
import io.dlion.cluster.transport.TcpStack;
import io.dlion.cluster.worker.Fleet;
import io.dlion.cluster.worker.Member;
import io.dlion.cluster.worker.ModelCopy;
import io.dlion.cluster.worker.RunClock;
import io.dlion.cluster.worker.RunSpec;
import io.dlion.cluster.worker.WorkerOutcome;
import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.core.wire.Control.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
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

  private final WorkerConfig config;
  private final Consumer<String> say;
  private final RunClock clock = new RunClock(0);
  private final Switchboard lines;
  private final Allowance allowance;
  private final CapNotices capNotices;
  private final TcpChannels channels;
  private final Assembly assembly;
  private final Losses losses = new Losses();
  private final Entrance entrance;
  private volatile @Nullable NetworkTraining training;

  private ClusterWorker(WorkerConfig config, Optional<InitialWeights> weights, Consumer<String> say)
      throws Exception {
    this.config = config;
    this.say = say;
    clock.set(config.from().elapsedNanos());
    assembly = new Assembly(config, say);
    allowance = Allowance.of(config.caps());
    WorkerConfig.Network network = config.network();
    lines = network.lines();
    lines.watch(new PathNotices(this));
    lines.allow(allowance);
    channels =
        new TcpChannels(
            config.name(),
            new TcpStack(lines, network.seeds(), say),
            network.security(),
            new Companions(this),
            allowance);
    TakeoverPost post = new TakeoverPost(channels, say, this::notice);
    entrance =
        new Entrance(
            config, clock, channels, assembly, weights.map(own -> new Takeover(own, post)));
    if (!config.caps().isNone()) {
      say.accept(config.caps().text(SiteTime.now()));
    }
    capNotices = new CapNotices(config.caps(), SiteTime::now, this::capsChanged);
  }

  /**
   * Joins the others; blocks until that is done or nobody was found at the seeds.
   *
   * @param weights what it would begin with; empty where it goes on from a checkpoint, or where all
   *     draw the same from the seed
   * @param say is told what a person should know
   */
  public static ClusterWorker join(
      WorkerConfig config, Optional<InitialWeights> weights, Consumer<String> say)
      throws Exception {
    PackedText.requireShort(config.shard().encodings().own());
    ClusterWorker made = new ClusterWorker(config, weights, say);
    try {
      made.channels.connect(GROUP, made.entrance::hello);
      made.pathsChanged();
      return made;
    } catch (Exception | Error e) {
      made.close();
      throw e;
    }
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
    return entrance.gather();
  }

  /** D, over the workers that the run began with; known once gathered. */
  public long trainingExamples() {
    return entrance.beginning().start().trainingExamples();
  }

  /** How all workers of the run encode their data; known once gathered. */
  public String encoding() {
    return entrance.beginning().encoding();
  }

  /** Time since the run began, on the clock of its reports; it stands still until it goes on. */
  public long elapsedNanos() {
    return entrance.hasBegun() ? clock.nowNanos() : config.from().elapsedNanos();
  }

  /**
   * A copy of this worker's model as it is between two steps.
   *
   * @return empty before it trains; else completes between two steps, and never where training ends
   *     before
   */
  public Optional<CompletableFuture<ModelCopy>> model() {
    return Optional.ofNullable(training).map(NetworkTraining::model);
  }

  /** What its links carry that were used, in bytes per second. */
  public Map<WorkerId, Double> bytesPerSecond() {
    return Optional.ofNullable(training).map(NetworkTraining::bytesPerSecond).orElse(Map.of());
  }

  /** How this worker begins, for people. */
  public String description() {
    return entrance.beginning().description();
  }

  // ---- training

  /** Starts to train; to be called once gathered. */
  public void start(Member member, RunSpec spec) throws Exception {
    NetworkTraining made = new NetworkTraining(member, spec, clock, channels, allowance, assembly);
    training = made;
    entrance.weightsInto(made.makeReady());
    made.start(entrance.beginning());
    assembly.asked().ifPresent(made::requestStop);
  }

  @Override
  public void requestStop(Reason reason) {
    assembly.stop(reason);
    NetworkTraining trains = training;
    if (trains != null) { // else it is told when it has been made
      trains.requestStop(reason);
    }
  }

  /** {@inheritDoc} Where this worker was asked to stop before it trained, it has ended so. */
  @Override
  public List<WorkerOutcome> await() throws InterruptedException {
    NetworkTraining trains = training;
    if (trains == null) {
      Reason reason = assembly.asked().orElseThrow(() -> new IllegalStateException("not started"));
      return List.of(WorkerOutcome.untrained(config.name(), reason));
    }
    return List.of(trains.await());
  }

  /**
   * {@inheritDoc} Others may have to be waited for: see {@link Settlement}. A worker that was asked
   * to stop alone keeps its replica and waits for nobody.
   */
  @Override
  public Agreement agree(ReplicaMerger merger) throws InterruptedException {
    WorkerOutcome outcome = await().getFirst();
    NetworkTraining trains = training;
    if (trains == null || outcome.learner().isEmpty()) {
      throw new IllegalStateException("there is no replica");
    }
    return trains.agree(merger, outcome);
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
    capNotices.close();
    NetworkTraining trains = training;
    if (trains != null) {
      trains.close();
    } else {
      requestStop(Reason.REQUEST); // a thread that gathers must not wait for peers for ever
    }
    channels.close();
    lines.watch(PathWatch.NOBODY);
  }

  /** What it may send and take at the moment. */
  public Limits limits() {
    return allowance.limits();
  }

  // ---- what the others reach

  Assembly assembly() {
    return assembly;
  }

  Losses losses() {
    return losses;
  }

  Entrance entrance() {
    return entrance;
  }

  Optional<NetworkTraining> training() {
    return Optional.ofNullable(training);
  }

  Encodings encodings() {
    return config.shard().encodings();
  }

  // ---- what people are told

  void notice(String text) {
    tell(Report.Severity.WARNING, text);
  }

  private void capsChanged(String text) {
    tell(Report.Severity.INFO, text);
  }

  /** Tells people something: on the screen, and in the log of the run where there is one. */
  public void tell(Report.Severity severity, String text) {
    NetworkTraining trains = training;
    if (trains == null) {
      say.accept(text);
    } else {
      trains.tell(severity, text);
    }
  }

  /** Others are to know whom this worker reaches only through others. */
  void pathsChanged() {
    Set<WorkerId> relayed = new TreeSet<>();
    for (Path path : lines.paths()) {
      if (path.via().isPresent()) {
        relayed.add(new WorkerId(path.peer().name()));
      }
    }
    Thread.startVirtualThread(() -> channels.introduce(() -> channels.self().relaying(relayed)));
  }

  /** The members that are reached through others, and through whom. */
  private List<WorkerStatus.Path> relayedMembers() {
    List<WorkerStatus.Path> relayed = new ArrayList<>();
    Set<WorkerId> members = channels.members();
    for (Path path : lines.paths()) {
      WorkerId peer = new WorkerId(path.peer().name());
      if (path.via().isPresent() && members.contains(peer)) {
        Optional<WorkerId> via = path.via().map(WorkerId::new);
        relayed.add(new WorkerStatus.Path(peer, via, path.sinceNanos() / 1_000_000));
      }
    }
    return relayed;
  }

  /** What it does now. */
  public WorkerStatus status() {
    NetworkTraining trains = training;
    return new WorkerStatus(
        config.name(),
        config.site(),
        config.run().name(),
        trains == null ? NetworkTraining.waiting(config.name()) : trains.doing(),
        WorkerStatus.links(roundTrips(), trains == null ? Map.of() : trains.bytesPerSecond()),
        trains == null ? Optional.empty() : trains.service(),
        trains == null ? Optional.empty() : trains.streaming(),
        allowance.limits(),
        new WorkerStatus.Around(losses.at(System.nanoTime()), relayedMembers()),
        Optional.empty());
  }
}
