package io.dlion.core.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.Seeded;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Checkpoint;
import io.dlion.core.node.Event;
import io.dlion.core.report.Report;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.settings.Goal;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.simulation.Line;
import io.dlion.core.simulation.Simulation;
import io.dlion.core.simulation.Simulation.Worker;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.wire.Control;
import io.dlion.core.wire.Control.Reason;
import io.dlion.core.wire.Frame;
import io.dlion.core.wire.GradientMessage;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.core.wire.MessageType;
import io.dlion.core.wire.Payload;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whole clusters of nodes under a virtual clock. */
class PeerNodeTest {
  private static final Line SMALL = new Line(20, 1);
  private static final Line LARGE = new Line(6000, 1);

  private static Settings preset(String name) {
    return Presets.find(name).settings().with("optimizer.learning-rate", "0.01");
  }

  private static Goal samples(long samples) {
    return new Goal(samples, Long.MAX_VALUE, 2);
  }

  private static void assertAllFinished(Simulation cluster, Reason reason) {
    for (Worker worker : cluster.workers.values()) {
      assertThat(worker.finished)
          .as("%s at %s s", worker.id, cluster.nowNanos() / 1e9)
          .isEqualTo(reason);
      assertThat(worker.unconsumed()).as("payloads kept by %s", worker.id).isZero();
    }
  }

  private static void randomise(Simulation cluster, SplittableRandom random) {
    cluster.latencyNanos = (from, to) -> random.nextLong(30_000_000);
    double[] rates = {1e5, 1e6, 1e8};
    double rate = rates[random.nextInt(3)];
    cluster.bytesPerSecond = (from, to) -> rate;
    for (Worker worker : cluster.workers.values()) {
      worker.betaSeconds = 0.0001 * (1 + random.nextInt(10));
    }
  }

