package io.dlion.core.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.Layouts;
import io.dlion.core.WorkerId;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.Score;
import io.dlion.core.node.Action;
import io.dlion.core.node.BestModel;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.node.Event;
import io.dlion.core.node.Node;
import io.dlion.core.node.NodeConfig;
import io.dlion.core.node.Priority;
import io.dlion.core.report.Report;
import io.dlion.core.report.StreamFigures.Freshness;
import io.dlion.core.settings.Goal;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.stream.Intake;
import io.dlion.core.stream.Lesson;
import io.dlion.core.wire.Buffers;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.GradientHeader;
import io.dlion.core.wire.GradientSource;
import io.dlion.core.wire.GradientWriter;
import io.dlion.core.wire.HeaderExtension;
import io.dlion.core.wire.MessageType;
import io.dlion.core.wire.Payload;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.StreamNews;
import io.dlion.core.wire.ValueFormat;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Around a node that does what the test says. */
class StreamNodeTest {
  private static final WorkerId W1 = new WorkerId("w1");
  private static final WorkerId W2 = new WorkerId("w2");
  private static final WorkerId W3 = new WorkerId("w3");
  private static final Set<WorkerId> ALL = Set.of(W1, W2, W3);
  private static final ParameterLayout LAYOUT = Layouts.of(8);
  private static final long FINGERPRINT = LAYOUT.fingerprint();
  private static final ExampleShape SHAPE =
      new ExampleShape(List.of(1), ExampleShape.Kind.CLASSIFICATION, 3);
  private static final long SECOND = 1_000_000_000L;

  private final Scripted inner = new Scripted();
  private long nowNanos;
  private long learned;

  /** Answers with the actions that the test has put there. */
  private static final class Scripted implements Node {
    private final List<Event> events = new ArrayList<>();
    private List<Action> next = List.of();

    @Override
    public List<Action> handle(Event event) {
      events.add(event);
      List<Action> actions = next;
      next = List.of();
      return actions;
    }

    @Override
    public OptionalLong wakeAtNanos() {
      return OptionalLong.empty();
    }

    @Override
    public MemorySegment model() {
      return MemorySegment.NULL;
    }

    @Override
    public MemorySegment modelBuffers() {
      return MemorySegment.NULL;
    }

    @Override
    public Optional<BestModel> best() {
      return Optional.empty();
    }

    @Override
    public Checkpoint checkpoint() {
      return new Checkpoint(
          W1, Map.of("iteration", "7"), LAYOUT, model(), Map.of(), LAYOUT, modelBuffers());
    }

    @Override
    public void restore(Checkpoint checkpoint) {}
  }

  /** Values that no message asks for. */
  private record Nothing() implements GradientSource {
    @Override
    public void read(int offset, int count, float[] block) {
      throw new AssertionError();
    }

    @Override
    public void sent(int offset, int count, float[] block) {
      throw new AssertionError();
    }

    @Override
    public void sent(int offset, int[] indices, float[] values, int first, int end) {
      throw new AssertionError();
    }
  }

  private StreamNode node(WorkerId self, boolean streams, String... changes) {
    Settings settings = Presets.find("dlion").settings();
    for (String change : changes) {
      String[] parts = change.split("=", 2);
      settings = settings.with(parts[0], parts[1]);
    }
    NodeConfig config =
        new NodeConfig(
            self, Strategy.of(settings), 1000, 1000, Goal.NONE, 7, false, false, Map.of(), true, 1);
    return StreamNode.around(streams ? config.streaming() : config, SHAPE, FINGERPRINT, c -> inner);
  }

  private List<Action> at(
      StreamNode node, double seconds, java.util.function.LongFunction<Event> e) {
    nowNanos = Math.max(nowNanos, (long) (seconds * SECOND));
    return node.handle(e.apply(nowNanos));
  }

  /** The inner node answers the event with these actions. */
  private List<Action> scripted(
      StreamNode node, double seconds, java.util.function.LongFunction<Event> e, Action... answer) {
    inner.next = List.of(answer);
    return at(node, seconds, e);
  }

