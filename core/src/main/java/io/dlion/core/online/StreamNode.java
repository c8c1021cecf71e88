package io.dlion.core.online;

import io.dlion.core.WorkerId;
import io.dlion.core.kernel.Blocks;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.node.Action;
import io.dlion.core.node.BestModel;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.node.Event;
import io.dlion.core.node.Node;
import io.dlion.core.node.NodeConfig;
import io.dlion.core.node.Priority;
import io.dlion.core.node.Rank;
import io.dlion.core.node.Steering;
import io.dlion.core.report.Report;
import io.dlion.core.report.StreamFigures;
import io.dlion.core.report.StreamFigures.Prequential;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.stream.Intake;
import io.dlion.core.stream.Lesson;
import io.dlion.core.stream.StreamRule;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.GradientHeader;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.MessageType;
import io.dlion.core.wire.Payload;
import io.dlion.core.wire.StreamNews;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A node of any family around which everything lies that learning from streams needs. It looks at
 * what goes in and out of that node, and exchanges {@link StreamNews} with those around the nodes
 * of its peers. It is silent where nobody learns from a stream.
 *
 * <ul>
 *   <li>Each fresh record was predicted before it was learned from: prequential accuracy.
 *   <li>ADWIN watches it. When errors rise, steps are larger and less is replayed for a while.
 *   <li>News tell what of each worker is in whose model. A record is <em>everywhere</em> once every
 *       live worker's model has learned from it: freshness.
 *   <li>Where peers have gone on while this worker was away, they know up to where they have
 *       learned from it; the stream is resumed there.
 * </ul>
 *
 * <p>Not thread safe: confined to one thread at a time.
 */
public final class StreamNode implements Node {
  private static final long NEWS_NANOS = 250_000_000L;

  /** More workers tell news less often, so that all of them together do not burden links. */
  private static final int WORKERS_AT_FULL_RATE = 8;

  private static final long REPORT_NANOS = 1_000_000_000L;
  private static final long RESUME_NANOS = 5_000_000_000L;
  private static final long SAVE_NANOS = 60_000_000_000L;
  private static final long NEVER = Long.MAX_VALUE;
  private static final long PACE_MAX = 8;

  private final NodeConfig config;
  private final StreamRule rule;
  private final boolean server;
  private final long fingerprint;
  private final Node node;
  private final Reaction reaction;
  private final Demand demand;
  private final Vigil vigil;
  private final Spread spread;
  private final Spreading spreading = new Spreading();
  private final ArrivalRate arrivals = new ArrivalRate();
  private final IdentityHashMap<Payload, Received> unread = new IdentityHashMap<>();
  private List<Action> actions = new ArrayList<>();
  private long now;
  private boolean active;
  private boolean started;
  private boolean finished;
  private boolean open;
  private long openByNanos = NEVER;
  private long newsAtNanos = NEVER;
  private long reportAtNanos;
  private long savedAtNanos = NEVER;
  private Intake intake = Intake.NONE;
  private int drifts;
  private int driftsFollowed;
  private int samples;

  /** A message that the node has not done with. */
  private record Received(WorkerId from, MessageType type, GradientHeader header) {}

  private StreamNode(
      NodeConfig config,
      int outputs,
      long fingerprint,
      Reaction reaction,
      Demand demand,
      Function<NodeConfig, Node> inner) {
    this.config = config;
    this.rule = config.strategy().stream();
    this.server = config.strategy().server().isPresent();
    this.fingerprint = fingerprint;
    this.reaction = reaction;
    this.demand = demand;
    this.vigil = new Vigil(rule, outputs);
    this.spread = new Spread(config.self(), server, handsOn(config.strategy()));
    this.active = config.streams();
    this.node = inner.apply(config);
  }

  /**
   * Whether workers pass on what they get: behind relays, or with the weights that pairs average.
   */
  private static boolean handsOn(Strategy strategy) {
    return !strategy.topology().isMesh() || strategy.averagesInPairs();
  }

