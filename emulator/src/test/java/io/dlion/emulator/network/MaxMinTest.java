package io.dlion.emulator.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A rate is max-min fair exactly if it passes a full port on which nobody has a greater one. */
class MaxMinTest {
  private final List<Port> ports = new ArrayList<>();
  private final List<Link> links = new ArrayList<>();

  private Port port(double bytesPerSecond) {
    Port port = new Port(at -> bytesPerSecond, 0);
    ports.add(port);
    return port;
  }

  private void link(Port... passed) {
    Link link = new Link(passed, 0, new Goodput(1));
    links.add(link);
    for (Port port : passed) {
      port.links.add(link);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 6, 20})
  void everyLinkHasAFullPortWhereNobodyHasMore(int workers) {
    MaxMin maxMin = new MaxMin();
    for (long seed = 0; seed < 200; seed++) {
      build(workers, new SplittableRandom(seed));
      maxMin.fill(ports);
      for (Port port : ports) {
        assertThat(load(port)).isBetween(0.0, port.capacity() * (1 + 1e-9));
      }
      List<Link> unfair = links.stream().filter(l -> !hasBottleneck(l)).toList();
      assertThat(unfair).as("seed %d", seed).isEmpty();
    }
  }

  private static boolean hasBottleneck(Link link) {
    for (Port port : link.ports) {
      boolean full = load(port) > port.capacity() * (1 - 1e-9);
      if (full && port.links.stream().allMatch(l -> l.share <= link.share * (1 + 1e-9))) {
        return true;
      }
    }
    return false;
  }

  private static double load(Port port) {
    return port.links.stream().mapToDouble(l -> l.share).sum();
  }

  /**
   * Some of the links between workers whose rates are few or many; some have a limit of their own.
   */
  private void build(int workers, SplittableRandom random) {
    ports.clear();
    links.clear();
    List<Port> up = new ArrayList<>();
    List<Port> down = new ArrayList<>();
    boolean alike = random.nextBoolean();
    for (int i = 0; i < workers; i++) {
      up.add(port(alike ? 1e6 * random.nextInt(1, 4) : random.nextDouble(1, 1e8)));
      down.add(port(alike ? 1e6 * random.nextInt(1, 4) : random.nextDouble(1, 1e8)));
    }
    double density = random.nextDouble();
    for (int i = 0; i < workers; i++) {
      for (int j = 0; j < workers; j++) {
        if (i != j && random.nextDouble() < density) {
          if (random.nextInt(5) == 0) {
            link(up.get(i), down.get(j), port(random.nextDouble(1, 1e6)));
          } else {
            link(up.get(i), down.get(j));
          }
        }
      }
    }
  }

  @Test
  void givesEqualLinksExactlyTheSame() {
    List<Port> up = new ArrayList<>();
    List<Port> down = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      up.add(port(5e7 / 8 * 0.6144));
      down.add(port(5e7 / 8 * 0.6144));
    }
    for (int i = 0; i < 64; i++) {
      for (int j = 0; j < 64; j++) {
        if (i != j) {
          link(up.get(i), down.get(j));
        }
      }
    }
    new MaxMin().fill(ports);
    assertThat(links.stream().map(l -> l.share).distinct()).hasSize(1);
    assertThat(links.getFirst().share).isCloseTo(5e7 / 8 * 0.6144 / 63, within(1e-9));
  }

  @Test
  void forgetsWhatWasBefore() {
    Port narrow = port(10);
    Port wide = port(100);
    link(narrow, wide);
    link(port(30), wide);
    MaxMin maxMin = new MaxMin();
    maxMin.fill(ports);
    assertThat(links.getFirst().share).isEqualTo(10);
    assertThat(links.getLast().share).isEqualTo(30);
    narrow.links.clear();
    wide.links.removeFirst();
    maxMin.fill(ports);
    assertThat(links.getLast().share).isEqualTo(30);
  }
}
