package io.dlion.core.server;

import io.dlion.core.WorkerId;
import io.dlion.core.batching.Cost;
import io.dlion.core.learn.Seeds;
import io.dlion.core.node.Event;
import io.dlion.core.node.NodeConfig;
import io.dlion.core.node.Outbox;
import io.dlion.core.node.Priority;
import io.dlion.core.node.Replica;
import io.dlion.core.report.Report;
import io.dlion.core.server.method.ServerRule;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.CommitMessage;
import io.dlion.core.wire.CommitPlan;
import io.dlion.core.wire.GlobalModelMessage;
import io.dlion.core.wire.GradientWriter;
import io.dlion.core.wire.Payload;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.ValueFormat;
import io.dlion.core.wire.WeightsMessage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The client in a member's process: local steps, commits, and what comes back for them. It counts
 * what this member has done. Confined to its node.
 */
final class ClientPart implements OwnClient {
  /** No commit is of many more samples: their count must not overflow. */
  private static final int SAMPLES_MAX = 1 << 30;

  private final NodeConfig config;
  private final Replica replica;
  private final ClientModel model;
  private final LocalCost cost;
  private final GradientWriter writer;
  private final Selection whole;
  private final Buffers buffers;
  private final Outbox outbox;
  private final BooleanSupplier busy;
  private @Nullable CommitPlan plan;
  private @Nullable Arrived arrived;

  // since the run began
  private long life;
  private long iteration;
  private long position;
  private long samples;
  private long commits;

  /** Samples of all clients when the server told last. */
  private long clusterSamples;

  private long foundSamples;
  private boolean comesLate;

  /** The term of the server that commits are for. */
  private long serverTerm;

  // since the last commit
  private int commitSamples;
  private double lossSum;
  private long computeNanos;

  // of the answer
  private boolean waits;
  private long committedNanos;
  private long answeredNanos;
  private long roundTripNanos;
  private int periodCommits;
  private int periodTarget;

  // of the step under way
  private int batch = 1;
  private long idleSinceNanos = -1;
  private long waitNanos;

  ClientPart(
      NodeConfig config,
      ServerRule rule,
      Replica replica,
      Buffers buffers,
      Outbox outbox,
      BooleanSupplier busy) {
    this.busy = busy;
    this.config = config;
    this.replica = replica;
    this.buffers = buffers;
    this.outbox = outbox;
    boolean rounds = rule.codec() != ValueFormat.FP32;
    model =
        new ClientModel(
            replica,
            config.strategy().descent().optimizer().atReceiver(replica.layout()),
            rounds,
            rule.overlap());
    cost = new LocalCost(config.strategy().batching(), config.minimumBatch());
    long seed = Seeds.derive(Seeds.derive(config.seed(), config.self().name()), "commits");
    writer = new GradientWriter(rule.codec(), seed);
    whole = ServerPart.whole(replica.layout());
  }

  // ---- what there is to read

  ClientModel model() {
    return model;
  }

  long life() {
    return life;
  }

  long commits() {
    return commits;
  }

  long iteration() {
    return iteration;
  }

  /** Samples of all clients, as far as this one knows. */
  long clusterSamples() {
    return clusterSamples + commitSamples;
  }

  /** Whether a commit is under way. */
  boolean waits() {
    return waits;
  }

  /** What a commit takes until it is answered; 0 before the first. */
  long roundTripNanos() {
    return roundTripNanos;
  }

  Optional<Cost> cost() {
    return cost.told();
  }

  /** Whether a server has said when to commit. */
  boolean isPlanned() {
    return plan != null;
  }

  /** Whether the next thing to do is a commit. */
  boolean isCommitDue() {
    CommitPlan p = plan;
    return p != null
        && (commitSamples >= SAMPLES_MAX
            || p.isDue(model.steps(), outbox.now() - answeredNanos, roundTripNanos));
  }

  /** A commit under way was for a server that is gone: this member serves instead. */
  void commitIsLost() {
    waits = false;
    answeredNanos = outbox.now();
  }

