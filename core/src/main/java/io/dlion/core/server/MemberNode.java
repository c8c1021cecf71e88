package io.dlion.core.server;

import io.dlion.core.WorkerId;
import io.dlion.core.batching.Cost;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.Seeds;
import io.dlion.core.node.Action;
import io.dlion.core.node.BestModel;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.node.Event;
import io.dlion.core.node.Milestones;
import io.dlion.core.node.Node;
import io.dlion.core.node.NodeConfig;
import io.dlion.core.node.Outbox;
import io.dlion.core.node.Priority;
import io.dlion.core.node.Rank;
import io.dlion.core.node.RateControl;
import io.dlion.core.node.Replica;
import io.dlion.core.node.Soundness;
import io.dlion.core.node.Timer;
import io.dlion.core.node.Timers;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.server.method.ServerRule;
import io.dlion.core.settings.Goal;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.CommitMessage;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.Control.Reason;
import io.dlion.core.wire.Control.Standing;
import io.dlion.core.wire.Control.Standing.Flag;
import io.dlion.core.wire.GlobalModelMessage;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.Payload;
import io.dlion.core.wire.WeightsMessage;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A member of a run with a server: a client and, where it is the one to serve, the server, in one
 * process. What they say to each other there costs no message. It reads, top to bottom:
 *
 * <ol>
 *   <li>find out who serves ({@link Electing}), now and whenever the server is gone;
 *   <li>train by itself until a commit is due ({@link ClientPart});
 *   <li>commit, and go on with what the server answers;
 *   <li>as the server: apply commits and answer them ({@link ServerPart}), evaluate the global
 *       model and save it where that is due, and end the run.
 * </ol>
 *
 * <p>A member that cannot reach a server trains on up to its commit, and says for whom it waits.
 * The run is judged by the server's model. Not thread safe: confined to one thread at a time.
 */
public final class MemberNode implements Node {
  private static final long HEARTBEAT_NANOS = 1_000_000_000L;

  /** How long a client that trains no more waits for the server to end the run. */
  private static final long CLOSING_NANOS = 10_000_000_000L;

  private final NodeConfig config;
  private final ServerRule rule;
  private final Replica replica;
  private final Buffers buffers;
  private final Timers timers = new Timers();
  private final Outbox outbox;
  private final Succession succession;
  private final Electing electing;
  private final Patience patience;
  private final ClientPart client;
  private final Soundness soundness;
  private final RateControl rates;
  private final MemberEvaluation evaluating;
  private final Milestones checkpoints;
  private final MemberInbox inbox;

  /** Who has said goodbye and is still a member. */
  private final Set<WorkerId> departed = new HashSet<>();

  /** Who has sent a model before this member knew that it serves. */
  private final Set<WorkerId> missed = new HashSet<>();

  /** Whom a model to serve from is under way to. */
  private final Set<WorkerId> giving = new HashSet<>();

  private Phase phase = Phase.NEW;
  private @Nullable ServerPart server;
  private @Nullable WorkerId followed;
  private boolean admitted;
  private boolean closing;
  private Reason closingFor = Reason.TIME;
  private boolean toldOfServer;
  private @Nullable Reason reason;
  private boolean evaluatedAtEnd;

  private enum Phase {
    NEW,
    IDLE,
    COMPUTING,
    EVALUATING,
    FINISHED
  }

  /**
   * A node that has not started.
   *
   * @param pool where the arrays of its messages come from
   */
  public MemberNode(NodeConfig given, Replica replica, Buffers pool) {
    config = given.with(given.strategy().fittedTo(given.trainingExamples()));
    Strategy strategy = config.strategy();
    rule = strategy.server().orElseThrow();
    this.replica = replica;
    this.buffers = pool;
    succession = new Succession(rule, config.self());
    outbox = new Outbox(config.self(), succession::ids, replica.layout().fingerprint());
    electing = new Electing(succession, timers, outbox);
    patience = new Patience(timers, outbox);
    client = new ClientPart(config, rule, replica, pool, outbox, this::isBusy);
    soundness = new Soundness(replica, strategy.descent().optimizer().learningRate(), outbox);
    rates = new RateControl(strategy.descent().schedule(), config.goal(), config.steering());
    evaluating = new MemberEvaluation(config, replica, rates, outbox);
    checkpoints = new Milestones(strategy.checkpointEpochs() * config.trainingExamples());
    inbox = new MemberInbox(replica, new Messages(), outbox);
  }

  // ---- what others see

