package io.dlion.emulator.network;

import static io.dlion.emulator.network.Scene.SECOND;
import static io.dlion.emulator.network.Scene.w;
import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.Phrase;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Priority;
import io.dlion.emulator.environment.Environment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Random messages over random environments, some of whose links change or are narrow. */
class RandomTrafficTest {
  private static final int MESSAGES = 60;

  /** Bytes are counted whole, which is what rates over a tenth of a second are uncertain by. */
  private static final double WHOLE_BYTES = 200;

  private static Scene scene(SplittableRandom random) {
    StringBuilder yaml = new StringBuilder("lan-mbit: 30\nworkers:\n");
    int workers = random.nextInt(2, 7);
    for (int i = 1; i <= workers; i++) {
      String site = "abc".substring(random.nextInt(3)).substring(0, 1);
      String mbit =
          switch (random.nextInt(5)) {
            case 0 -> "LAN";
            case 1 ->
                Phrase.of(
                    "[{from: 0s, value: %d}, {from: 2s, value: %d}, {from: 5s, value: %d}]",
                    random.nextInt(1, 50), random.nextInt(1, 50), random.nextInt(1, 50));
            case 2 -> "20";
            default -> "" + random.nextInt(1, 50);
          };
      yaml.append(Phrase.of("- {site: %s, cores: 24, mbit: %s}\n", site, mbit));
    }
    if (random.nextBoolean()) {
      yaml.append("links: {w1>w2: 0.8}\n");
    }
    return new Scene(yaml.toString());
  }

  private static List<SlowNetwork.Sent> plan(Environment environment, SplittableRandom random) {
    List<SlowNetwork.Sent> plan = new ArrayList<>();
    int workers = environment.workers().size();
    for (int m = 0; m < MESSAGES; m++) {
      int from = random.nextInt(1, workers + 1);
      int to = 1 + (from + random.nextInt(workers - 1)) % workers;
      String lan = environment.isLan(w(from), w(to)) ? "lan" : "wan";
      plan.add(
          new SlowNetwork.Sent(
              "m" + m,
              random.nextInt(80) / 10.0,
              from + ">" + to,
              random.nextInt(3),
              random.nextInt(1, 2_000_000),
              List.of(lan + " up " + from, lan + " down " + to, from + ">" + to)));
    }
    return plan;
  }

  private static WorkerId from(String link) {
    return new WorkerId("w" + link.substring(0, link.indexOf('>')));
  }

  private static WorkerId to(String link) {
    return new WorkerId("w" + link.substring(link.indexOf('>') + 1));
  }

  private static void send(Scene scene, SlowNetwork.Sent message) {
    scene.at(
        message.at(),
        () ->
            scene.send(
                message.name(),
                from(message.link()),
                to(message.link()),
                (long) message.bytes(),
                Priority.values()[message.urgency()]));
  }

  /** Bytes per second through {@code lan up 3}, {@code wan down 2}, or {@code 1>2}. */
  private static double capacity(Environment environment, String port, double at) {
    if (port.indexOf('>') >= 0) {
      double path = environment.pathBytesPerSecond(from(port), to(port), nanos(at));
      return Math.min(1e12, path);
    }
    return port.startsWith("lan")
        ? environment.lanBytesPerSecond()
        : environment.accessBytesPerSecond(
            new WorkerId("w" + port.substring(port.lastIndexOf(' ') + 1)), nanos(at));
  }

  private static long nanos(double seconds) {
    return Math.round(seconds * SECOND);
  }

  @Test
  void everyMessageLeavesWhenAPlainSimulationSays() {
    for (long seed = 0; seed < 60; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Scene scene = scene(random);
      List<SlowNetwork.Sent> plan = plan(scene.environment, random);
      plan.forEach(m -> send(scene, m));
      scene.runUntil(1000);
      Map<String, Double> expected =
          new SlowNetwork(
                  (port, at) -> capacity(scene.environment, port, at), plan, List.of(2.0, 5.0))
              .run();
      assertThat(scene.left.keySet()).as("seed %d", seed).isEqualTo(expected.keySet());
      assertThat(scene.left.entrySet())
          .as("seed %d", seed)
          .allMatch(e ->
              Math.abs(e.getValue() / 1e9 - expected.getOrDefault(e.getKey(), Double.NaN)) < 1e-6);
      assertThat(scene.delivered).hasSize(MESSAGES);
    }
  }