  /**
   * A node that has not started.
   *
   * @param config what it is told, with {@link NodeConfig#streams} where it learns from a stream
   * @param examples what its examples look like
   * @param fingerprint of the layout, which every message carries
   * @param inner makes the node of a family
   */
  public static StreamNode around(
      NodeConfig config,
      ExampleShape examples,
      long fingerprint,
      Function<NodeConfig, Node> inner) {
    int outputs = examples.kind() == ExampleShape.Kind.REGRESSION ? examples.outputs() : 0;
    Reaction reaction = new Reaction(config.strategy().stream());
    Demand demand = new Demand();
    Steering steering =
        new Steering() {
          @Override
          public double rateFactor(long nowNanos) {
            return reaction.rateFactor(nowNanos);
          }

          @Override
          public int batch(int planned) {
            return demand.batch(planned);
          }
        };
    return new StreamNode(
        config.streams() ? config.with(steering) : config,
        outputs,
        fingerprint,
        reaction,
        demand,
        inner);
  }

  @Override
  public List<Action> handle(Event event) {
    now = event.nowNanos();
    actions = new ArrayList<>();
    if (event instanceof Event.Received e && Frame.isOf(MessageType.STREAM, e.payload())) {
      heard(e.from(), e.payload());
    } else {
      pass(before(event));
    }
    if (active && started && !finished) {
      tellWhatIsDue();
    }
    return actions;
  }

  /** What an event says about the stream, before the node gets it. */
  private Event before(Event event) {
    switch (event) {
      case Event.Started e -> {
        begins(e.members());
        open(-1);
      }
      case Event.Joined e -> {
        begins(e.members());
        openByNanos = config.streams() ? now + RESUME_NANOS : NEVER;
      }
      case Event.MembersChanged e -> {
        spread.members(e.members());
        unread.values().removeIf(message -> !e.members().contains(message.from));
        everywhere();
      }
      case Event.Computed e -> {
        return e.lesson().<Event>map(lesson -> learned(e, lesson)).orElse(e);
      }
      case Event.Received e -> received(e);
      case Event.TimersDue _ -> {
        if (now >= openByNanos) {
          open(NEVER); // no peer has said up to where it knows this worker's records
        }
      }
      default -> {}
    }
    return event;
  }

  private void begins(Set<WorkerId> members) {
    spread.members(members);
    started = true;
    newsAtNanos = now;
  }

  private void open(long number) {
    openByNanos = NEVER;
    if (config.streams() && !open) {
      open = true;
      actions.add(new Action.OpenStream(number));
    }
  }

  // ---- records that were learned from

  private Event learned(Event.Computed e, Lesson lesson) {
    intake = lesson.intake();
    demand.observe(intake.queued(), samples);
    arrivals.count(intake.arrived(), now);
    long[] arrived = new long[lesson.fresh()];
    for (int i = 0; i < arrived.length; i++) {
      arrived[i] = lesson.arrivalNanos(i);
    }
    spreading.learned(arrived);
    vigil.predicted(lesson.score()).ifPresent(change -> drifted(change, false));
    return new Event.Computed(
        e.nowNanos(),
        e.loss(),
        e.computeNanos(),
        e.waitedNanos(),
        Optional.of(lesson.paced(paceNanos(e))));
  }

  /**
   * A worker whose records come slowly would learn from the same ones again and again. It counts as
   * so slow that each is worth its passes, though never as more than {@value #PACE_MAX} times as
   * slow as it is.
   */
  private long paceNanos(Event.Computed e) {
    double perSecond = rule.replay().passes() * arrivals.perSecond();
    long compute = Math.max(1, e.computeNanos() - e.waitedNanos());
    if (!arrivals.isKnown() || rule.replay().passes() == 0) {
      return 0;
    }
    return (long) Math.min(PACE_MAX * (double) compute, 1e9 * samples / perSecond);
  }

  private void drifted(Vigil.Change change, boolean cluster) {
    actions.add(
        new Action.Tell(
            new Report.Drifted(config.self(), now, cluster, change.before(), change.after())));
    react();
  }

  private void react() {
    if (config.streams()) { // also in a reaction: what is kept is of a world on its way
      reaction.begin(now);
      if (rule.drift().forgets()) {
        actions.add(new Action.ForgetStream());
      }
    }
  }

  // ---- what the node does

