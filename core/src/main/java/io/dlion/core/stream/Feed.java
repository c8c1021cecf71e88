package io.dlion.core.stream;

import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Score;
import io.dlion.core.learn.Seeds;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * What a worker draws its batches from where it learns from a stream: a bounded queue of records
 * that wait, a {@link Reservoir} of those that were learned from, and the examples that training
 * began with. Rows below {@link #count()} are slots of memory, those above are of the examples that
 * training began with.
 *
 * <p>A record goes from source to queue ({@link #offer}), from queue to batch ({@link #draw}), and
 * once the batch was learned from ({@link #learned}) into the reservoir. Only then does the {@link
 * #state} count it: whoever restores an earlier state gets it from the source again.
 *
 * <p>Not thread safe; but examples of a batch, and those to evaluate with, may be read while {@link
 * #offer} is called.
 */
public final class Feed implements Examples {
  /** Nobody waits longer for records, so that peers never wait for a worker without any. */
  public static final long REST_NANOS = 1_000_000_000L;

  private static final int TEST_EXAMPLES = 2000;

  /** Times that an example is worth learning from that training begins with, at least. */
  private static final double PASSES_OF_PAST = 10;

  /** Batches that wait from which replay gives way, and at which nothing is replayed. */
  private static final double CROWDED_FROM = 2;

  private static final double CROWDED_TO = 6;
  private static final String POSITION = "position";
  private static final String OFFERED = "replay-offered";

  private final StreamRule rule;
  private final Examples past;
  private final Slots slots;
  private final int slotCount;
  private final Queue queue;
  private final Reservoir reservoir;
  private final TestSlots tests;
  private final long seed;
  private final Counts counts = new Counts();
  private final Map<String, Long> passing = new TreeMap<>();
  private int[] flight = {};
  private int flying;
  private int flyingReplayed;
  private Position position = Position.START;
  private boolean pastForgotten;

  /**
   * A feed to which nothing has come.
   *
   * @param past examples that training begins with, possibly none
   * @param memory {@link #bytes} long, at least
   */
  public Feed(StreamRule rule, Examples past, MemorySegment memory, long seed) {
    this.rule = rule;
    this.past = past;
    this.seed = seed;
    ExampleShape shape = past.shape();
    slotCount = slots(rule);
    slots = new Slots(memory, slotCount, shape);
    queue = new Queue(rule.queueRecords());
    int classes = shape.kind() == ExampleShape.Kind.CLASSIFICATION ? shape.outputs() : 0;
    reservoir =
        new Reservoir(
            rule.replay().size(), rule.replay().balanced(), classes, Seeds.derive(seed, "replay"));
    tests = new TestSlots(rule.testShare() > 0 ? TEST_EXAMPLES : 0, this);
  }

  private static int slots(StreamRule rule) {
    // Those of a batch under way still have their places in the queue.
    return rule.queueRecords() + rule.replay().size() + (rule.testShare() > 0 ? TEST_EXAMPLES : 0);
  }

  /** The memory that a feed needs, in bytes. */
  public static long bytes(StreamRule rule, ExampleShape shape) {
    return slots(rule) * Slots.bytes(shape);
  }

  // ---- arrivals

  /** Whether a record can be offered: there is room, or the rule sheds. */
  public boolean accepts() {
    return !isFull() || rule.shed() != StreamRule.Shed.WAIT;
  }

  private boolean isFull() {
    return queue.count() + flying >= queue.capacity();
  }

  /**
   * Takes a record.
   *
   * @throws IllegalStateException where it {@linkplain #accepts() cannot}
   */
  public void offer(Incoming arrived, long nowNanos) {
    if (isFull() && !makeRoom()) {
      counts.shed++;
      return;
    }
    long at = nowNanos - arrived.ageNanos();
    int slot = slots.take(arrived.example(), at, arrived.hash());
    queue.add(
        new Queue.Waiting(slot, arrived.partition(), arrived.nextOffset(), isTest(arrived.hash())));
  }

  /** Sheds a record that waits; false if it is the new one that is to be shed. */
  private boolean makeRoom() {
    int victim =
        switch (rule.shed()) {
          case WAIT -> throw new IllegalStateException("the queue is full");
          case NEWEST -> queue.count();
          case OLDEST -> 0;
          case SAMPLE -> {
            long drawn = Seeds.derive(Seeds.derive(seed, "shed"), counts.shed);
            yield (int) Math.floorMod(drawn, queue.count() + 1L);
          }
        };
    if (victim >= queue.count()) {
      return false;
    }
    slots.release(queue.remove(victim).slot());
    counts.shed++;
    return true;
  }

  /** The same record is always for the same use, also after a restart. */
  private boolean isTest(long hash) {
    long drawn = Seeds.derive(hash, "test") >>> 1;
    return drawn < rule.testShare() * Long.MAX_VALUE;
  }

  /** A record was not fit to learn from. */
  public void rejected() {
    counts.rejected++;
  }

  /** What still lies at the source; -1 where it does not know. */
  public void backlog(long records) {
    counts.backlog = records;
  }

  // ---- batches

  /** Whether records wait to be learned from. */
  public boolean hasFresh() {
    return queue.count() > 0;
  }

  /** Whether there is anything to learn from. */
  public boolean hasExamples() {
    return hasFresh() || replayable() > 0;
  }

  /**
   * Whether a batch is worth its computation: enough fresh records wait for it, or what is kept has
   * not been learned from often enough. Without fresh ones it is not where a worker is to rest.
   *
   * @param samples of the batch
   */
  public boolean isWorthwhile(int samples) {
    boolean replays = rule.idle() == StreamRule.Idle.REPLAY && replayable() > 0;
    return (hasFresh() || replays) && isWorthItsPasses(samples);
  }

  private boolean isWorthItsPasses(int samples) {
    double passes = rule.replay().passes();
    if (passes == 0 || queue.count() * passes >= samples) {
      return true;
    }
    double worth =
        passes * counts.learned + Math.max(passes, PASSES_OF_PAST) * (double) past.count();
    return counts.learned + counts.replayed + samples <= worth;
  }

  /** The loss of a guess: of a step where there is nothing to learn from. */
  public double lossOfGuess() {
    return shape().kind() == ExampleShape.Kind.REGRESSION ? 1 : Math.log(shape().outputs());
  }

  private int replayable() {
    return reservoir.count() + (pastForgotten ? 0 : past.count());
  }

  /**
   * Draws a batch: fresh records first, and the rest of what was learned from before. There are
   * fewer fresh ones where not enough wait, and more where those for several batches do or nothing
   * can be replayed. A batch is all of a few fresh records, again and again, where there is nothing
   * else.
   *
   * @param share of the batch to be replayed
   * @param salt makes the draw another one each time; the same salt draws the same
   * @param rows for the numbers of the examples
   * @return how many of them, the first ones, are fresh; -1 where there is nothing to learn from:
   *     all that waited is to evaluate with
   */
  public int draw(int samples, double share, long salt, int[] rows) {
    int replayable = replayable();
    int fresh = takeFresh(replayable == 0 ? samples : quota(samples, share), rows);
    if (fresh + replayable == 0) {
      return -1;
    }
    SplittableRandom random = new SplittableRandom(Seeds.derive(seed, salt));
    for (int i = fresh; i < samples; i++) {
      rows[i] = replayable > 0 ? replay(random.nextInt(replayable)) : rows[i % fresh];
    }
    flyingReplayed = samples - fresh;
    return fresh;
  }

  /** Fresh records of a batch: more than their share where those for several batches wait. */
  private int quota(int samples, double share) {
    double quota = Math.max(1, samples * (1 - share));
    double batches = queue.count() / quota;
    double crowded = Math.clamp((batches - CROWDED_FROM) / (CROWDED_TO - CROWDED_FROM), 0.0, 1.0);
    return Math.clamp(Math.round(quota + (samples - quota) * crowded), 1, samples);
  }

  private int takeFresh(int most, int[] rows) {
    flight = flight.length < most ? new int[most] : flight;
    flying = 0;
    while (flying < most && queue.count() > 0) {
      Queue.Waiting next = queue.remove();
      passing.put(next.partition(), next.nextOffset());
      if (next.test()) {
        tests.put(next.slot()).ifPresent(slots::release);
        counts.flyingTested++;
      } else {
        rows[flying] = next.slot();
        flight[flying++] = next.slot();
      }
    }
    return flying;
  }

  private int replay(int index) {
    return index < reservoir.count()
        ? reservoir.slot(index)
        : slotCount + index - reservoir.count();
  }

  /** What the batch was made of that was drawn last. */
  public Lesson lesson(Score score) {
    long[] arrivals = new long[flying];
    for (int i = 0; i < flying; i++) {
      arrivals[i] = slots.arrivalNanos(flight[i]);
    }
    return Lesson.of(arrivals, score(score), intake(true));
  }

  private Score score(Score score) {
    if (shape().kind() != ExampleShape.Kind.REGRESSION) {
      return score;
    }
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < score.examples(); i++) {
      for (int output = 0; output < shape().outputs(); output++) {
        double target = slots.target(flight[i], output);
        sum += target;
        squares += target * target;
      }
    }
    return score.withTargets(sum, squares);
  }

  /** The batch that was drawn last was learned from. */
  public void learned() {
    for (int i = 0; i < flying; i++) {
      counts.hash += slots.hash(flight[i]);
      int free = reservoir.offer(flight[i], slots.label(flight[i]));
      if (free >= 0) {
        slots.release(free);
      }
    }
    counts.learned += flying;
    counts.replayed += flyingReplayed;
    counts.tested += counts.flyingTested;
    passing.forEach((partition, next) -> position = position.after(partition, next));
    passing.clear();
    flying = 0;
    flyingReplayed = 0;
    counts.flyingTested = 0;
  }

  /** Drops what is kept for replay, and what training began with. */
  public void forget() {
    for (int i = 0; i < reservoir.count(); i++) {
      slots.release(reservoir.slot(i));
    }
    reservoir.clear();
    pastForgotten = true;
  }

  // ---- as examples

  @Override
  public int count() {
    return slotCount + past.count();
  }

  @Override
  public ExampleShape shape() {
    return past.shape();
  }

  @Override
  public int label(int row) {
    return row < slotCount ? slots.label(row) : past.label(row - slotCount);
  }

  @Override
  public void copy(int[] rows, int size, MemorySegment inputs, MemorySegment targets) {
    long inputBytes = (long) shape().inputElements() * shape().inputElementBytes();
    long targetBytes = (long) shape().targetElements() * shape().targetElementBytes();
    int[] one = new int[1];
    for (int i = 0; i < size; i++) {
      if (rows[i] < slotCount) {
        slots.copy(rows[i], i, inputs, targets);
      } else {
        one[0] = rows[i] - slotCount;
        past.copy(
            one,
            1,
            inputs.asSlice(i * inputBytes, inputBytes),
            targets.asSlice(i * targetBytes, targetBytes));
      }
    }
  }

  /** The records that were kept to evaluate with; another number of them after each draw. */
  public Examples tests() {
    return tests;
  }

  // ---- where the stream stands

  /** What has become of the records so far. */
  public Intake intake() {
    return intake(false);
  }

  private Intake intake(boolean withFlight) {
    long learned = counts.learned + (withFlight ? flying : 0);
    long tested = counts.tested + (withFlight ? counts.flyingTested : 0);
    long hash = counts.hash;
    for (int i = 0; withFlight && i < flying; i++) {
      hash += slots.hash(flight[i]);
    }
    long underWay = withFlight ? 0 : flying + counts.flyingTested;
    return new Intake(
        learned + tested + underWay + counts.shed + queue.count(),
        learned,
        hash,
        counts.rejected,
        counts.shed,
        tested,
        queue.count(),
        counts.backlog,
        counts.replayed + (withFlight ? flyingReplayed : 0));
  }

  /** Behind the last record that was learned from. */
  public Position position() {
    return position;
  }

  /** Where the stream stands, without the examples kept for replay: cheap. */
  public Map<String, String> counters() {
    Map<String, String> state = new TreeMap<>();
    counts.save(state);
    state.put(POSITION, position.toString());
    state.put(OFFERED, Long.toString(reservoir.offered()));
    return state;
  }

  /** Where the stream stands, with copies of the examples kept for replay. */
  public FeedState state() {
    long bytes = Slots.bytes(shape());
    MemorySegment replay =
        MemorySegment.ofArray(new byte[Math.toIntExact(reservoir.count() * bytes)]);
    for (int i = 0; i < reservoir.count(); i++) {
      replay.asSlice(i * bytes, bytes).copyFrom(slots.bytes(reservoir.slot(i)));
    }
    return new FeedState(counters(), reservoir.count(), replay);
  }

  /** Goes on from a state; to be called before anything is offered. */
  public void restore(FeedState saved) {
    long bytes = Slots.bytes(shape());
    if (saved.examples() > 0 && saved.exampleBytes() != bytes) {
      throw new IllegalStateException(
          "replayed examples of " + saved.exampleBytes() + " bytes: " + bytes + " expected");
    }
    for (int i = 0; i < Math.min(saved.examples(), rule.replay().size()); i++) {
      int slot = slots.take(saved.replay().asSlice(i * bytes, bytes), 0, 0);
      reservoir.offer(slot, slots.label(slot));
    }
    moveTo(saved.counters());
  }

  /** Goes to where the stream stood by these {@link #counters}; what is replayed stays. */
  public void moveTo(Map<String, String> counters) {
    counts.restore(counters);
    position = Position.parse(counters.getOrDefault(POSITION, ""));
    reservoir.restoreOffered(Long.parseLong(counters.getOrDefault(OFFERED, "0")));
  }

  /** Totals that a restart does not change. */
  private static final class Counts {
    private long learned;
    private long hash;
    private long rejected;
    private long shed;
    private long tested;
    private long flyingTested;
    private long replayed;
    private long backlog = -1;

    void save(Map<String, String> state) {
      state.put("learned", Long.toString(learned));
      state.put("hash", Long.toHexString(hash));
      state.put("rejected", Long.toString(rejected));
      state.put("shed", Long.toString(shed));
      state.put("tested", Long.toString(tested));
      state.put("replayed", Long.toString(replayed));
    }

    void restore(Map<String, String> state) {
      learned = Long.parseLong(state.getOrDefault("learned", "0"));
      hash = Long.parseUnsignedLong(state.getOrDefault("hash", "0"), 16);
      rejected = Long.parseLong(state.getOrDefault("rejected", "0"));
      shed = Long.parseLong(state.getOrDefault("shed", "0"));
      tested = Long.parseLong(state.getOrDefault("tested", "0"));
      replayed = Long.parseLong(state.getOrDefault("replayed", "0"));
    }
  }
}