  @Override
  public OptionalLong wakeAtNanos() {
    return timers.next();
  }

  @Override
  public boolean isJudged() {
    return server != null || followed == null;
  }

  /** The model with more commits in it counts; of two alike the server's. */
  @Override
  public Rank rank() {
    ServerPart serves = server;
    return serves == null
        ? new Rank(Optional.ofNullable(followed), 2 * client.model().version())
        : new Rank(Optional.of(config.self()), 2 * serves.model().version() + 1);
  }

  @Override
  public MemorySegment model() {
    ServerPart serves = server;
    return serves == null ? client.model().global() : serves.model().weights();
  }

  @Override
  public MemorySegment modelBuffers() {
    ServerPart serves = server;
    return serves == null ? client.model().globalBuffers() : serves.model().buffers();
  }

  @Override
  public Optional<BestModel> best() {
    return evaluating.best();
  }

  @Override
  public Checkpoint checkpoint() {
    Map<String, String> state = new TreeMap<>();
    client.save(state);
    ServerPart serves = server;
    if (serves != null) {
      state.put("iteration", Long.toString(serves.model().version()));
      state.put("version", Long.toString(serves.model().version()));
      state.put("term", Long.toString(serves.term()));
      state.put("cluster-samples", Long.toString(serves.samples()));
    }
    evaluating.save(state, phase == Phase.EVALUATING && !evaluatedAtEnd);
    state.put("checkpoints", Long.toString(checkpoints.passed()));
    state.put("nanos", Long.toString(outbox.now()));
    rates.save(state);
    Map<String, MemorySegment> memories = new TreeMap<>();
    client
        .model()
        .optimizer()
        .memory()
        .forEach((name, values) -> memories.put(name, MemorySegment.ofArray(values)));
    return new Checkpoint(
        config.self(),
        state,
        replica.layout(),
        model(),
        memories,
        replica.bufferLayout(),
        modelBuffers(),
        evaluating.best());
  }

  @Override
  public void restore(Checkpoint checkpoint) {
    replica.weights().copyFrom(checkpoint.weights());
    replica.buffers().copyFrom(checkpoint.buffers());
    Map<String, String> state = checkpoint.state();
    client.restore(state);
    client
        .model()
        .optimizer()
        .memory()
        .forEach((name, values) ->
            MemorySegment.ofArray(values)
                .copyFrom(checkpoint.memories().getOrDefault(name, MemorySegment.NULL)));
    client.model().optimizer().resume(client.iteration());
    evaluating.restore(checkpoint);
    checkpoints.restore(checkpoint.number("checkpoints"));
    rates.restore(state);
  }

  /** Whether the replica is in use: it must stay as it is. */
  private boolean isBusy() {
    return phase == Phase.COMPUTING || phase == Phase.EVALUATING;
  }

  // ---- events

  @Override
  public List<Action> handle(Event event) {
    outbox.at(event.nowNanos());
    if (phase != Phase.FINISHED) {
      switch (event) {
        case Event.Started e -> begin(e.members(), false);
        case Event.Joined e -> begin(e.members(), true);
        case Event.Computed e -> computed(e);
        case Event.Evaluated e -> evaluated(e.evaluation());
        case Event.Received e -> received(e.from(), e.payload());
        case Event.MembersChanged e -> membersChanged(e.members());
        case Event.PathsChanged e -> succession.relayed(e.relayed());
        case Event.ProcessorShared _ -> {} // only peers fill their links
        case Event.LinkMeasured e -> succession.measured(e.peer(), e.bytesPerSecond());
        case Event.LinkReady e when e.priority() == Priority.WEIGHTS -> giving.remove(e.peer());
        case Event.LinkReady _ -> {} // what waits on a link is in its queue
        case Event.TimersDue _ -> timersDue();
        case Event.StopRequested e -> stop(e.reason());
      }
      advance();
    } else if (event instanceof Event.Received e) {
      outbox.consumed(e.from(), e.payload());
    }
    return outbox.take();
  }

  private void begin(Set<WorkerId> members, boolean late) {
    members.stream().filter(id -> !id.equals(config.self())).forEach(succession::add);
    client.begin(outbox.now(), late);
    phase = Phase.IDLE;
    if (late) {
      electing.join(standing());
    } else {
      electing.begin(standing());
    }
    if (config.goal().nanos() != Long.MAX_VALUE) {
      timers.set(Timer.DEADLINE, config.goal().nanos());
    }
    checkGoal();
  }