  private void pass(Event event) {
    for (Action action : node.handle(event)) {
      switch (action) {
        case Action.Compute a -> {
          samples = a.samples();
          actions.add(a.replaying(reaction.replayShare(now)));
        }
        case Action.Send a -> {
          sends(a.payload());
          actions.add(a);
        }
        case Action.Consumed a -> {
          read(unread.remove(a.payload()));
          actions.add(a);
        }
        case Action.Tell a -> {
          told(a.report());
          actions.add(a);
          if (a.report() instanceof Report.Iteration) {
            saveWhereDue();
          }
        }
        case Action.Save a -> {
          savedAtNanos = now;
          actions.add(a);
        }
        case Action.Finish a -> {
          finished = true;
          if (config.streams()) {
            report();
          }
          actions.add(a);
        }
        default -> actions.add(action);
      }
    }
  }

  /**
   * After the first step, and then once in a while, whatever an epoch is: a worker that is killed
   * before its first checkpoint would learn from the same records again.
   */
  private void saveWhereDue() {
    boolean due = savedAtNanos == NEVER || now - savedAtNanos >= SAVE_NANOS;
    if (config.streams() && due && isFinite()) {
      savedAtNanos = now;
      actions.add(new Action.Save());
    }
  }

  private boolean isFinite() {
    int weights = Math.toIntExact(node.model().byteSize() / Float.BYTES);
    int buffers = Math.toIntExact(node.modelBuffers().byteSize() / Float.BYTES);
    return Blocks.allFinite(node.model(), weights)
        && Blocks.allFinite(node.modelBuffers(), buffers);
  }

  private void received(Event.Received e) {
    if (!active) {
      return;
    }
    for (MessageType type : List.of(MessageType.GRADIENT, MessageType.COMMIT, MessageType.MODEL)) {
      if (Frame.isOf(type, e.payload())) {
        header(e.payload())
            .ifPresent(header -> unread.put(e.payload(), new Received(e.from(), type, header)));
      }
    }
  }

  private static Optional<GradientHeader> header(Payload payload) {
    try {
      return Optional.of(GradientHeader.read(payload));
    } catch (MalformedMessageException refused) {
      return Optional.empty(); // as the node will find, too
    }
  }

  /** The node is done with a message: it has learned from it. */
  private void read(@Nullable Received message) {
    if (message == null) {
      return;
    }
    switch (message.type) {
      case GRADIENT, COMMIT -> spread.learned(message.from, message.header.iteration());
      case MODEL -> spread.holds(message.header.iteration());
      default -> throw new AssertionError(message.type);
    }
    everywhere();
  }

  private void sends(Payload payload) {
    boolean carries =
        Frame.isOf(MessageType.GRADIENT, payload) || Frame.isOf(MessageType.COMMIT, payload);
    if (!active || !(carries || Frame.isOf(MessageType.MODEL, payload))) {
      return;
    }
    header(payload)
        .ifPresent(header -> {
          if (carries) {
            leaves(header.iteration());
          } else {
            spread.holds(header.iteration());
          }
        });
  }

  /** What was learned so far is in messages up to this number. */
  private void leaves(long number) {
    if (spread.sends(number) && spreading.sent(number)) {
      actions.add(new Action.MarkStream(number));
    }
  }

  private void told(Report report) {
    switch (report) {
      case Report.Iteration r when !server -> {
        leaves(r.iteration()); // where no link carries anything now
        spread.applied(r.iteration());
        everywhere();
      }
      case Report.Committed r -> {
        spread.acknowledged(r.commits() - 1, r.version());
        spread.holds(r.version());
        if (r.server().equals(config.self())) {
          leaves(r.commits());
        }
        everywhere();
      }
      case Report.Serving r -> spread.holds(r.version());
      default -> {}
    }
  }

  private void everywhere() {
    spreading.everywhere(spread.everywhere(), now);
  }

  // ---- news