  /** A batch of fresh records that arrived just now was learned from. */
  private List<Action> computed(StreamNode node, double seconds, int fresh, double accuracy) {
    nowNanos = Math.max(nowNanos, (long) (seconds * SECOND));
    long[] arrivals = new long[fresh];
    java.util.Arrays.fill(arrivals, nowNanos);
    learned += fresh;
    Intake intake = new Intake(learned, learned, 0, 0, 0, 0, 0, -1, 0);
    Lesson lesson = Lesson.of(arrivals, Score.of(fresh, 1 - accuracy, accuracy), intake);
    return node.handle(new Event.Computed(nowNanos, 0.5, 1000, 0, Optional.of(lesson)));
  }

  private static Payload gradient(long iteration) {
    GradientHeader header =
        new GradientHeader(iteration, 4, 4 * (iteration + 1), 1, 0, HeaderExtension.NONE);
    Selection selection = new Selection(LAYOUT);
    selection.selectNothing();
    return new GradientWriter(ValueFormat.FP32, 1)
        .write(selection, new Nothing(), header, Buffers.FRESH);
  }

  private List<Action> sends(StreamNode node, double seconds, long iteration) {
    Payload message = gradient(iteration);
    return scripted(
        node,
        seconds,
        Event.TimersDue::new,
        new Action.Send(W2, message, Priority.GRADIENT),
        new Action.Send(W3, message, Priority.GRADIENT),
        told(iteration));
  }

  /** The own step of an iteration was taken. */
  private Action told(long iteration) {
    return new Action.Tell(
        new Report.Iteration(W1, nowNanos, iteration, 4, 12, 0.5, 1, 0, 4, 12, 12, 0));
  }

  private static StreamNews news(long number, Map<String, Long> learned, int drifts) {
    return new StreamNews(number, -1, 0, 0, 0, 0, 0, drifts, learned);
  }

  private List<Action> hears(StreamNode node, double seconds, WorkerId from, StreamNews news) {
    return at(node, seconds, now -> new Event.Received(now, from, news.encode(FINGERPRINT)));
  }