  /** Commits are for a server of that term from now on. */
  void follows(long term) {
    serverTerm = term;
  }

  // ---- local steps

  /** It begins to take part. */
  void begin(long nowNanos, boolean late) {
    life = nowNanos;
    comesLate = late;
    answeredNanos = nowNanos;
    idleSinceNanos = nowNanos;
  }

  /** Samples of the next step. */
  int nextBatch() {
    CommitPlan p = plan;
    batch = cost.batch(p == null ? config.strategy().batching().initial() : p.batch());
    waitNanos = idleSinceNanos < 0 ? 0 : outbox.now() - idleSinceNanos;
    return batch;
  }

  boolean isProfiling() {
    return cost.isProfiling();
  }

  long position() {
    return position;
  }

  /** The examples of a batch have been drawn. */
  void drawn() {
    position += batch;
    idleSinceNanos = outbox.now();
  }

  /** A sound gradient was computed. Returns the cost of steps if the server is to be told. */
  Optional<Cost> computed(Event.Computed e, double rate) {
    model.step(rate);
    samples += batch;
    commitSamples += batch;
    lossSum += e.loss() * batch;
    computeNanos += e.computeNanos();
    outbox.tell(
        new Report.Iteration(
            config.self(),
            outbox.now(),
            iteration,
            batch,
            batch,
            e.loss(),
            e.computeNanos(),
            waitNanos,
            samples,
            clusterSamples(),
            foundSamples,
            0));
    iteration++;
    return cost.observed(batch, Math.max(1, e.costNanos() - e.waitedNanos()));
  }

  // ---- commits

  /** Commits to a server elsewhere. */
  void commit(WorkerId server) {
    commits++;
    CommitMessage.About about = about();
    Payload payload =
        CommitMessage.encode(
            writer,
            whole,
            model,
            commits,
            commitSamples,
            samples,
            about,
            replica.buffers(),
            buffers);
    model.committed();
    outbox.send(server, payload, Priority.GRADIENT);
    outbox.tell(
        new Report.Sent(
            config.self(), outbox.now(), server, iteration - 1, 100, 1, payload.length(), 0, 0));
    committed(server, about, payload.length());
  }

  /** Commits to the server in this process, which may answer at once. */
  void commit(ServerPart server) {
    commits++;
    CommitMessage.About about = about();
    int of = commitSamples;
    committed(config.self(), about, 0);
    server.committed(model, commits, of, about);
  }

  private CommitMessage.About about() {
    return new CommitMessage.About(
        life,
        serverTerm,
        model.version(),
        model.steps(),
        lossSum / commitSamples,
        computeNanos / 1e9);
  }

  private void committed(WorkerId server, CommitMessage.About about, long bytes) {
    CommitPlan p = plan;
    periodCommits++;
    outbox.tell(
        new Report.Committed(
            config.self(),
            outbox.now(),
            server,
            about.version(),
            about.steps(),
            commits,
            periodCommits,
            p == null ? 0 : periodTarget,
            bytes,
            roundTripNanos));
    waits = true;
    committedNanos = outbox.now();
    clusterSamples += commitSamples;
    commitSamples = 0;
    lossSum = 0;
    computeNanos = 0;
  }

  // ---- what servers say

  /**
   * A model that waits to be taken; its weights are in {@link ClientModel#incoming}.
   *
   * @param plan what it brought; empty if it answers nothing
   * @param acknowledged newest commit that is in it
   */
  private record Arrived(
      long term,
      long version,
      long samples,
      Optional<CommitPlan> plan,
      long acknowledged,
      MemorySegment buffers) {}

  /** A model of the server elsewhere has come. */
  void answered(GlobalModelMessage message) {
    GlobalModelMessage.About about = message.about();
    if (waits && !about.last() && about.acknowledged() < commits) {
      return; // it was sent before the commit came
    }
    Arrays.fill(model.incoming(), 0f);
    message.values().addTo(model.incoming(), 1);
    arrived(
        new Arrived(
            about.term(),
            message.version(),
            message.samples(),
            Optional.of(about.plan()),
            about.acknowledged(),
            copy(message.buffers())));
  }

