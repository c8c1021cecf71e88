package io.dlion.core.server;

import io.dlion.core.WorkerId;
import io.dlion.core.batching.Cost;
import io.dlion.core.kernel.Blocks;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.learn.Seeds;
import io.dlion.core.node.NodeConfig;
import io.dlion.core.node.Outbox;
import io.dlion.core.node.Priority;
import io.dlion.core.node.Replica;
import io.dlion.core.node.Timer;
import io.dlion.core.node.Timers;
import io.dlion.core.report.Report;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.server.method.Method;
import io.dlion.core.server.method.MethodStatus;
import io.dlion.core.server.method.Orders;
import io.dlion.core.server.method.ServerRule;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.CommitMessage;
import io.dlion.core.wire.CommitPlan;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.Control.Standing;
import io.dlion.core.wire.Control.Standing.Flag;
import io.dlion.core.wire.GlobalModelMessage;
import io.dlion.core.wire.GradientSource;
import io.dlion.core.wire.GradientWriter;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.Payload;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The server in a member's process: applies commits to the global model, and answers as its method
 * says. It keeps nothing of a client's model. Confined to its node.
 */
final class ServerPart {
  /** How often news of the model are told while nothing else is new. */
  private static final long NEWS_NANOS = 1_000_000_000L;

  private final WorkerId self;

  private final ServerRule rule;
  private final Replica replica;
  private final long term;
  private final Held held;
  private final GlobalModel model;
  private final Method method;
  private final ServedClients clients;
  private final OwnClient own;
  private final GradientWriter writer;
  private final GradientWriter exact;
  private final Selection whole;
  private final Buffers buffers;
  private final Timers timers;
  private final Outbox outbox;
  private long applied;
  private long samples;
  private long floor; // commits that began from an older version are no longer applied
  private long toldNanos = Long.MIN_VALUE / 2;

  /**
   * A server that has no clients yet.
   *
   * @param term higher than that of any server before
   * @param held whence the model is
   * @param samples that all clients have processed
   * @param own the client in this process
   */
  ServerPart(
      NodeConfig config,
      ServerRule rule,
      Replica replica,
      long term,
      Held held,
      GlobalModel model,
      long samples,
      OwnClient own,
      Buffers buffers,
      Timers timers,
      Outbox outbox) {
    this.self = config.self();
    this.rule = rule;
    this.replica = replica;
    this.term = term;
    this.held = held;
    this.model = model;
    this.samples = samples;
    this.own = own;
    this.buffers = buffers;
    this.timers = timers;
    this.outbox = outbox;
    method = rule.method().open(config.goal());
    clients = new ServedClients(config.strategy().batching(), config.minimumBatch());
    long seed = Seeds.derive(Seeds.derive(config.seed(), self.name()), "answers");
    writer = new GradientWriter(rule.answers(), seed);
    exact = new GradientWriter(ValueFormat.FP32, seed);
    whole = whole(replica.layout());
  }

  /** A selection of every entry. */
  static Selection whole(ParameterLayout layout) {
    Selection all = new Selection(layout);
    for (int v = 0; v < layout.variables().size(); v++) {
      all.selectWhole(v);
    }
    return all;
  }

  long term() {
    return term;
  }

  GlobalModel model() {
    return model;
  }

  /** Samples that all clients have told of. */
  long samples() {
    return samples;
  }

  /** Clients in other processes, or this one. */
  int followers() {
    return clients.ids().size();
  }

  // ---- who trains

  /** The clients that are known begin to train. */
  void begin() {
    obey(method.begun(clients, outbox.now()));
    tellNews();
  }

  /** The client in this process trains. */
  void admitOwn(long life) {
    clients.add(self, life, 0);
    changed();
    own.planned(plan(self));
  }

  /** A member that has no server will be a client as soon as it has heard of this one. */
  void expect(WorkerId from, Standing standing) {
    if (standing.is(Flag.TRAINS) && !standing.is(Flag.FOLLOWS)) {
      clients.add(from, standing.life(), standing.commits());
      changed();
    }
  }