  private static MessageType typeOf(Payload payload, Line line) {
    try {
      return Frame.open(payload, line.layout.fingerprint());
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  // ---- baseline

  @Test
  void baselineReplicasStayIdenticalAndFollowPlainDescentOnTheUnionOfBatches() {
    for (int workers : new int[] {1, 2, 4}) {
      Simulation cluster =
          new Simulation(SMALL, preset("baseline"), workers, samples(50L * 32 * workers));
      randomise(cluster, new SplittableRandom(workers));
      cluster.run(1000);
      assertAllFinished(cluster, Reason.EPOCHS);
      double[] expected = plainDescent(workers, 50);
      for (Worker worker : cluster.workers.values()) {
        assertThat(worker.iterations).isEqualTo(50);
        assertThat(worker.weights).isEqualTo(cluster.worker(1).weights);
        for (int i = 0; i < expected.length; i++) {
          assertThat((double) worker.weights[i]).isCloseTo(expected[i], within(1e-4));
        }
      }
    }
  }

  /** SGD with the defaults' momentum and weight decay, in double precision. */
  private static double[] plainDescent(int workers, int steps) {
    int size = SMALL.layout.size();
    double[] w = new double[size];
    double[] v = new double[size];
    for (int step = 0; step < steps; step++) {
      float[] at = new float[size];
      for (int i = 0; i < size; i++) {
        at[i] = (float) w[i];
      }
      double[] sums = new double[size];
      for (int k = 1; k <= workers; k++) {
        SMALL.addGradients(k, 32L * step, 32, at, sums);
      }
      for (int i = 0; i < size; i++) {
        v[i] = 0.9 * v[i] + sums[i] / (32.0 * workers) + 0.0005 * w[i];
        w[i] -= 0.01 * v[i];
      }
    }
    return w;
  }

  @Test
  void aRunThatIsRestoredEqualsOneThatWasNotInterrupted() {
    for (int workers : new int[] {1, 3}) {
      // A checkpoint every 480 samples, the run ends after 960.
      Settings settings = preset("baseline").with("checkpoint.every", "0.16");
      Simulation whole = new Simulation(SMALL, settings, workers, samples(1920));
      whole.run(1000);
      assertAllFinished(whole, Reason.EPOCHS);
      Simulation again = new Simulation(SMALL, settings, workers, samples(1920));
      for (int k = 1; k <= workers; k++) {
        Checkpoint first = whole.worker(k).saved.getFirst();
        assertThat(first.iteration()).isEqualTo(480 / 32 / workers);
        again.worker(k).node.restore(first);
      }
      again.run(1000);
      assertAllFinished(again, Reason.EPOCHS);
      for (int k = 1; k <= workers; k++) {
        Worker worker = again.worker(k);
        Worker before = whole.worker(k);
        assertThat(worker.weights).isEqualTo(before.weights);
        assertThat(worker.lastIteration().iteration())
            .isEqualTo(before.lastIteration().iteration());
        assertThat(worker.lastIteration().clusterSamples()).isEqualTo(1920);
        Report.Iteration resumed = worker.reports(Report.Iteration.class).getFirst();
        assertThat(resumed.clusterSamples()).as("counts all workers").isGreaterThan(480);
        assertThat(worker.saved).hasSize(before.saved.size() - 1);
      }
    }
  }

  @Test
  void workersRestoredAtDifferentIterationsGoOnTogether() {
    for (String name : List.of("dlion", "baseline")) {
      Settings settings = preset(name).with("checkpoint.every", "0.16");
      Simulation whole = new Simulation(SMALL, settings, 3, samples(9000));
      whole.run(1000);
      Simulation again = new Simulation(SMALL, settings, 3, samples(9000));
      for (int k = 1; k <= 3; k++) {
        again.worker(k).node.restore(whole.worker(k).saved.get(2 * k)); // w1 is far behind w3
      }
      again.run(1000);
      assertAllFinished(again, Reason.EPOCHS);
      for (Worker worker : again.workers.values()) {
        assertThat(worker.notices(Severity.WARNING)).isEmpty();
        assertThat(worker.weights[0]).isCloseTo(-1f, within(0.2f));
      }
    }
  }

  @Test
  void anInterruptedIterationIsDoneAgainAfterARestore() {
    Simulation whole = new Simulation(SMALL, preset("baseline"), 1, samples(640));
    whole.run(1000);
    Simulation stopped = new Simulation(SMALL, preset("baseline"), 1, samples(640));
    stopped.at(0.1, () -> stopped.worker(1).stop(Reason.REQUEST));
    stopped.run(1000);
    assertAllFinished(stopped, Reason.REQUEST);
    Simulation again = new Simulation(SMALL, preset("baseline"), 1, samples(640));
    again.worker(1).node.restore(stopped.worker(1).saved.getLast());
    again.run(1000);
    assertThat(again.worker(1).weights).isEqualTo(whole.worker(1).weights);
    assertThat(again.worker(1).lastIteration().samples()).isEqualTo(640);
  }

  @Test
  void afterAWorkerLeavesTheReplicasOfTheOthersStayIdentical() {
    Seeded.check(
        25,
        random -> {
          Simulation cluster = new Simulation(SMALL, preset("baseline"), 4, samples(8000));
          randomise(cluster, random);
          cluster.at(0.3 + random.nextDouble(), () -> cluster.worker(2).stop(Reason.REQUEST));
          cluster.run(1000);
          for (int k : new int[] {1, 3, 4}) {
            assertThat(cluster.worker(k).finished).isEqualTo(Reason.EPOCHS);
            assertThat(cluster.worker(k).iterations).isEqualTo(cluster.worker(1).iterations);
            assertThat(cluster.worker(k).weights).isEqualTo(cluster.worker(1).weights);
            assertThat(cluster.worker(k).lastIteration().clusterSamples())
                .isEqualTo(cluster.worker(1).lastIteration().clusterSamples());
            assertThat(cluster.worker(k).lastIteration().globalBatchSize()).isEqualTo(96);
          }
        });
  }

  // ---- synchronization

  @Test
  void theStalenessBoundIsNeverBroken() {
    Seeded.check(
        24,
        random -> {
          int bound = new int[] {0, 1, 5}[random.nextInt(3)];
          String name = random.nextBoolean() ? "dlion" : "dlion-paper";
          Settings settings =
              preset(name).with("sync.mode", "bounded").with("sync.bound", Integer.toString(bound));
          Simulation cluster = new Simulation(SMALL, settings, 3, samples(9000));
          randomise(cluster, random);
          cluster.onReceive =
              (worker, from, payload) -> {
                if (typeOf(payload, SMALL) == MessageType.GRADIENT) {
                  worker.newest.merge(from, iterationOf(payload), Math::max);
                }
              };
          cluster.onCompute =
              worker -> {
                for (Worker peer : cluster.workers.values()) {
                  if (peer != worker && peer.finished == null && worker.finished == null) {
                    assertThat(worker.newest.getOrDefault(peer.id, -1L))
                        .as("%s in iteration %d, of %s", worker.id, worker.iterations, peer.id)
                        .isGreaterThanOrEqualTo(worker.iterations - 1 - bound);
                  }
                }
              };
          cluster.run(1000);
          assertAllFinished(cluster, Reason.EPOCHS);
        });
  }

  private static long iterationOf(Payload payload) {
    try {
      return GradientMessage.parse(payload, SMALL.layout).header().iteration();
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyPresetEndsOnAnyNumberOfWorkersWhateverTheLinksDo() {
    Seeded.check(
        60,
        random -> {
          List<Presets.Preset> presets = List.copyOf(Presets.all());
          Presets.Preset preset = presets.get(random.nextInt(presets.size()));
          Settings settings = preset(preset.name()).with("transfer.period", "10");
          if (random.nextInt(3) == 0 && settings.is("gossip.pairs", "off")) {
            settings =
                settings
                    .with("sync.mode", "bounded")
                    .with("sync.bound", Integer.toString(random.nextInt(3)));
          }
          int workers = 1 + random.nextInt(4);
          Simulation cluster =
              new Simulation(SMALL, settings, workers, samples(6000), 3000, random.nextBoolean());
          randomise(cluster, random);
          cluster.run(1000);
          assertAllFinished(cluster, Reason.EPOCHS);
          for (Worker worker : cluster.workers.values()) {
            assertThat(worker.iterations).isPositive();
            assertThat(worker.notices(Severity.WARNING)).isEmpty();
            assertThat(worker.saved).isNotEmpty();
            assertThat(worker.weights[0]).as("%s has learned", preset.name()).isNegative();
          }
        });
  }

  @Test
  void aLongWaitIsSpokenOfAndASilentPeerThatLeavesIsNotWaitedFor() {
    Settings settings = preset("dlion").with("sync.mode", "bounded");
    Simulation cluster = new Simulation(SMALL, settings, 3, samples(9000));
    cluster.at(0.5, () -> cluster.worker(3).alphaSeconds = 1e6); // it hangs
    cluster.at(70, () -> cluster.crash(cluster.worker(3)));
    for (double t = 1; t < 70; t++) {
      // Something happens now and then that does not end the wait.
      Worker first = cluster.worker(1);
      cluster.at(t, () -> first.handle(new Event.LinkMeasured(cluster.nowNanos(), first.id, 1e8)));
    }
    cluster.run(1000);
    for (int k : new int[] {1, 2}) {
      assertThat(cluster.worker(k).finished).isEqualTo(Reason.EPOCHS);
      List<String> waits =
          cluster.worker(k).notices(Severity.INFO).stream()
              .filter(n -> n.startsWith("has waited"))
              .toList();
      assertThat(waits).hasSize(4); // after 5, 10, 20 and 40 s
      assertThat(waits.getFirst()).isEqualTo("has waited 5 s for the gradient of w3");
      assertThat(cluster.worker(k).notices(Severity.WARNING)).contains("lost w3");
    }
  }

  /** It has its member list from the views of its group, and those of two workers may differ. */
  @Test
  void whoTakesAPeerForLostMeetsItAgainThoughThatOneMissedNobody() {
    Seeded.check(
        40,
        random -> {
          List<Presets.Preset> presets =
              Presets.all().stream().filter(p -> p.settings().is("server.method", "none")).toList();
          Presets.Preset preset = presets.get(random.nextInt(presets.size()));
          Simulation cluster = new Simulation(SMALL, preset(preset.name()), 3, samples(30_000));
          randomise(cluster, random);
          Worker second = cluster.worker(2);
          Set<WorkerId> all = Set.copyOf(cluster.workers.keySet());
          Set<WorkerId> without = Set.of(cluster.worker(1).id, second.id);
          double lost =
              1e-6 + random.nextInt(2) * 0.5 * random.nextDouble(); // perhaps before the first step
          cluster.at(
              lost, () -> second.handle(new Event.MembersChanged(cluster.nowNanos(), without)));
          cluster.at(
              lost + 0.2 * random.nextDouble(),
              () -> second.handle(new Event.MembersChanged(cluster.nowNanos(), all)));
          cluster.run(1000);
          assertAllFinished(cluster, Reason.EPOCHS);
          Report.Iteration last = second.lastIteration();
          Report.Iteration others = cluster.worker(1).lastIteration();
          assertThat(last.globalBatchSize()).as(preset.name()).isEqualTo(others.globalBatchSize());
          assertThat(second.notices(Severity.INFO))
              .as(preset.name())
              .anyMatch(n -> n.startsWith("w3 takes part, at iteration "));
        });
  }

  // ---- batching, exchange, transfer

  @Test
  void adaptiveBatchesFollowSpeeds() {
    Settings settings =
        preset("dlion").with("batching.growth", "off").with("batching.initial", "32");
    Simulation cluster = new Simulation(SMALL, settings, 3, samples(20_000));
    for (int k = 1; k <= 3; k++) {
      cluster.worker(k).alphaSeconds = 0;
      cluster.worker(k).betaSeconds = 0.001 * (1 << (k - 1));
    }
    cluster.at(1, () -> cluster.worker(1).betaSeconds = 0.004); // now 1/4 : 1/2 : 1/4
    cluster.run(0.9);
    assertThat(batches(cluster)).containsExactly(55, 27, 14); // 4 : 2 : 1 of 96
    cluster.run(1000);
    assertAllFinished(cluster, Reason.EPOCHS);
    assertThat(batches(cluster)).containsExactly(24, 48, 24);
  }

  @Test
  void whereWorkersWaitEveryHeaderIsQueued() {
    for (String method : List.of("none", "full")) {
      Settings waits = preset("local").with("exchange.method", method).with("sync.mode", "bounded");
      assertThat(Strategy.of(waits).synchronization().needsEveryGradient()).isTrue();
      Settings runs = waits.with("sync.mode", "asynchronous");
      assertThat(Strategy.of(runs).synchronization().needsEveryGradient()).isFalse();
    }
  }

  private static List<Integer> batches(Simulation cluster) {
    return cluster.workers.values().stream().map(w -> w.lastIteration().batchSize()).toList();
  }

  @Test
  void aSlowLinkGetsSmallerMessages() {
    Settings settings =
        preset("dlion").with("batching.initial", "32").with("exchange.values", "fp32");
    Simulation cluster = new Simulation(LARGE, settings, 3, samples(3000));
    WorkerId w3 = new WorkerId("w3");
    cluster.bytesPerSecond = (from, to) -> to.equals(w3) ? 5e4 : 1e7;
    cluster.workers.values().forEach(w -> w.betaSeconds = 0.002);
    cluster.run(1000);
    assertAllFinished(cluster, Reason.EPOCHS);
    for (int k : new int[] {1, 2}) {
      for (Report.Sent sent : cluster.worker(k).reports(Report.Sent.class)) {
        if (sent.peer().equals(w3)) {
          assertThat(sent.n()).isLessThan(100);
          assertThat(sent.bytes()).isLessThanOrEqualTo(Math.max(500, sent.budgetBytes()));
        } else {
          assertThat(sent.n()).isEqualTo(100);
          assertThat(sent.bytes()).isGreaterThan(24_000);
        }
      }
    }
  }

  @Test
  void aLocalWorkerLearnsAsIfItWereAlone() {
    Settings settings =
        preset("local")
            .with("batching.initial", "8")
            .with("sync.mode", "bounded") // so that all of them come as far
            .with("sync.bound", "0");
    Simulation three = new Simulation(SMALL, settings, 3, samples(2400));
    Simulation one = new Simulation(SMALL, settings, 1, samples(800));
    three.run(1000);
    one.run(1000);
    assertThat(three.worker(1).iterations).isEqualTo(one.worker(1).iterations);
    assertThat(three.worker(1).weights).isEqualTo(one.worker(1).weights);
  }

  @Test
  void localWorkersSendNothingButHeaders() {
    Simulation cluster = new Simulation(LARGE, preset("local"), 3, samples(3000));
    cluster.run(1000);
    assertAllFinished(cluster, Reason.EPOCHS);
    for (Worker worker : cluster.workers.values()) {
      assertThat(worker.reports(Report.Sent.class))
          .isNotEmpty()
          .allMatch(s -> s.share() == 0 && s.bytes() < 64);
      assertThat(worker.reports(Report.Transfer.class)).isEmpty();
    }
    assertThat(cluster.worker(1).weights).isNotEqualTo(cluster.worker(2).weights);
  }

  @Test
  void knowledgeComesFromTheBestWorker() {
    Settings settings = preset("dlion-paper").with("transfer.period", "20");
    Simulation cluster = new Simulation(SMALL, settings, 3, samples(30_000));
    cluster.run(1000);
    assertAllFinished(cluster, Reason.EPOCHS);
    List<Report.Transfer> transfers =
        cluster.workers.values().stream()
            .flatMap(w -> w.reports(Report.Transfer.class).stream())
            .toList();
    assertThat(transfers).isNotEmpty().allMatch(t -> !t.worker().equals(t.from()));
    assertThat(transfers).anyMatch(t -> t.outcome().equals("merged") && t.lambda() == 0.75);
  }

  @Test
  void weightsThatArriveAfterTheirSenderLeftAreConsumed() {
    Seeded.check(
        20,
        random -> {
          Settings settings = preset("dlion-paper").with("transfer.period", "5");
          Simulation cluster = new Simulation(SMALL, settings, 3, samples(20_000));
          randomise(cluster, random);
          cluster.tamper =
              (from, to, payload) ->
                  typeOf(payload, SMALL) == MessageType.WEIGHTS
                      ? List.of(payload, payload) // twice: the second was not asked for
                      : List.of(payload);
          cluster.at(0.5 + random.nextDouble(), () -> cluster.worker(1).stop(Reason.REQUEST));
          cluster.at(1.5 + random.nextDouble(), () -> cluster.crash(cluster.worker(2)));
          cluster.run(1000);
          assertThat(cluster.worker(3).finished).isEqualTo(Reason.EPOCHS);
          assertThat(cluster.worker(3).unconsumed()).isZero();
          assertThat(cluster.worker(1).unconsumed()).isZero();
        });
  }

  @Test
  void weightsThatComeAgainAreNotKeptAgain() {
    Settings settings = preset("dlion-paper").with("transfer.period", "5");
    Simulation cluster = new Simulation(SMALL, settings, 3, samples(20_000));
    int[] most = {0};
    cluster.tamper =
        (from, to, payload) ->
            typeOf(payload, SMALL) == MessageType.WEIGHTS
                ? List.of(payload, payload, payload, payload)
                : List.of(payload);
    cluster.onReceive =
        (worker, from, payload) -> {
          if (typeOf(payload, SMALL) == MessageType.WEIGHTS) {
            most[0] = Math.max(most[0], worker.unconsumed(payload));
          }
        };
    cluster.run(1000);
    assertAllFinished(cluster, Reason.EPOCHS);
    assertThat(most[0]).as("copies kept, the one that comes included").isBetween(1, 2);
  }

  // ---- what goes wrong

  @Test
  void aLossThatIsNotFiniteDoesNotSpread() {
    for (String name : List.of("baseline", "dlion", "dlion-paper")) {
      Simulation cluster = new Simulation(SMALL, preset(name), 3, samples(9000));
      cluster.worker(2).notFiniteFrom = 30;
      cluster.run(1000);
      Worker bad = cluster.worker(2);
      assertThat(bad.finished).as(name).isEqualTo(Reason.DIVERGED);
      assertThat(bad.gradients).isEqualTo(33);
      assertThat(bad.notices(Severity.ERROR)).singleElement().asString().contains("learning-rate");
      assertThat(bad.notices(Severity.WARNING)).hasSize(2);
      for (int k : new int[] {1, 3}) {
        Worker worker = cluster.worker(k);
        assertThat(worker.finished).isEqualTo(Reason.EPOCHS);
        assertThat(worker.notices(Severity.WARNING))
            .singleElement()
            .isEqualTo("w2 takes part no longer (diverged)");
        for (float w : worker.weights) {
          assertThat(w).isFinite();
        }
        assertThat(worker.weights[0]).isCloseTo(-1f, within(0.2f));
        assertThat(worker.unconsumed()).isZero();
      }
    }
  }

  @Test
  void aBadBatchNowAndThenIsLeftOut() {
    Simulation cluster = new Simulation(SMALL, preset("baseline"), 2, samples(3200));
    cluster.worker(2).notFiniteFrom = 10;
    cluster.at(
        10,
        () -> {
          throw new AssertionError("not reached");
        });
    cluster.onCompute =
        w -> {
          if (w.gradients == 12) {
            w.notFiniteFrom = Long.MAX_VALUE; // after two bad batches
          }
        };
    cluster.run(9);
    assertAllFinished(cluster, Reason.EPOCHS);
    assertThat(cluster.worker(2).iterations).isEqualTo(50);
    assertThat(cluster.worker(2).gradients).isEqualTo(52);
  }

  @Test
  void damagedAndRepeatedMessagesAreRefusedAndSpokenOf() {
    Simulation clean = new Simulation(SMALL, preset("baseline"), 2, samples(3200));
    clean.run(1000);
    Simulation cluster = new Simulation(SMALL, preset("baseline"), 2, samples(3200));
    cluster.tamper =
        (from, to, payload) -> {
          byte[] damaged = payload.bytes().clone();
          damaged[payload.length() / 2] ^= 1;
          Payload empty = new Payload(new byte[0], 0);
          return List.of(new Payload(damaged, payload.length()), empty, payload, payload);
        };
    cluster.run(1000);
    assertAllFinished(cluster, Reason.EPOCHS);
    assertThat(cluster.worker(1).weights).isEqualTo(clean.worker(1).weights);
    List<String> notices = cluster.worker(1).notices(Severity.WARNING);
    assertThat(notices).hasSizeBetween(6, 9); // the 1st, 2nd, 4th … of about 150
    assertThat(notices.getFirst()).startsWith("dropped a message from w2: ").endsWith("(1 so far)");
  }

  @Test
  void aGlobalBatchOfMoreThanAllSamplesIsRefused() {
    Simulation cluster = new Simulation(SMALL, preset("dlion"), 2, samples(9000));
    Payload absurd =
        Control.encode(new Control.GlobalBatch(1, Integer.MAX_VALUE), SMALL.layout.fingerprint());
    cluster.at(0.2, () -> cluster.worker(1).receive(new WorkerId("w2"), absurd));
    cluster.run(1000);
    assertAllFinished(cluster, Reason.EPOCHS);
    assertThat(cluster.worker(1).reports(Report.Iteration.class))
        .allMatch(i -> i.globalBatchSize() <= 300);
    assertThat(cluster.worker(1).notices(Severity.WARNING))
        .singleElement()
        .asString()
        .contains("more than there are");
  }

  // ---- goals

  @Test
  void theTimeEndsARunForAll() {
    for (Presets.Preset preset : Presets.all()) {
      Goal goal = new Goal(Long.MAX_VALUE, 2_000_000_000L, 2);
      Simulation cluster = new Simulation(SMALL, preset(preset.name()), 3, goal, 3000, true);
      cluster.run(1000);
      assertAllFinished(cluster, Reason.TIME);
      for (Worker worker : cluster.workers.values()) {
        // What is under way when the time is over is not applied: in `diloco` a round of 20 steps.
        assertThat(worker.lastIteration().atNanos()).isBetween(1_500_000_000L, 2_200_000_000L);
        assertThat(worker.reports(Report.Evaluated.class)).isNotEmpty();
      }
    }
  }

  @Test
  void theTargetEndsARunForAll() {
    Goal goal = new Goal(Long.MAX_VALUE, Long.MAX_VALUE, 0.9);
    Settings settings = preset("dlion").with("evaluate.every", "0.1");
    Simulation cluster = new Simulation(SMALL, settings, 3, goal, 3000, true);
    cluster.run(1000);
    assertAllFinished(cluster, Reason.TARGET);
    double sum = 0;
    for (Worker worker : cluster.workers.values()) {
      sum += worker.reports(Report.Evaluated.class).getLast().accuracy();
    }
    assertThat(sum / 3).isGreaterThan(0.89);
  }

  @Test
  void anEvaluationDueInTheStepOfACheckpointIsMadeUpForAfterARestore() {
    Settings settings =
        preset("baseline").with("checkpoint.every", "0.16").with("evaluate.every", "0.16");
    Simulation whole = new Simulation(SMALL, settings, 1, samples(960), 3000, true);
    whole.run(1000);
    Checkpoint first = whole.worker(1).saved.getFirst();
    Simulation again = new Simulation(SMALL, settings, 1, samples(960), 3000, true);
    again.worker(1).node.restore(first);
    again.run(1000);
    Report.Evaluated evaluated = again.worker(1).reports(Report.Evaluated.class).getFirst();
    assertThat(evaluated.iteration()).isEqualTo(first.iteration());
    assertThat(again.worker(1).reports(Report.Evaluated.class))
        .hasSameSizeAs(whole.worker(1).reports(Report.Evaluated.class));
  }

  @Test
  void whatIsSavedLastIsWhatWasEvaluatedLast() {
    Seeded.check(
        20,
        random -> {
          Settings settings = preset("dlion-paper").with("transfer.period", "5");
          Simulation cluster = new Simulation(SMALL, settings, 3, samples(6000), 3000, true);
          randomise(cluster, random);
          cluster.run(1000);
          assertAllFinished(cluster, Reason.EPOCHS);
          for (Worker worker : cluster.workers.values()) {
            Report.Evaluated last = worker.reports(Report.Evaluated.class).getLast();
            assertThat(SMALL.evaluate(worker.weights).loss()).isEqualTo(last.loss());
          }
        });
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    float[][] weights = new float[2][];
    for (int i = 0; i < 2; i++) {
      Settings settings = preset("dlion").with("exchange.values", "int8");
      Simulation cluster = new Simulation(LARGE, settings, 3, samples(3000));
      cluster.bytesPerSecond = (from, to) -> 1e5;
      cluster.run(1000);
      assertAllFinished(cluster, Reason.EPOCHS);
      weights[i] = cluster.worker(2).weights;
    }
    assertThat(weights[0]).isEqualTo(weights[1]);
  }
}