  private void received(WorkerId from, Payload payload) {
    if (succession.isThere(from)) {
      inbox.received(from, payload);
    } else {
      outbox.consumed(from, payload);
    }
  }

  private void timersDue() {
    long now = outbox.now();
    if (timers.expired(Timer.DEADLINE, now)) {
      endRun(Reason.TIME);
    }
    if (timers.expired(Timer.CLOSING, now)) {
      finish(closingFor);
    }
    if (timers.expired(Timer.ELECTION, now) && followed == null) {
      electing.timerExpired(standing());
    }
    if (timers.expired(Timer.WAITING, now) && patience.expired()) {
      ask();
    }
    ServerPart serves = server;
    if (timers.expired(Timer.HEARTBEAT, now) && serves != null) {
      outbox.broadcast(standing());
      timers.set(Timer.HEARTBEAT, now + HEARTBEAT_NANOS);
    }
    if (timers.expired(Timer.METHOD, now) && serves != null && reason == null) {
      serves.wokeUp();
    }
  }

  /** What is waited for may be lost on the way. */
  private void ask() {
    WorkerId to = followed;
    if (to != null && server == null) {
      outbox.sendBehind(to, Electing.with(standing(), Flag.CLIENT, Flag.ASKS));
    }
  }

  // ---- members

  private void membersChanged(Set<WorkerId> members) {
    departed.retainAll(members);
    List<WorkerId> lost = succession.ids().stream().filter(id -> !members.contains(id)).toList();
    lost.forEach(id -> outbox.notice(Severity.WARNING, "lost " + id));
    gone(lost);
    List<WorkerId> come = new ArrayList<>();
    for (WorkerId id : members) {
      if (!id.equals(config.self()) && !departed.contains(id) && !succession.isThere(id)) {
        succession.add(id);
        come.add(id);
      }
    }
    if (phase != Phase.NEW) {
      come.stream().sorted().forEach(id -> outbox.send(id, standing()));
    }
  }

  private void gone(List<WorkerId> ids) {
    for (WorkerId id : ids) {
      succession.remove(id);
      electing.gone(id);
      missed.remove(id);
      giving.remove(id);
    }
    ServerPart serves = server;
    if (serves != null) {
      serves.gone(ids);
    }
    WorkerId lost = followed;
    if (lost != null && ids.contains(lost)) {
      serverLost();
    }
  }

  private void serverLost() {
    followed = null;
    admitted = false;
    if (closing) {
      finish(closingFor);
      return;
    }
    electing.serverLost(standing());
  }

  /** What this member tells others of itself. */
  private Standing standing() {
    Set<Flag> flags = EnumSet.noneOf(Flag.class);
    if (config.examples() > 0) {
      flags.add(Flag.TRAINS);
    }
    if (client.waits()) {
      flags.add(Flag.WAITS);
    }
    if (followed != null) {
      flags.add(Flag.FOLLOWS);
    }
    if (electing.hasMeasured()) {
      flags.add(Flag.MEASURED);
    }
    ServerPart serves = server;
    if (serves != null) {
      flags.add(Flag.SERVES);
    }
    return new Standing(
        serves == null ? client.model().term() : serves.term(),
        serves == null ? client.model().version() : serves.model().version(),
        client.life(),
        client.commits(),
        serves == null ? 0 : serves.followers(),
        electing.bytesPerSecond(),
        flags);
  }

  private void heard(WorkerId from, Standing standing) {
    Optional<Standing> before = succession.standing(from);
    succession.heard(from, standing);
    boolean another = before.isPresent() && before.get().life() != standing.life();
    if (from.equals(followed) && (another || !standing.serves())) {
      serverLost();
    }
    ServerPart serves = server;
    if (serves != null && standing.serves()) {
      if (reason == null) {
        meet(serves, from, standing);
      }
    } else if (serves != null) {
      if (before.isEmpty() || another || standing.is(Flag.ASKS)) {
        outbox.send(from, standing());
      }
      serves.heard(from, standing);
    } else if (standing.is(Flag.ASKS)) {
      outbox.send(from, standing());
    }
  }

  /** Another member serves, too. */
  private void meet(ServerPart serves, WorkerId other, Standing standing) {
    if (Succession.precedes(config.self(), standing(), other, standing)) {
      outbox.send(other, standing());
      return;
    }
    serves.stepDown();
    timers.stop(Timer.HEARTBEAT);
    if (trains()) {
      client.holds(serves.model(), serves.term());
    } else {
      client.becomes(serves.model(), serves.term()); // its memory was the server's
    }
    server = null;
    followed = null;
    outbox.broadcast(standing());
    follow(other);
  }

