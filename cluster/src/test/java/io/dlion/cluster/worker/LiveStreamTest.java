package io.dlion.cluster.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.learn.Evaluation;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Learner;
import io.dlion.core.node.Action;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.stream.Incoming;
import io.dlion.core.stream.Inflow;
import io.dlion.core.stream.Position;
import io.dlion.core.stream.RecordSink;
import io.dlion.core.stream.StreamRule;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LiveStreamTest {
  private static final ExampleShape SHAPE =
      new ExampleShape(List.of(1), ExampleShape.Kind.CLASSIFICATION, 3);
  private static final int QUEUE = 16;
  private static final long SECONDS_MAX = 30;

  private final List<String> notices = new ArrayList<>();
  private final Remembered journal = new Remembered();
  private final Brought inflow = new Brought();

  /** No examples at all. */
  private record Nothing() implements Examples {
    @Override
    public int count() {
      return 0;
    }

    @Override
    public ExampleShape shape() {
      return SHAPE;
    }

    @Override
    public void copy(int[] rows, int size, MemorySegment inputs, MemorySegment targets) {
      throw new AssertionError("there is nothing");
    }

    @Override
    public int label(int row) {
      throw new AssertionError("there is nothing");
    }
  }

  /** Writes down what it was asked for. */
  private static final class Brought implements Inflow {
    private final List<Position> released = new ArrayList<>();
    private Position from = Position.parse("never=1");

    @Override
    public void start(Position position, RecordSink sink) {
      from = position;
    }

    @Override
    public void release(Position learned) {
      released.add(learned);
    }

    @Override
    public void close() {}
  }

  /** A journal in memory, which may fail. */
  private static final class Remembered implements StreamJournal {
    private final TreeMap<Long, Map<String, String>> marks = new TreeMap<>();
    private boolean fails;
    private int saved;

    @Override
    public void mark(long number, Map<String, String> counters) throws IOException {
      if (fails) {
        throw new IOException("the disk is full");
      }
      marks.put(number, counters);
    }

    @Override
    public Optional<Map<String, String>> find(long number) {
      return Optional.ofNullable(marks.floorEntry(number)).map(Map.Entry::getValue);
    }

    @Override
    public void saved() {
      saved++;
    }

    @Override
    public void clear() {
      marks.clear();
    }
  }

  /** A learner that learns nothing. */
  private static final class Idle implements Learner {
    private final MemorySegment values = MemorySegment.ofArray(new float[16]);
    private int batches;

    @Override
    public ParameterLayout parameters() {
      return new ParameterLayout.Builder().add("v", 16).build();
    }

    @Override
    public ParameterLayout bufferLayout() {
      return new ParameterLayout.Builder().build();
    }

    @Override
    public MemorySegment weights() {
      return values;
    }

    @Override
    public MemorySegment gradient() {
      return values;
    }

    @Override
    public MemorySegment buffers() {
      return values;
    }

    @Override
    public double gradient(Examples examples, int[] rows, int size, long seed) {
      batches++;
      return 0.25;
    }

    @Override
    public Evaluation evaluate(Examples examples) {
      return new Evaluation(examples.count(), 0.5, 0.75);
    }

    @Override
    public void close() {}
  }

  private LiveStream stream(String... changes) {
    Settings settings =
        Presets.find("dlion").settings().with("stream.queue", Integer.toString(QUEUE));
    for (String change : changes) {
      String[] parts = change.split("=", 2);
      settings = settings.with(parts[0], parts[1]);
    }
    return new LiveStream(
        new StreamSpec(inflow, journal, bytes -> MemorySegment.ofArray(new byte[(int) bytes])),
        StreamRule.of(settings),
        new Nothing(),
        5,
        new RunClock(0),
        (severity, text) -> notices.add(severity == Severity.WARNING ? text : severity + text));
  }

  /** Record number {@code n}: its input is n, its class n mod 3, its hash n. */
  private static Incoming record(long n) {
    MemorySegment example = MemorySegment.ofArray(new byte[12]);
    example.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 0, (float) n);
    example.set(ValueLayout.JAVA_LONG_UNALIGNED, 4, n % 3);
    return new Incoming(example, "p", n + 1, 0, n);
  }

  private static void offer(LiveStream stream, long from, long to) throws InterruptedException {
    for (long n = from; n < to; n++) {
      stream.offer(record(n));
    }
  }

  private static LiveStream.Learned learn(LiveStream stream, Learner learner, int samples)
      throws InterruptedException {
    return stream.learn(learner, new Action.Compute(0, samples, 1, false, 0.5), new int[samples]);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time is up").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private interface Task {
    void run() throws InterruptedException;
  }

  /** Runs a task in a thread of its own; the future has the seconds that it took. */
  private static CompletableFuture<Double> timed(Task task, Thread[] thread) {
    CompletableFuture<Double> done = new CompletableFuture<>();
    thread[0] =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                long begun = System.nanoTime();
                task.run();
                done.complete((System.nanoTime() - begun) / 1e9);
              } catch (InterruptedException | RuntimeException | AssertionError e) {
                done.completeExceptionally(e);
              }
            });
    return done;
  }

  private static void awaitWaiting(Thread thread) throws InterruptedException {
    await(() ->
        thread.getState() == Thread.State.WAITING
            || thread.getState() == Thread.State.TIMED_WAITING);
  }

  @Test
  void aSourceWaitsWhileTheQueueIsFullUntilABatchWasLearnedFrom() throws Exception {
    LiveStream stream = stream();
    stream.open(-1);
    offer(stream, 0, QUEUE);
    Thread[] source = new Thread[1];
    CompletableFuture<Double> offered = timed(() -> stream.offer(record(QUEUE)), source);
    awaitWaiting(source[0]);
    LiveStream.Learned batch = learn(stream, new Idle(), 4);
    assertThat(batch.lesson().fresh()).isEqualTo(4);
    assertThat(batch.lesson().score().accuracy()).isEqualTo(0.75);
    assertThat(batch.lesson().intake().queued()).isEqualTo(QUEUE - 4);
    assertThat(offered).as("records of a batch under way keep their places").isNotDone();
    stream.learned();
    offered.get(SECONDS_MAX, TimeUnit.SECONDS);
    assertThat(learn(stream, new Idle(), 1).lesson().intake().arrived()).isEqualTo(QUEUE + 1);
  }

  @Test
  void whereNothingIsThereAStepChangesNothing() throws Exception {
    LiveStream stream = stream();
    Idle learner = new Idle();
    learner.gradient().setAtIndex(ValueLayout.JAVA_FLOAT, 3, 7);
    LiveStream.Learned nothing = learn(stream, learner, 4);
    assertThat(nothing.loss()).isEqualTo(Math.log(3));
    assertThat(nothing.lesson().fresh()).isZero();
    assertThat(learner.gradient().getAtIndex(ValueLayout.JAVA_FLOAT, 3)).isZero();
    assertThat(learner.batches).isZero();
  }

  /** Where the stream stood by the mark of a message. */
  private long marked(long number) {
    Map<String, String> counters = journal.find(number).orElseThrow();
    return Position.parse(counters.getOrDefault("position", "")).offset("p");
  }

  @Test
  void theStreamIsOpenedBehindWhatAPeerHasLearnedFrom() throws Exception {
    LiveStream stream = stream();
    stream.open(-1);
    offer(stream, 0, 12);
    for (int number = 0; number < 3; number++) {
      learn(stream, new Idle(), 4);
      stream.learned();
      stream.mark(number);
    }
    long behindFirst = marked(0);
    long behindSecond = marked(1);
    assertThat(behindFirst).isEqualTo(4);
    assertThat(behindSecond).isBetween(5L, 11L);

    LiveStream again = stream();
    again.open(1);
    assertThat(inflow.from.offset("p")).isEqualTo(behindSecond);
    assertThat(again.state().counters()).isEqualTo(journal.marks.get(1L));

    LiveStream anew = stream();
    anew.open(-1);
    assertThat(journal.marks).isEmpty();
    assertThat(inflow.from).isEqualTo(Position.START);
  }

  @Test
  void whatWasLearnedBeforeTheLastButOneCheckpointIsReleased() throws Exception {
    LiveStream stream = stream();
    stream.open(-1);
    offer(stream, 0, 12);
    for (int i = 0; i < 3; i++) {
      learn(stream, new Idle(), 4);
      stream.learned();
      stream.saved();
    }
    assertThat(journal.saved).isEqualTo(3);
    assertThat(inflow.released).hasSize(3);
    assertThat(inflow.released.get(0)).isEqualTo(Position.START);
    assertThat(inflow.released.get(1).offset("p")).isEqualTo(4);
  }

  @Test
  void aJournalThatCannotBeWrittenIsToldOnce() throws Exception {
    LiveStream stream = stream();
    journal.fails = true;
    stream.mark(0);
    stream.mark(1);
    assertThat(notices).hasSize(1);
    assertThat(notices.getFirst()).contains("journal").contains("the disk is full");
    journal.fails = false;
    stream.mark(2);
    journal.fails = true;
    stream.mark(3);
    assertThat(notices).hasSize(2);
  }

  @Test
  void aRestEndsAfterASecondOrWhenARecordArrives() throws Exception {
    LiveStream stream = stream("stream.idle=rest", "replay.passes=0");
    Thread[] compute = new Thread[1];
    double quiet = timed(() -> stream.awaitRecords(4), compute).get(SECONDS_MAX, TimeUnit.SECONDS);
    assertThat(quiet).isBetween(0.99, SECONDS_MAX * 1.0);

    for (int attempt = 0; ; attempt++) {
      CompletableFuture<Double> rest = timed(() -> stream.awaitRecords(4), compute);
      awaitWaiting(compute[0]);
      stream.offer(record(attempt));
      double seconds = rest.get(SECONDS_MAX, TimeUnit.SECONDS);
      if (seconds < 0.95) {
        break; // a busy machine may need another attempt
      }
      assertThat(attempt).isLessThan(5);
      learn(stream, new Idle(), 1);
      stream.learned();
    }
  }

  @Test
  void whatWasReplayedOftenEnoughIsNotLearnedFromAgainForAWhile() throws Exception {
    LiveStream stream = stream("replay.passes=2");
    offer(stream, 0, 4);
    learn(stream, new Idle(), 4);
    stream.learned();
    Thread[] compute = new Thread[1];
    double worth = timed(() -> stream.awaitRecords(4), compute).get(SECONDS_MAX, TimeUnit.SECONDS);
    learn(stream, new Idle(), 4);
    stream.learned();
    double enough = timed(() -> stream.awaitRecords(4), compute).get(SECONDS_MAX, TimeUnit.SECONDS);
    assertThat(worth).isLessThan(enough);
    assertThat(enough).isGreaterThan(0.99);
  }

  @Test
  void waitsEndWhenTheWorkerStops() throws Exception {
    LiveStream stream = stream("stream.idle=rest");
    Thread[] compute = new Thread[1];
    CompletableFuture<Double> rest = timed(() -> stream.awaitRecords(4), compute);
    stream.stop();
    rest.get(SECONDS_MAX, TimeUnit.SECONDS);
    // From now on nothing waits at all: a hundred rests would be a hundred seconds.
    assertThat(
            timed(
                    () -> {
                      for (int i = 0; i < 100; i++) {
                        stream.awaitRecords(4);
                      }
                    },
                    compute)
                .get(SECONDS_MAX, TimeUnit.SECONDS))
        .isLessThan(20);
  }

  @Test
  void whatIsKeptIsForgottenAtTheNextDraw() throws Exception {
    LiveStream stream = stream();
    offer(stream, 0, 4);
    learn(stream, new Idle(), 4);
    stream.learned();
    assertThat(stream.state().examples()).isEqualTo(4);
    stream.forget();
    assertThat(stream.state().examples()).as("a batch under way may need them").isEqualTo(4);
    Idle learner = new Idle();
    learn(stream, learner, 4);
    stream.learned();
    assertThat(learner.batches).isZero();
    assertThat(stream.state().examples()).isZero();
    assertThat(stream.state().counters()).containsEntry("learned", "4");
  }

  @Test
  void aCheckpointRestoresWhatIsReplayed() throws Exception {
    LiveStream stream = stream();
    offer(stream, 0, 6);
    learn(stream, new Idle(), 6);
    stream.learned();
    LiveStream again = stream();
    again.restore(stream.state());
    again.open(-1);
    assertThat(inflow.from.offset("p")).isEqualTo(6);
    assertThat(again.state().examples()).isEqualTo(6);
    assertThat(again.state().counters()).isEqualTo(stream.state().counters());
  }
}