  /** A member has told its standing: it may be a client. */
  void heard(WorkerId from, Standing standing) {
    if (!standing.is(Flag.CLIENT) || !standing.is(Flag.TRAINS)) {
      return;
    }
    ServedClient known = clients.find(from);
    if (known == null || known.life != standing.life()) {
      clients.add(from, standing.life(), standing.commits());
      changed();
      admit(from, standing);
    } else {
      again(from, known, standing);
    }
  }

  /**
   * What the model was when this member began to serve.
   *
   * @param term of the server before
   * @param version of its model
   */
  record Held(long term, long version) {}

  private void admit(WorkerId from, Standing standing) {
    boolean same =
        standing.term() == held.term()
            && standing.version() == held.version()
            && model.version() == held.version();
    if (same && !standing.is(Flag.WAITS)) {
      outbox.sendBehind(from, new Control.NextCommit(plan(from), true));
    } else {
      answer(from, false);
    }
  }

  /** A client begins, or has waited suspiciously long: what it waits for may be lost. */
  private void again(WorkerId from, ServedClient known, Standing standing) {
    if (standing.commits() < known.applied) {
      return; // told before it committed
    }
    if (!standing.is(Flag.WAITS)) {
      admit(from, standing);
    } else if (known.applied < standing.commits()) {
      known.applied = standing.commits(); // lost on the way; it must not come twice
      answer(from, false);
    } else if (!known.owed) {
      answer(from, false);
    }
  }

  /** Members are gone, or train no longer. */
  void gone(Collection<WorkerId> ids) {
    boolean any = false;
    for (WorkerId id : ids) {
      any |= clients.remove(id);
    }
    if (any) {
      changed();
      release();
    }
  }

  private void changed() {
    obey(method.clientsChanged(clients, outbox.now()));
  }

  /** A client has told what its steps cost. */
  void costs(WorkerId from, Cost cost) {
    clients.costs(from, cost);
  }

  // ---- commits

  /** A commit has come from another process. */
  void committed(WorkerId from, CommitMessage commit) throws MalformedMessageException {
    ServedClient client = clients.find(from);
    CommitMessage.About about = commit.about();
    if (client == null) {
      throw new MalformedMessageException("a commit of " + from + ", which is no client");
    }
    require(
        about.life() == client.life && about.term() == term,
        "a commit of an older run of " + from + ", or for another server");
    require(
        about.version() <= model.version(),
        "a commit that began from version "
            + about.version()
            + "; the newest is "
            + model.version());
    require(
        commit.number() > client.applied,
        "commit " + commit.number() + " of " + from + " again; " + client.applied + " is applied");
    counts(client, commit.number(), commit.samples(), about);
    boolean stale = about.version() < floor;
    if (stale) {
      model.leftOut();
    } else {
      client.clock++;
      double eta = rule.weight() * clients.share(client);
      model.apply(commit, eta, clients.newestShare(client));
    }
    applied(from, stale);
  }

  private static void require(boolean holds, String otherwise) throws MalformedMessageException {
    if (!holds) {
      throw new MalformedMessageException(otherwise);
    }
  }

  /** The client in this process commits. */
  void committed(ClientModel from, long number, int ofSamples, CommitMessage.About about) {
    ServedClient client = clients.find(self);
    if (client == null) {
      throw new IllegalStateException(self + " is not its own client");
    }
    counts(client, number, ofSamples, about);
    boolean stale = about.version() < floor;
    if (stale) {
      model.leftOut();
    } else {
      client.clock++;
      double eta = rule.weight() * clients.share(client);
      model.apply(
          from.base(), replica.weights(), replica.buffers(), eta, clients.newestShare(client));
    }
    from.committed();
    applied(self, stale);
  }

  private void counts(ServedClient client, long number, int ofSamples, CommitMessage.About about) {
    client.applied = number;
    client.owed = true;
    client.newestSamples = ofSamples;
    client.samples += ofSamples;
    client.loss = about.loss();
    client.stepsPerSecond = about.seconds() > 0 ? about.steps() / about.seconds() : 0;
    samples += ofSamples;
  }