  private static <T> List<T> of(Class<T> type, List<Action> actions) {
    return actions.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private static List<Report> reports(List<Action> actions) {
    return of(Action.Tell.class, actions).stream().map(Action.Tell::report).toList();
  }

  private static List<Report.Drifted> drifts(List<Action> actions) {
    return reports(actions).stream()
        .filter(Report.Drifted.class::isInstance)
        .map(Report.Drifted.class::cast)
        .toList();
  }

  private static List<StreamNews> told(List<Action> actions) throws Exception {
    List<StreamNews> told = new ArrayList<>();
    for (Action.Send send : of(Action.Send.class, actions)) {
      if (Frame.isOf(MessageType.STREAM, send.payload())) {
        told.add(StreamNews.parse(send.payload()));
      }
    }
    return told;
  }

  private Freshness freshness(StreamNode node, double seconds) {
    return reports(at(node, seconds, Event.TimersDue::new)).stream()
        .filter(Report.Streamed.class::isInstance)
        .map(r -> ((Report.Streamed) r).figures().freshness())
        .reduce((first, last) -> last)
        .orElseThrow();
  }

  @Test
  void aRecordIsFreshUntilTheNewsOfAllPeersSayThatTheyHaveIt() {
    StreamNode node = node(W1, true);
    List<Action> begun = at(node, 0, now -> new Event.Started(now, ALL));
    assertThat(of(Action.OpenStream.class, begun)).containsExactly(new Action.OpenStream(-1));
    computed(node, 1, 4, 0.5);
    assertThat(of(Action.MarkStream.class, sends(node, 1, 0)))
        .containsExactly(new Action.MarkStream(0));
    assertThat(of(Action.MarkStream.class, sends(node, 1.1, 1))).as("nothing new").isEmpty();

    hears(node, 3, W2, news(-1, Map.of("w1", 1L), 0));
    assertThat(freshness(node, 4).records()).isZero();
    hears(node, 6, W3, news(-1, Map.of("w1", -1L), 0));
    assertThat(freshness(node, 7).records()).isZero();
    hears(node, 9, W3, news(-1, Map.of("w1", 0L), 0));
    Freshness read = freshness(node, 11);
    assertThat(read.records()).isEqualTo(4);
    assertThat(read.p50Seconds()).isEqualTo(8, within(0.8));
  }

  @Test
  void aPeerThatLeavesIsNotWaitedFor() {
    StreamNode node = node(W1, true);
    at(node, 0, now -> new Event.Started(now, ALL));
    computed(node, 1, 4, 0.5);
    sends(node, 1, 0);
    hears(node, 2, W2, news(-1, Map.of("w1", 0L), 0));
    assertThat(freshness(node, 4).records()).isZero();
    at(node, 5, now -> new Event.MembersChanged(now, Set.of(W1, W2)));
    assertThat(freshness(node, 7).records()).isEqualTo(4);
  }

  @Test
  void whatPeersAreToldIsWhoseGradientsTheOwnModelHas() throws Exception {
    StreamNode node = node(W1, true);
    at(node, 0, now -> new Event.Started(now, ALL));
    Payload message = gradient(5);
    at(node, 1, now -> new Event.Received(now, W2, message));
    assertThat(told(at(node, 2, Event.TimersDue::new)).getFirst().learned()).isEmpty();
    List<Action> consumed =
        scripted(node, 3, Event.TimersDue::new, new Action.Consumed(W2, message));
    assertThat(of(Action.Consumed.class, consumed)).hasSize(1);
    List<StreamNews> told = told(at(node, 4, Event.TimersDue::new));
    assertThat(told).hasSize(2);
    assertThat(told.getFirst().learned()).isEqualTo(Map.of("w2", 5L));
  }

  @Test
  void aWorkerThatComesBackOpensItsStreamWhereAPeerHasLearnedFromIt() {
    StreamNode node = node(W1, true);
    List<Action> joined = at(node, 10, now -> new Event.Joined(now, ALL));
    assertThat(of(Action.OpenStream.class, joined)).isEmpty();
    assertThat(of(Action.OpenStream.class, hears(node, 11, W3, news(4, Map.of(), 0)))).isEmpty();
    assertThat(of(Action.OpenStream.class, hears(node, 12, W2, news(9, Map.of("w1", 41L), 0))))
        .containsExactly(new Action.OpenStream(41));
    assertThat(of(Action.OpenStream.class, hears(node, 13, W3, news(9, Map.of("w1", 42L), 0))))
        .as("once")
        .isEmpty();
    assertThat(of(Action.OpenStream.class, at(node, 30, Event.TimersDue::new))).isEmpty();
  }

  @Test
  void whereNoPeerKnowsItsRecordsAStreamIsOpenedBehindAllThatWasMarked() {
    StreamNode node = node(W1, true);
    at(node, 10, now -> new Event.Joined(now, ALL));
    assertThat(of(Action.OpenStream.class, at(node, 14.9, Event.TimersDue::new))).isEmpty();
    assertThat(node.wakeAtNanos().orElseThrow()).isLessThanOrEqualTo(15 * SECOND);
    assertThat(of(Action.OpenStream.class, at(node, 15, Event.TimersDue::new)))
        .containsExactly(new Action.OpenStream(Long.MAX_VALUE));
  }

  /** News of a worker that has predicted so many records, so many of them right. */
  private static StreamNews predicted(long records, double right) {
    double overall = right / records;
    return new StreamNews(0, -1, records, overall, 1000, overall, overall, 0, Map.of());
  }

  /** The cluster predicts well for a while, and badly since. */
  private List<Action> worldChanges(StreamNode node, WorkerId from) {
    List<Action> all = new ArrayList<>();
    double right = 0;
    for (int i = 1; i <= 120; i++) {
      right += i <= 60 ? 95 : 20;
      all.addAll(hears(node, i, from, predicted(i * 100L, right)));
    }
    return all;
  }

  @Test
  void theFirstWorkerFindsAChangeForTheClusterAndTellsTheOthers() throws Exception {
    StreamNode first = node(W1, true);
    at(first, 0, now -> new Event.Started(now, ALL));
    List<Action> seen = worldChanges(first, W2);
    assertThat(drifts(seen)).hasSize(1);
    assertThat(drifts(seen).getFirst().cluster()).isTrue();
    assertThat(drifts(seen).getFirst().errorBefore()).isLessThan(0.2);
    assertThat(drifts(seen).getFirst().errorAfter()).isGreaterThan(0.2);
    assertThat(told(seen).getLast().drifts()).isEqualTo(1);
  }

  @Test
  void anotherWorkerOnlyFollows() {
    StreamNode second = node(W2, true, "drift.seconds=10", "drift.share=0.1", "drift.forget=on");
    at(second, 0, now -> new Event.Started(now, ALL));
    assertThat(drifts(worldChanges(second, W1))).isEmpty();
    assertThat(share(second, 121)).isEqualTo(0.5);
    List<Action> told = hears(second, 122, W1, news(0, Map.of(), 1));
    assertThat(drifts(told)).isEmpty();
    assertThat(of(Action.ForgetStream.class, told)).hasSize(1);
    assertThat(share(second, 123)).isEqualTo(0.1);
    assertThat(of(Action.ForgetStream.class, hears(second, 124, W1, news(0, Map.of(), 1))))
        .as("the same change")
        .isEmpty();
    assertThat(share(second, 133)).isEqualTo(0.5);
  }

  private double share(StreamNode node, double seconds) {
    List<Action> actions =
        scripted(node, seconds, Event.TimersDue::new, new Action.Compute(0, 8, 1, false));
    return of(Action.Compute.class, actions).getFirst().replayShare();
  }

  @Test
  void aSiteThatPredictsWorseThanBeforeReactsByItself() {
    StreamNode node = node(W1, true);
    at(node, 0, now -> new Event.Started(now, Set.of(W1)));
    List<Action> all = new ArrayList<>();
    for (int i = 1; i <= 200; i++) {
      all.addAll(computed(node, i * 0.1, 32, i <= 100 ? 0.9 : 0.2));
    }
    assertThat(drifts(all)).hasSize(1);
    assertThat(drifts(all).getFirst().cluster()).isFalse();
    assertThat(drifts(all).getFirst().atNanos()).isBetween(10 * SECOND, 13 * SECOND);
  }

  @Test
  void whereNobodyLearnsFromAStreamItIsSilent() throws Exception {
    StreamNode node = node(W1, false);
    List<Action> all = new ArrayList<>(at(node, 0, now -> new Event.Started(now, ALL)));
    for (int i = 1; i < 20; i++) {
      all.addAll(sends(node, i, i));
    }
    assertThat(node.wakeAtNanos()).isEmpty();
    assertThat(all).allMatch(a -> a instanceof Action.Tell || a instanceof Action.Send);
    assertThat(told(all)).isEmpty();
    assertThat(node.checkpoint().state()).doesNotContainKey("stream.drifts");

    hears(node, 30, W2, news(0, Map.of(), 0));
    assertThat(told(at(node, 31, Event.TimersDue::new)))
        .as("a peer's freshness needs it")
        .hasSize(2);
    assertThat(reports(at(node, 33, Event.TimersDue::new))).isEmpty();
  }

  @Test
  void malformedNewsAreDroppedAndTold() {
    StreamNode node = node(W1, true);
    at(node, 0, now -> new Event.Started(now, ALL));
    Payload damaged = news(0, Map.of("w1", 3L), 0).encode(FINGERPRINT);
    damaged.bytes()[Frame.BYTES + 3] ^= 64;
    List<Action> actions = at(node, 1, now -> new Event.Received(now, W2, damaged));
    assertThat(of(Action.Consumed.class, actions)).hasSize(1);
    assertThat(reports(actions))
        .anyMatch(r ->
            r instanceof Report.Notice n
                && n.text().contains("dropped stream news from w2")
                && n.severity() == Report.Severity.WARNING);
    List<Action> foreign =
        at(node, 2, now -> new Event.Received(now, W2, news(0, Map.of(), 0).encode(1)));
    assertThat(reports(foreign).toString()).contains("another model");
    assertThat(inner.events).noneMatch(Event.Received.class::isInstance);
  }

  @Test
  void whatWasPredictedGoesOnAfterARestart() {
    StreamNode node = node(W1, true);
    at(node, 0, now -> new Event.Started(now, Set.of(W1)));
    computed(node, 1, 30, 0.9);
    Checkpoint saved = node.checkpoint();
    assertThat(saved.iteration()).isEqualTo(7);
    StreamNode again = node(W1, true);
    again.restore(saved);
    at(again, 2, now -> new Event.Started(now, Set.of(W1)));
    List<Action> actions = computed(again, 4, 10, 0.1);
    Report.Streamed read =
        (Report.Streamed)
            reports(actions).stream().filter(Report.Streamed.class::isInstance).findFirst().get();
    assertThat(read.figures().site().overall()).isEqualTo(28.0 / 40, within(1e-9));
  }
}
