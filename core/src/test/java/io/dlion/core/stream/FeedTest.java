package io.dlion.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.Seeded;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Score;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FeedTest {
  private static final ExampleShape SHAPE =
      new ExampleShape(List.of(1), ExampleShape.Kind.CLASSIFICATION, 3);

  /** Examples whose input is −1 − row. */
  private record Past(int count) implements Examples {
    @Override
    public ExampleShape shape() {
      return SHAPE;
    }

    @Override
    public void copy(int[] rows, int size, MemorySegment inputs, MemorySegment targets) {
      for (int i = 0; i < size; i++) {
        inputs.setAtIndex(ValueLayout.JAVA_FLOAT, i, -1 - rows[i]);
        targets.setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i, 0);
      }
    }

    @Override
    public int label(int row) {
      return 0;
    }
  }

  private static Settings settings(String... changes) {
    Settings settings = Presets.find("dlion").settings();
    for (String change : changes) {
      String[] parts = change.split("=", 2);
      settings = settings.with(parts[0], parts[1]);
    }
    return settings;
  }

  private static Feed feed(int past, String... changes) {
    StreamRule rule = StreamRule.of(settings(changes));
    MemorySegment memory = MemorySegment.ofArray(new byte[(int) Feed.bytes(rule, SHAPE)]);
    return new Feed(rule, new Past(past), memory, 5);
  }

  /** Record number {@code n}: its input is n, its class n mod 3, its hash n. */
  private static Incoming record(long n) {
    MemorySegment example = MemorySegment.ofArray(new byte[12]);
    example.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 0, (float) n);
    example.set(ValueLayout.JAVA_LONG_UNALIGNED, 4, n % 3);
    return new Incoming(example, "p" + n % 2, n / 2 + 1, 10, n);
  }

  private static void offer(Feed feed, long from, long to) {
    for (long n = from; n < to; n++) {
      feed.offer(record(n), 1000 + n);
    }
  }

  private static List<Integer> inputs(Examples examples, int[] rows, int from, int to) {
    MemorySegment inputs = MemorySegment.ofArray(new float[to]);
    MemorySegment targets = MemorySegment.ofArray(new long[to]);
    examples.copy(rows, to, inputs, targets);
    List<Integer> found = new ArrayList<>();
    for (int i = from; i < to; i++) {
      int input = (int) inputs.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      if (input >= 0) {
        assertThat(targets.getAtIndex(ValueLayout.JAVA_LONG, i)).isEqualTo(input % 3);
        assertThat(examples.label(rows[i])).isEqualTo(input % 3);
      }
      found.add(input);
    }
    return found;
  }

  @Test
  void aBatchIsFreshRecordsFirstAndThenWhatWasLearnedBefore() {
    Feed feed = feed(4, "replay.share=0.5");
    offer(feed, 0, 6);
    int[] rows = new int[8];
    assertThat(feed.draw(8, 0.5, 1, rows)).isEqualTo(4);
    assertThat(inputs(feed, rows, 0, 4)).containsExactly(0, 1, 2, 3);
    assertThat(inputs(feed, rows, 4, 8)).allMatch(input -> input < 0);
    Lesson lesson = feed.lesson(Score.of(4, 0.1, 1));
    assertThat(lesson.fresh()).isEqualTo(4);
    assertThat(lesson.arrivalNanos(3)).isEqualTo(1003 - 10);
    assertThat(lesson.intake()).isEqualTo(new Intake(6, 4, 6, 0, 0, 0, 2, -1, 4));
    feed.learned();
    assertThat(feed.intake()).isEqualTo(lesson.intake());
    assertThat(feed.position().toString()).isEqualTo("p0=2;p1=2");
  }

  @Test
  void whereNothingCanBeReplayedABatchIsOfTheFewRecordsThereAre() {
    Feed feed = feed(0);
    assertThat(feed.hasExamples()).isFalse();
    assertThat(feed.draw(4, 0.5, 1, new int[4])).isEqualTo(-1);
    offer(feed, 0, 3);
    int[] rows = new int[7];
    assertThat(feed.draw(7, 0.5, 1, rows)).isEqualTo(3);
    assertThat(inputs(feed, rows, 0, 7)).containsExactly(0, 1, 2, 0, 1, 2, 0);
  }

  @Test
  void replayGivesWayWhereRecordsForSeveralBatchesWait() {
    Feed feed = feed(10, "stream.queue=100");
    offer(feed, 0, 8);
    assertThat(feed.draw(8, 0.5, 1, new int[8])).isEqualTo(4);
    offer(feed, 8, 20);
    assertThat(feed.draw(8, 0.5, 2, new int[8])).isEqualTo(6);
    offer(feed, 20, 60);
    assertThat(feed.draw(8, 0.5, 3, new int[8])).isEqualTo(8);
  }

  @Test
  void aRecordThatWasDrawnIsNotLearnedUntilItIsSaid() {
    Feed feed = feed(0);
    offer(feed, 0, 4);
    feed.draw(2, 0, 1, new int[2]);
    assertThat(feed.counters()).containsEntry("learned", "0").containsEntry("position", "");
    assertThat(feed.intake().arrived()).isEqualTo(4);
    feed.learned();
    assertThat(feed.counters())
        .containsEntry("learned", "2")
        .containsEntry("position", "p0=1;p1=1");
  }

  @Test
  void whateverHappensEachRecordIsLearnedOnceOrCounted() {
    Seeded.check(
        40,
        random -> {
          String shed = List.of("wait", "newest", "oldest", "sample").get(random.nextInt(4));
          Feed feed =
              feed(
                  random.nextInt(3),
                  "stream.queue=16",
                  "replay.size=16",
                  "stream.test=0.2",
                  "stream.shed=" + shed,
                  "replay.balance=" + (random.nextBoolean() ? "classes" : "off"));
          Map<Integer, Integer> learned = new HashMap<>();
          long offered = 0;
          for (int round = 0; round < 300; round++) {
            for (int i = random.nextInt(20); i > 0 && feed.accepts(); i--) {
              feed.offer(record(offered++), offered);
            }
            if (feed.hasExamples()) {
              learnSome(feed, random, learned, round);
            }
            if (random.nextInt(50) == 0) {
              feed.forget();
            }
          }
          Intake intake = feed.intake();
          assertThat(learned.values()).allMatch(times -> times == 1);
          assertThat(intake.learned()).isEqualTo(learned.size());
          assertThat(intake.hash()).isEqualTo(learned.keySet().stream().mapToLong(n -> n).sum());
          assertThat(intake.learned() + intake.tested() + intake.shed() + intake.queued())
              .isEqualTo(offered);
          assertThat(intake.arrived()).isEqualTo(offered);
          assertThat(intake.shed() > 0).isEqualTo(!shed.equals("wait"));
        });
  }

  private static void learnSome(
      Feed feed, SplittableRandom random, Map<Integer, Integer> learned, int round) {
    int[] rows = new int[1 + random.nextInt(12)];
    int fresh = feed.draw(rows.length, 0.5, round, rows);
    if (fresh >= 0) {
      inputs(feed, rows, 0, fresh).forEach(n -> learned.merge(n, 1, Integer::sum));
      inputs(feed, rows, fresh, rows.length)
          .forEach(n -> assertThat(n < 0 || learned.containsKey(n)).isTrue());
    }
    int[] tests = new int[feed.tests().count()];
    for (int i = 0; i < tests.length; i++) {
      tests[i] = i;
    }
    inputs(feed.tests(), tests, 0, tests.length)
        .forEach(n -> assertThat(learned).doesNotContainKey(n));
    feed.learned();
  }

  @Test
  void aRestoredFeedGoesOnAsIfNothingHadHappened() {
    Feed feed = feed(2, "replay.size=16", "stream.test=0.1");
    offer(feed, 0, 100);
    int[] rows = new int[60];
    feed.draw(60, 0, 1, rows);
    feed.learned();
    feed.rejected();
    FeedState state = feed.state();
    feed.draw(10, 0, 2, rows); // is lost

    Feed again = feed(2, "replay.size=16", "stream.test=0.1");
    again.restore(state);
    assertThat(again.state().counters()).isEqualTo(state.counters());
    assertThat(again.state().replay().mismatch(state.replay())).isEqualTo(-1);
    long next = again.position().offset("p0") + again.position().offset("p1");
    offer(again, next, 100);
    again.draw(5, 0, 3, rows);
    assertThat(inputs(again, rows, 0, 1).getFirst()).isGreaterThanOrEqualTo((int) next);
  }

  @Test
  void eachClassHasItsPlaceInABalancedReservoir() {
    Reservoir reservoir = new Reservoir(30, true, 3, 1);
    for (int i = 0; i < 3000; i++) {
      reservoir.offer(i, i % 100 == 0 ? 2 : i % 10 == 0 ? 1 : 0);
    }
    int[] perClass = new int[3];
    for (int i = 0; i < reservoir.count(); i++) {
      int n = reservoir.slot(i);
      perClass[n % 100 == 0 ? 2 : n % 10 == 0 ? 1 : 0]++;
    }
    assertThat(perClass).containsExactly(10, 10, 10);
  }

  @Test
  void eachRecordIsInAPlainReservoirWithTheSameProbability() {
    int[] kept = new int[10];
    for (int seed = 0; seed < 2000; seed++) {
      Reservoir reservoir = new Reservoir(50, false, 3, seed);
      for (int i = 0; i < 500; i++) {
        reservoir.offer(i, i % 3);
      }
      TreeSet<Integer> slots = new TreeSet<>();
      for (int i = 0; i < 50; i++) {
        slots.add(reservoir.slot(i));
        kept[reservoir.slot(i) / 50]++;
      }
      assertThat(slots).hasSize(50);
    }
    for (int decile : kept) {
      assertThat(decile).isBetween(9_700, 10_300); // 10,000 ± 3 standard deviations
    }
  }

  @Test
  void aPositionComesBackAsItWasWritten() {
    Position position = Position.START.after("a=b", 3).after("topic-0", 17);
    assertThat(Position.parse(position.toString())).isEqualTo(position);
    assertThat(Position.parse("").offsets()).isEmpty();
    assertThatThrownBy(() -> Position.parse("nonsense")).hasMessageContaining("partition=offset");
  }
}