  private void applied(WorkerId from, boolean stale) {
    applied++;
    if (!stale) {
      obey(method.committed(from, clients, outbox.now()));
    }
    release();
    if (outbox.now() - toldNanos >= NEWS_NANOS) {
      tellNews();
    }
  }

  /** Answers all who may be answered. */
  private void release() {
    for (WorkerId id : List.copyOf(clients.ids())) {
      ServedClient client = clients.find(id);
      if (client != null && client.owed && method.answers(id, clients)) {
        answer(id, false);
      }
    }
  }

  private CommitPlan plan(WorkerId id) {
    ServedClient client = clients.find(id);
    int batch = client == null ? 1 : client.batch;
    return method.plan(id, clients, outbox.now()).withBatch(batch);
  }

  private void answer(WorkerId id, boolean last) {
    ServedClient client = clients.find(id);
    if (client == null) {
      return;
    }
    client.owed = false;
    CommitPlan plan = plan(id);
    if (id.equals(self)) {
      own.answered(model, term, samples, plan);
      return;
    }
    send(id, new GlobalModelMessage.About(term, client.life, client.applied, last, plan));
  }

  private void send(WorkerId id, GlobalModelMessage.About about) {
    Payload payload =
        GlobalModelMessage.encode(
            about.last() ? exact : writer, // all end with one model
            whole,
            new Weights(model.weights()),
            model.version(),
            samples,
            about,
            model.buffers(),
            buffers);
    outbox.send(id, payload, Priority.GRADIENT);
    outbox.tell(
        new Report.Sent(self, outbox.now(), id, model.version(), 100, 1, payload.length(), 0, 0));
  }

  /** Weights as a source of what is sent. */
  private record Weights(MemorySegment values) implements GradientSource {
    @Override
    public void read(int offset, int count, float[] block) {
      Blocks.read(values, offset, count, block);
    }

    @Override
    public void sent(int offset, int count, float[] block) {}

    @Override
    public void sent(int offset, int[] indices, float[] values, int first, int end) {}
  }

  // ---- what the method says

  /** Its timer has expired. */
  void wokeUp() {
    obey(method.wokeUp(clients, outbox.now()));
    release();
  }

  private void obey(Orders orders) {
    switch (orders.change()) {
      case NONE -> {}
      case KEEP -> model.keep();
      case RESTORE -> {
        model.restoreKept();
        floor = model.version();
        clients.startTogether();
      }
    }
    if (orders.replans()) {
      for (WorkerId id : List.copyOf(clients.ids())) {
        if (id.equals(self)) {
          own.planned(plan(id));
        } else {
          outbox.send(id, new Control.NextCommit(plan(id), false));
        }
      }
    }
    method.notice().ifPresent(text -> outbox.notice(Severity.WARNING, text));
    if (orders.news()) {
      tellNews();
    }
    method
        .wakeAtNanos()
        .ifPresentOrElse(at -> timers.set(Timer.METHOD, at), () -> timers.stop(Timer.METHOD));
  }

  private void tellNews() {
    toldNanos = outbox.now();
    MethodStatus status = method.status();
    outbox.tell(
        new Report.Serving(
            self,
            outbox.now(),
            model.version(),
            applied,
            clients.loss(),
            status.commitTarget(),
            status.search(),
            status.reward(),
            status.implicitMomentum(),
            status.searches()));
  }

  /**
   * The run is over: all get its model, clients or not.
   *
   * @param lives of all others
   */
  void conclude(Map<WorkerId, Long> lives) {
    lives.forEach((id, life) -> {
      if (clients.find(id) != null) {
        answer(id, true);
      } else {
        send(id, new GlobalModelMessage.About(term, life, 0, true, CommitPlan.afterSteps(1, 1)));
      }
    });
    tellNews();
  }

  /** This member takes part no longer, and the run goes on: clients hold the newest model. */
  void handOver() {
    clients.ids().stream().filter(id -> !id.equals(self)).forEach(id -> answer(id, false));
    tellNews();
  }

  /** Another member serves instead. */
  void stepDown() {
    timers.stop(Timer.METHOD);
    outbox.notice(Severity.WARNING, "serves no longer: another server has more clients");
  }
}