  private void heard(WorkerId from, Payload payload) {
    actions.add(new Action.Consumed(from, payload));
    StreamNews news;
    try {
      Frame.open(payload, fingerprint);
      news = StreamNews.parse(payload);
    } catch (MalformedMessageException refused) {
      actions.add(
          new Action.Tell(
              new Report.Notice(
                  config.self(),
                  now,
                  Report.Severity.WARNING,
                  "dropped stream news from " + from + ": " + refused.getMessage())));
      return;
    }
    if (!active) {
      active = true;
      newsAtNanos = now;
    }
    spread.heard(from, news);
    OptionalLong known = Spread.of(config.self(), news);
    if (openByNanos != NEVER && known.isPresent()) {
      open(known.getAsLong());
    }
    if (isFirst()) {
      vigil.heard(from, news.records(), news.overall()).ifPresent(this::clusterDrifted);
    } else if (news.drifts() > driftsFollowed) {
      driftsFollowed = news.drifts();
      react();
    }
    everywhere();
  }

  /** Whether this is the worker that watches the whole cluster. */
  private boolean isFirst() {
    return spread.peers().isEmpty()
        || config.self().compareTo(new TreeSet<>(spread.peers()).first()) < 0;
  }

  private void clusterDrifted(Vigil.Change change) {
    drifts = Math.max(drifts, driftsFollowed) + 1;
    driftsFollowed = drifts;
    drifted(change, true);
  }

  private void tellWhatIsDue() {
    if (now < newsAtNanos) {
      return;
    }
    int workers = spread.peers().size() + 1;
    newsAtNanos = now + NEWS_NANOS * Math.max(1, workers / WORKERS_AT_FULL_RATE);
    Prequential own = vigil.site().read();
    StreamNews news = news(own);
    if (workers > 1 && isFirst()) {
      vigil.heard(config.self(), news.records(), news.overall()).ifPresent(this::clusterDrifted);
    }
    Payload payload = news.encode(fingerprint);
    for (WorkerId peer : spread.peers()) {
      actions.add(new Action.Send(peer, payload, Priority.CONTROL));
    }
    if (config.streams() && now >= reportAtNanos) {
      reportAtNanos = now + REPORT_NANOS;
      report();
    }
  }

  private StreamNews news(Prequential own) {
    boolean any = Double.isFinite(own.window()) && Double.isFinite(own.overall());
    return new StreamNews(
        spread.newest(),
        spread.version(),
        any ? vigil.site().records() : 0,
        any ? bounded(own.overall()) : 0,
        any ? vigil.site().recentRecords() : 0,
        any ? bounded(own.window()) : 0,
        any ? bounded(own.fading()) : 0,
        drifts,
        spread.learned());
  }

  private static double bounded(double accuracy) {
    return Math.max(StreamNews.ACCURACY_MIN, accuracy);
  }

  private void report() {
    StreamFigures figures =
        new StreamFigures(
            intake.learned(),
            intake.hash(),
            intake.rejected(),
            intake.shed(),
            intake.tested(),
            intake.queued(),
            intake.backlog(),
            intake.replayed(),
            arrivals.perSecond(),
            vigil.site().read(),
            vigil.cluster(spread.news().values()),
            spreading.freshness());
    actions.add(new Action.Tell(new Report.Streamed(config.self(), now, figures)));
  }

  // ---- as the node

  @Override
  public OptionalLong wakeAtNanos() {
    long own = finished || !started ? NEVER : Math.min(openByNanos, active ? newsAtNanos : NEVER);
    long inner = node.wakeAtNanos().orElse(NEVER);
    long next = Math.min(own, inner);
    return next == NEVER ? OptionalLong.empty() : OptionalLong.of(next);
  }

  @Override
  public MemorySegment model() {
    return node.model();
  }

  @Override
  public MemorySegment modelBuffers() {
    return node.modelBuffers();
  }

  @Override
  public boolean isJudged() {
    return node.isJudged();
  }

  @Override
  public Rank rank() {
    return node.rank();
  }

  @Override
  public Optional<BestModel> best() {
    return node.best();
  }

  @Override
  public Checkpoint checkpoint() {
    if (!config.streams()) {
      return node.checkpoint();
    }
    Map<String, String> state = new TreeMap<>();
    vigil.site().save(state);
    state.put("stream.drifts", Integer.toString(drifts));
    return node.checkpoint().with(state);
  }

  @Override
  public void restore(Checkpoint checkpoint) {
    vigil.site().restore(checkpoint.state());
    drifts = (int) checkpoint.number("stream.drifts");
    driftsFollowed = drifts;
    node.restore(checkpoint);
  }
}