  @Test
  void theSameMessagesLeaveAtTheSameNanosecondEveryTime() {
    List<Map<String, Long>> outcomes = new ArrayList<>();
    for (int run = 0; run < 2; run++) {
      SplittableRandom random = new SplittableRandom(7);
      Scene scene = scene(random);
      plan(scene.environment, random).forEach(m -> send(scene, m));
      boolean watched = run == 1;
      for (int at = 0; at < 100 && watched; at++) {
        scene.at(at / 10.0, () -> scene.network.goodputBytesPerSecond(w(1), w(2)));
        scene.at(at / 10.0, () -> scene.sent(1, 2));
      }
      scene.runUntil(1000);
      outcomes.add(scene.left);
    }
    assertThat(outcomes.getLast()).hasSize(MESSAGES).isEqualTo(outcomes.getFirst());
  }

  /**
   * Messages are sent and rates change at tenths of a second, so that between these all is still.
   */
  @Test
  void nothingIsOverfullAndNobodyWaitsWithoutNeed() {
    int still = 0;
    for (long seed = 100; seed < 130; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Scene scene = scene(random);
      List<SlowNetwork.Sent> plan = plan(scene.environment, random);
      plan.forEach(m -> send(scene, m));
      for (int tick = 0; tick < 120; tick++) {
        scene.runUntil(tick / 10.0 + 0.001);
        int left = scene.left.size();
        Map<String, Long> before = sent(scene, plan);
        scene.runUntil(tick / 10.0 + 0.099);
        Map<String, Double> rates = rates(before, sent(scene, plan), 0.098);
        mustNotBeOverfull(scene, plan, rates, tick / 10.0);
        if (scene.left.size() == left) {
          mustNotWaitWithoutNeed(scene, plan, rates, tick / 10.0);
          still++;
        }
      }
    }
    assertThat(still).isGreaterThan(1000);
  }

  /** Bytes that have left on every link. */
  private static Map<String, Long> sent(Scene scene, List<SlowNetwork.Sent> plan) {
    Map<String, Long> sent = new HashMap<>();
    for (SlowNetwork.Sent message : plan) {
      sent.put(message.link(), scene.network.bytesSent(from(message.link()), to(message.link())));
    }
    return sent;
  }

  private static Map<String, Double> rates(
      Map<String, Long> before, Map<String, Long> after, double seconds) {
    Map<String, Double> rates = new HashMap<>();
    before.forEach(
        (link, bytes) -> rates.put(link, (after.getOrDefault(link, 0L) - bytes) / seconds));
    return rates;
  }

  /** What passes each port, in bytes per second. */
  private static Map<String, Double> loads(List<SlowNetwork.Sent> plan, Map<String, Double> rates) {
    Map<String, List<String>> passes = new HashMap<>();
    plan.forEach(m -> passes.put(m.link(), m.passes()));
    Map<String, Double> loads = new HashMap<>();
    passes.forEach((link, ports) ->
        ports.forEach(p -> loads.merge(p, rates.getOrDefault(link, 0.0), Double::sum)));
    return loads;
  }

  private static void mustNotBeOverfull(
      Scene scene, List<SlowNetwork.Sent> plan, Map<String, Double> rates, double at) {
    loads(plan, rates)
        .forEach((port, load) ->
            assertThat(load)
                .as(port)
                .isLessThan(capacity(scene.environment, port, at) + WHOLE_BYTES));
  }

  private static void mustNotWaitWithoutNeed(
      Scene scene, List<SlowNetwork.Sent> plan, Map<String, Double> rates, double at) {
    Map<String, Double> loads = loads(plan, rates);
    for (SlowNetwork.Sent message : plan) {
      if (scene.network.queued(from(message.link()), to(message.link())) > 0) {
        assertThat(message.passes())
            .anyMatch(
                p -> loads.getOrDefault(p, 0.0) > capacity(scene.environment, p, at) - WHOLE_BYTES);
      }
    }
  }
}
