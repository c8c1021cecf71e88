package io.dlion.emulator.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.node.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A rate is max-min fair exactly if it passes a full port on which nobody has a greater one. */
class MaxMinTest {
  private final List<Port> senders = new ArrayList<>();
  private final List<Port> receivers = new ArrayList<>();
  private final List<Port> own = new ArrayList<>();
  private final MaxMin maxMin = new MaxMin(List.of(senders, receivers, own));
  private final List<Passage> links = new ArrayList<>();

  /** A link, and which ports it passes. */
  private record Passage(Link link, List<Port> ports) {}

  private static Port port(List<Port> side, double bytesPerSecond) {
    Port port = new Port(at -> bytesPerSecond, 0);
    side.add(port);
    return port;
  }

  private void link(Port sender, Port receiver, @Nullable Port its) {
    link(its == null ? List.of(sender, receiver) : List.of(sender, receiver, its));
  }

  private void link(List<Port> passed) {
    Link link = new Link(new Route(List.of(), passed, 0), new Goodput(1));
    link.add(new Message(1, Priority.GRADIENT, () -> {}, () -> {}));
    link.start(0);
    links.add(new Passage(link, passed));
  }

  private void clear() {
    List.of(senders, receivers, own, links).forEach(List::clear);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 6, 20})
  void everyLinkHasAFullPortWhereNobodyHasMore(int workers) {
    for (long seed = 0; seed < 200; seed++) {
      build(workers, new SplittableRandom(seed));
      maxMin.fill(false);
      for (List<Port> side : List.of(senders, receivers, own)) {
        for (Port port : side) {
          assertThat(load(port)).isBetween(0.0, port.capacity() * (1 + 1e-9));
        }
      }
      assertThat(links.stream().filter(l -> !hasBottleneck(l))).as("seed %d", seed).isEmpty();
    }
  }

  private static boolean hasBottleneck(Passage passage) {
    double share = passage.link.share();
    for (Port port : passage.ports) {
      boolean full = load(port) > port.capacity() * (1 - 1e-9);
      if (full && port.links().stream().allMatch(l -> l.share() <= share * (1 + 1e-9))) {
        return true;
      }
    }
    return false;
  }

  private static double load(Port port) {
    return port.links().stream().mapToDouble(Link::share).sum();
  }

  /** Some of the links between workers of many rates or few; some have a limit of their own. */
  private void build(int workers, SplittableRandom random) {
    clear();
    boolean alike = random.nextBoolean();
    for (int i = 0; i < workers; i++) {
      port(senders, alike ? 1e6 * random.nextInt(1, 4) : random.nextDouble(1, 1e8));
      port(receivers, alike ? 1e6 * random.nextInt(1, 4) : random.nextDouble(1, 1e8));
    }
    double density = random.nextDouble();
    for (int i = 0; i < workers; i++) {
      for (int j = 0; j < workers; j++) {
        if (i != j && random.nextDouble() < density) {
          boolean narrow = random.nextInt(5) == 0;
          link(
              senders.get(i),
              receivers.get(j),
              narrow ? port(own, random.nextDouble(1, 1e6)) : null);
        }
      }
    }
  }

  /** A relayed link passes the ports of its ends, and both of each relay. */
  @ParameterizedTest
  @ValueSource(ints = {3, 6, 12})
  void relayedLinksTooHaveAFullPortWhereNobodyHasMore(int workers) {
    for (long seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      build(workers, random);
      for (int n = 1 + random.nextInt(workers); n > 0; n--) {
        List<Integer> stations = new ArrayList<>();
        random
            .ints(0, workers)
            .distinct()
            .limit(Math.min(workers, 3 + random.nextInt(2)))
            .forEach(stations::add);
        List<Port> passed = new ArrayList<>();
        for (int i = 0; i + 1 < stations.size(); i++) {
          passed.add(senders.get(stations.get(i)));
          passed.add(receivers.get(stations.get(i + 1)));
        }
        link(passed);
      }
      maxMin.fill(true);
      for (List<Port> side : List.of(senders, receivers, own)) {
        for (Port port : side) {
          assertThat(load(port)).isBetween(0.0, port.capacity() * (1 + 1e-9));
        }
      }
      assertThat(links.stream().filter(l -> !hasBottleneck(l))).as("seed %d", seed).isEmpty();
    }
  }

  @Test
  void givesEqualLinksExactlyTheSame() {
    double rate = 5e7 / 8 * 0.6144;
    for (int i = 0; i < 64; i++) {
      port(senders, rate);
      port(receivers, rate);
    }
    for (int i = 0; i < 64; i++) {
      for (int j = 0; j < 64; j++) {
        if (i != j) {
          link(senders.get(i), receivers.get(j), null);
        }
      }
    }
    maxMin.fill(false);
    assertThat(links.stream().map(l -> l.link.share()).distinct()).containsExactly(rate / 63);
  }

  @Test
  void forgetsWhatWasBefore() {
    Port wide = port(receivers, 100);
    link(port(senders, 10), wide, null);
    link(port(senders, 200), wide, null);
    maxMin.fill(false);
    assertThat(links.getFirst().link.share()).isEqualTo(10);
    assertThat(links.getLast().link.share()).isEqualTo(90);
    links.getFirst().link.stop(0);
    maxMin.fill(false);
    assertThat(links.getLast().link.share()).isEqualTo(100);
  }
}