  /** Whoever the settings name may not be there. */
  private void tellOfAbsentServer(WorkerId instead) {
    Optional<WorkerId> named = rule.name();
    if (!toldOfServer && named.isPresent() && !isHere(named.get())) {
      outbox.notice(
          Severity.WARNING,
          "server.name=" + named.get() + ": no such worker is here; " + instead + " serves");
    }
    toldOfServer = true;
  }

  private boolean isHere(WorkerId id) {
    return id.equals(config.self()) || succession.isThere(id);
  }

  private void follow(WorkerId other) {
    tellOfAbsentServer(other);
    if (config.networked()) { // in one process the server itself says so
      outbox.notice(Severity.INFO, other + " serves");
    }
    followed = other;
    admitted = false;
    succession.standing(other).ifPresent(s -> client.follows(s.term()));
    electing.decided();
    Standing own = Electing.with(standing(), Flag.CLIENT);
    // A model that came too early must come again.
    outbox.send(other, missed.remove(other) ? Electing.with(own, Flag.ASKS) : own);
    client.cost().ifPresent(cost -> outbox.send(other, cost(cost)));
  }

  private void serve() {
    tellOfAbsentServer(config.self());
    ServerPart.Held held = new ServerPart.Held(client.model().term(), client.model().version());
    long term = succession.nextTerm(client.model().term(), outbox.now());
    boolean trains = config.examples() > 0 && rule.trains();
    GlobalModel model = client.model().toServe(trains);
    ServerPart made =
        new ServerPart(
            config,
            rule,
            replica,
            term,
            held,
            model,
            client.clusterSamples(),
            client,
            buffers,
            timers,
            outbox);
    server = made;
    followed = config.self();
    admitted = true;
    electing.decided();
    outbox.broadcast(standing());
    timers.set(Timer.HEARTBEAT, outbox.now() + HEARTBEAT_NANOS);
    String from = held.version() == 0 ? "" : ", from version " + held.version();
    outbox.notice(Severity.INFO, "serves" + from);
    client.commitIsLost();
    if (trains()) {
      client.holds(model, term);
      client.follows(term);
      made.admitOwn(client.life());
      client.cost().ifPresent(cost -> made.costs(config.self(), cost));
    }
    for (WorkerId id : List.copyOf(succession.ids())) {
      succession.standing(id).ifPresent(s -> made.expect(id, s));
    }
    made.begin();
    checkGoal();
  }

  /** Whether this member trains: not one without data, nor a server that only serves. */
  private boolean trains() {
    return config.examples() > 0 && (server == null || rule.trains());
  }

  private static Control.Cost cost(Cost cost) {
    return new Control.Cost(cost.alphaSeconds(), cost.betaSeconds());
  }

  // ---- messages

  private final class Messages implements MemberInbox.Receiver {
    @Override
    public void commit(WorkerId from, CommitMessage commit) throws MalformedMessageException {
      ServerPart serves = server;
      if (serves == null) {
        throw new MalformedMessageException("a commit, but this worker does not serve");
      }
      if (reason != null) {
        return; // the model of the run is out
      }
      serves.committed(from, commit);
      afterCommit(serves);
    }

    @Override
    public void model(WorkerId from, GlobalModelMessage model) {
      if (model.about().life() != client.life() || server != null) {
        return;
      }
      if (hears(from)) {
        admitted = true;
        client.answered(model);
        if (model.about().last()) {
          close(Reason.TIME);
        }
      } else {
        missed.add(from);
      }
    }

    @Override
    public void weights(WorkerId from, WeightsMessage weights) {
      if (electing.fetchesFrom(from)) {
        fetched(from, weights);
      }
    }

    @Override
    public void control(WorkerId from, Control control) throws MalformedMessageException {
      switch (control) {
        case Control.Standing c -> heard(from, c);
        case Control.NextCommit c -> {
          if (server == null && hears(from)) {
            admitted |= c.holds();
            client.planned(c.plan());
          }
        }
        case Control.Cost c -> {
          ServerPart serves = server;
          if (serves != null) {
            serves.costs(from, new Cost(c.alphaSeconds(), c.betaSeconds()));
          }
        }
        case Control.WeightsRequest _ -> sendModel(from);
        case Control.Goodbye c -> goodbye(from, c.reason());
        default -> throw new MalformedMessageException(control.type() + " in a run with a server");
      }
    }
  }