  @Override
  public void answered(GlobalModel global, long term, long samplesOfAll, CommitPlan next) {
    arrived(global, term, samplesOfAll, Optional.of(next));
  }

  /** Gives up local steps, which are in no commit: the replica becomes the server's model. */
  void becomes(GlobalModel global, long term) {
    model.become(global.weights(), global.buffers(), term, global.version());
    commitSamples = 0;
    lossSum = 0;
    computeNanos = 0;
    arrived = null;
  }

  /** This member serves no longer: its client holds the server's model. */
  void holds(GlobalModel global, long term) {
    arrived(global, term, clusterSamples(), Optional.empty());
  }

  private void arrived(GlobalModel global, long term, long ofAll, Optional<CommitPlan> next) {
    MemorySegment.ofArray(model.incoming()).copyFrom(global.weights());
    arrived(new Arrived(term, global.version(), ofAll, next, commits, copy(global.buffers())));
  }

  /** The newest model of another member has come, to serve from. */
  void fetched(WeightsMessage weights, long term) {
    MemorySegment.ofArray(model.incoming()).copyFrom(weights.weights());
    arrived(
        new Arrived(
            term,
            weights.iteration(),
            clusterSamples(),
            Optional.empty(),
            commits,
            copy(weights.buffers())));
  }

  private static MemorySegment copy(MemorySegment buffersOf) {
    return MemorySegment.ofArray(buffersOf.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED));
  }

  private void arrived(Arrived model) {
    arrived = model;
    if (!busy.getAsBoolean()) {
      takeArrived();
    }
  }

  /** Takes a model that came while the replica was in use. */
  void takeArrived() {
    Arrived taken = arrived;
    arrived = null;
    if (taken != null) {
      taken.plan().ifPresent(next -> take(taken.samples(), next));
      model.adopt(taken.buffers(), taken.term(), taken.version());
    }
  }

  /** Gives up local steps: the replica becomes the newest global model held. */
  void becomeGlobal() {
    model.become(model.global(), model.globalBuffers(), model.term(), model.version());
  }

  private void take(long ofAll, CommitPlan next) {
    if (waits) {
      roundTripNanos = outbox.now() - committedNanos;
      waits = false;
    }
    answeredNanos = outbox.now();
    if (comesLate) {
      comesLate = false;
      foundSamples = ofAll;
    }
    clusterSamples = Math.max(clusterSamples, ofAll);
    plan(next);
  }

  @Override
  public void planned(CommitPlan next) {
    periodCommits = 0;
    periodTarget = next.target();
    plan = next;
  }

  /** A plan that came with an answer: the period goes on. */
  private void plan(CommitPlan next) {
    if (plan == null || next.target() != periodTarget) {
      planned(next);
    } else {
      plan = next;
    }
  }

  // ---- checkpoints

  void save(Map<String, String> state) {
    // Those who hold the newest model are the furthest.
    state.put("iteration", Long.toString(model.version()));
    state.put("local-iteration", Long.toString(iteration));
    state.put("position", Long.toString(position));
    state.put("samples", Long.toString(samples));
    state.put("announced", Long.toString(samples));
    state.put("cluster-samples", Long.toString(clusterSamples()));
    state.put("term", Long.toString(model.term()));
    state.put("version", Long.toString(model.version()));
  }

  void restore(Map<String, String> state) {
    iteration = number(state, "local-iteration");
    position = number(state, "position");
    samples = number(state, "samples");
    clusterSamples = number(state, "cluster-samples");
    model.restored(number(state, "term"), number(state, "version"));
  }

  private static long number(Map<String, String> state, String key) {
    return Long.parseLong(state.getOrDefault(key, "0"));
  }
}