  /** Whether a member is the server; one that is there already when none is known becomes it. */
  private boolean hears(WorkerId from) {
    boolean known = followed != null || phase == Phase.NEW || reason != null;
    if (!known && succession.bestServer().filter(from::equals).isPresent()) {
      follow(from);
    }
    return from.equals(followed);
  }

  private void fetched(WorkerId from, WeightsMessage weights) {
    long term = succession.standing(from).map(Standing::term).orElse(0L);
    electing.fetched();
    client.fetched(weights, term);
  }

  private void sendModel(WorkerId to) {
    if (!giving.add(to)) {
      return; // it was asked for twice
    }
    outbox.send(
        to,
        WeightsMessage.encode(
            0,
            standing().version(),
            replica.layout(),
            model(),
            replica.bufferLayout(),
            modelBuffers(),
            List.of(),
            buffers),
        Priority.WEIGHTS);
  }

  private void goodbye(WorkerId from, Reason why) {
    if (why.endsRun() && server != null) { // an operator has told a client
      finish(why);
      return;
    }
    departed.add(from);
    if (why.endsRun()) { // the server does
      reason = reason == null ? why : reason;
      return;
    }
    outbox.notice(Severity.WARNING, from + " takes part no longer (" + why + ")");
    gone(List.of(from));
    ServerPart serves = server;
    if (why == Reason.DIVERGED && serves != null && !trains() && serves.followers() == 0) {
      finish(why); // nobody is left who could train
    }
  }

  // ---- one step after the other

  /** Goes as far as it can without waiting for anything. */
  private void advance() {
    while (phase == Phase.IDLE) {
      client.takeArrived();
      if (reason != null) {
        conclude(reason);
      } else if (followed == null && !decide()) {
        if (!trainsAlone()) {
          return;
        }
      } else if (evaluating.isDue() && evaluates()) {
        return;
      } else if (!proceed()) {
        return;
      }
    }
  }

  /** Finds out who serves. Returns false if that takes time. */
  private boolean decide() {
    switch (electing.decide(standing())) {
      case Electing.Decision.Wait w -> {
        patience.waitFor(w.what(), 0);
        return false;
      }
      case Electing.Decision.Follow f -> follow(f.server());
      case Electing.Decision.Serve _ -> serve();
    }
    patience.end();
    return true;
  }

  /** Without a server a client goes on up to its commit. Returns false if it is there. */
  private boolean trainsAlone() {
    return trains()
        && !closing
        && client.isPlanned()
        && !client.waits()
        && !client.isCommitDue()
        && compute();
  }

  /** Commits or computes. Returns false if it has to wait, or there is nothing to do. */
  private boolean proceed() {
    if (!trains() || closing) {
      waitForClients();
      return false;
    }
    if (!client.isPlanned()) {
      patience.waitFor("a first plan of " + followed, 0);
      return false;
    }
    if (client.waits() && (!rule.overlap() || client.isCommitDue())) {
      patience.waitFor(
          "the answer of " + followed + " to commit " + client.commits(), client.roundTripNanos());
      return false;
    }
    if (client.isCommitDue()) {
      return commit();
    }
    return compute();
  }

  /** A server that only serves waits where there is nobody whom it could serve. */
  private void waitForClients() {
    ServerPart serves = server;
    if (serves != null && serves.followers() == 0) {
      patience.waitFor("a worker that trains: this one only serves", 0);
    } else {
      patience.end();
    }
  }

  private boolean commit() {
    WorkerId to = followed;
    ServerPart serves = server;
    if (to == null || !admitted) {
      patience.waitFor("a server to take commit " + (client.commits() + 1), 0);
      return false;
    }
    patience.end();
    if (serves == null) {
      client.commit(to);
    } else {
      client.commit(serves);
      afterCommit(serves);
    }
    return true;
  }

  private boolean compute() {
    patience.end();
    int batch = client.nextBatch();
    phase = Phase.COMPUTING;
    soundness.begins();
    long own = Seeds.derive(config.seed(), config.self().name());
    outbox.add(
        new Action.Compute(
            client.position(), batch, Seeds.derive(own, client.position()), client.isProfiling()));
    return true;
  }

  private void computed(Event.Computed e) {
    phase = Phase.IDLE;
    client.drawn();
    switch (soundness.judge(e.loss(), client.iteration())) {
      case LEFT_OUT -> {
        return;
      }
      case DIVERGED -> {
        finish(Reason.DIVERGED);
        return;
      }
      case SOUND -> {}
    }
    double rate = rates.share(client.clusterSamples(), outbox.now());
    client.computed(e, rate).ifPresent(this::tellCost);
    if (server == null && checkpoints.due(client.clusterSamples()) && reason == null) {
      save();
    }
  }

  private void tellCost(Cost cost) {
    WorkerId to = followed;
    ServerPart serves = server;
    if (serves != null) {
      serves.costs(config.self(), cost);
    } else if (to != null) {
      outbox.send(to, cost(cost));
    }
  }

  // ---- as the server: what is due

  private void afterCommit(ServerPart serves) {
    long samples = serves.samples();
    evaluating.processed(samples);
    boolean save = checkpoints.due(samples);
    checkGoal();
    if (save && reason == null) {
      save();
    }
  }

  private void checkGoal() {
    ServerPart serves = server;
    Goal goal = config.goal();
    if (serves != null && serves.samples() >= goal.samples()) {
      finish(Reason.EPOCHS);
    } else if (outbox.now() >= goal.nanos()) {
      endRun(Reason.TIME);
    }
  }

  /** This worker, or the whole run, is to end; a client tells the server, which ends it for all. */
  private void stop(Reason why) {
    WorkerId to = followed;
    if (why.endsRun() && phase != Phase.NEW) {
      if (server == null && to != null && !closing) {
        outbox.send(to, new Control.Goodbye(why));
      }
      endRun(why);
    } else {
      finish(why);
    }
  }

  /** A client leaves it to the server to end the run, whose model it waits for. */
  private void endRun(Reason why) {
    if (server != null || followed == null) {
      finish(why);
    } else {
      close(why);
    }
  }

  /** Trains no more, and waits for the server to end the run. */
  private void close(Reason why) {
    if (!closing) {
      closing = true;
      closingFor = why;
      timers.set(Timer.CLOSING, outbox.now() + CLOSING_NANOS);
    }
  }

  /** Evaluates its model if it serves; returns whether it does. */
  private boolean evaluates() {
    ServerPart serves = server;
    if (serves == null) {
      return false;
    }
    phase = Phase.EVALUATING;
    evaluating.begin(serves.model(), serves.samples());
    return true;
  }

  /** What this member's model is. */
  private MemberEvaluation.Subject subject() {
    ServerPart serves = server;
    return serves == null
        ? new MemberEvaluation.Subject(client.iteration(), client.clusterSamples())
        : new MemberEvaluation.Subject(serves.model().version(), serves.samples());
  }

  private void evaluated(Evaluation found) {
    phase = Phase.IDLE;
    boolean serves = server != null;
    evaluating.ended(found, serves && !evaluatedAtEnd);
    if (serves && reason == null) {
      evaluating.endsRun(found).ifPresent(this::finish);
    }
  }

  // ---- the end

  /** Ends for this reason, unless the end has begun already, and says so. */
  private void finish(Reason why) {
    if (reason != null) {
      return;
    }
    reason = why;
    patience.end();
    ServerPart serves = server;
    if (serves != null && why.endsRun()) {
      serves.conclude(succession.lives());
    } else if (serves != null && why.leavesRun()) {
      serves.handOver();
    }
    if (serves != null || !why.endsRun()) {
      outbox.broadcast(new Control.Goodbye(why));
    }
  }

  private void conclude(Reason asked) {
    ServerPart serves = server;
    if (serves != null && !evaluatedAtEnd) {
      client
          .model()
          .become(
              serves.model().weights(),
              serves.model().buffers(),
              serves.term(),
              serves.model().version());
    }
    Reason why =
        asked == Reason.DIVERGED || soundness.acceptsReplica(client.iteration())
            ? asked
            : Reason.DIVERGED;
    if (why != Reason.DIVERGED) {
      if (config.evaluates() && !evaluatedAtEnd && why != Reason.PAUSED) {
        evaluatedAtEnd = true;
        if (serves != null && why != Reason.REQUEST) {
          outbox.notice(Severity.INFO, "training is over, evaluating on the whole test set");
        }
        phase = Phase.EVALUATING;
        evaluating.begin(subject(), serves != null && why != Reason.REQUEST);
        return;
      }
      if (serves == null) {
        client.becomeGlobal();
      }
      save();
    }
    phase = Phase.FINISHED;
    timers.stopAll();
    outbox.add(new Action.Finish(why));
  }

  private void save() {
    if (replica.isFinite()) {
      outbox.add(new Action.Save());
    }
  }
}
