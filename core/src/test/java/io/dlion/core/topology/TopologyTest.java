package io.dlion.core.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.Seeded;
import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TopologyTest {
  private static SortedSet<WorkerId> workers(int... numbers) {
    return Arrays.stream(numbers)
        .mapToObj(k -> new WorkerId("w" + k))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String neighbours(Topology topology, int self, int... members) {
    return topology.neighbours(new WorkerId("w" + self), workers(members), Set.of()).toString();
  }

  @Test
  void aMeshIsOneGroup() {
    assertThat(neighbours(new Mesh(), 2, 1, 2, 3)).isEqualTo("{all=[w1, w3]}");
    assertThat(neighbours(new Mesh(), 2, 2)).isEqualTo("{}");
  }

  @Test
  void aRingIsCutOpenOppositeItsLeastWorker() {
    Topology ring = new SpanningTree(new Ring());
    assertThat(neighbours(ring, 1, 1, 2, 3, 4, 5)).isEqualTo("{w2=[w2], w5=[w5]}");
    assertThat(neighbours(ring, 2, 1, 2, 3, 4, 5)).isEqualTo("{w1=[w1], w3=[w3]}");
    assertThat(neighbours(ring, 3, 1, 2, 3, 4, 5)).isEqualTo("{w2=[w2]}");
    assertThat(neighbours(ring, 4, 1, 2, 3, 4, 5)).isEqualTo("{w5=[w5]}");
    assertThat(neighbours(ring, 4, 4, 9)).isEqualTo("{w9=[w9]}");
    assertThat(neighbours(ring, 4, 4)).isEqualTo("{}");
  }

  @Test
  void anExponentialGraphHasAFlatTree() {
    // w1 is linked to those 1, 2 and 4 places away, w2 to w1, w3, w8, w4 and w6.
    Topology exponential = new SpanningTree(new Exponential());
    int[] eight = {1, 2, 3, 4, 5, 6, 7, 8};
    assertThat(neighbours(exponential, 1, eight))
        .isEqualTo("{w2=[w2], w3=[w3], w5=[w5], w7=[w7], w8=[w8]}");
    assertThat(neighbours(exponential, 2, eight)).isEqualTo("{w1=[w1], w4=[w4], w6=[w6]}");
    assertThat(neighbours(exponential, 6, eight)).isEqualTo("{w2=[w2]}");
  }

  @Test
  void sitesAreMeshesJoinedByTheirLeastWorkers() {
    Map<WorkerId, String> sites = new HashMap<>();
    for (int k = 1; k <= 6; k++) {
      sites.put(new WorkerId("w" + k), k <= 3 ? "a" : "b");
    }
    Topology hierarchical = new Hierarchical(sites);
    assertThat(neighbours(hierarchical, 1, 1, 2, 3, 4, 5, 6))
        .isEqualTo("{gateways=[w4], site=[w2, w3]}");
    assertThat(neighbours(hierarchical, 5, 1, 2, 3, 4, 5, 6)).isEqualTo("{site=[w4, w6]}");
    assertThat(neighbours(hierarchical, 2, 2, 3, 5, 6, 7))
        .as("after w1 and w4 have left, and w7 is at no site")
        .isEqualTo("{gateways=[w5, w7], site=[w3]}");
    assertThat(neighbours(hierarchical, 1, 1, 5)).isEqualTo("{gateways=[w5]}");
    assertThat(neighbours(new Hierarchical(Map.of()), 2, 1, 2)).isEqualTo("{site=[w1]}");
  }

  @Test
  void sitesAreMeshesInATreeForWhichTheirWorkersTakeTurnsToSpeak() {
    Map<WorkerId, String> sites = new HashMap<>();
    for (int k = 1; k <= 8; k++) {
      sites.put(new WorkerId("w" + k), "abcd".substring((k - 1) / 2, (k + 1) / 2));
    }
    Topology tree = new SiteTree(sites);
    int[] eight = {1, 2, 3, 4, 5, 6, 7, 8};
    assertThat(neighbours(tree, 1, eight)).isEqualTo("{site=[w2], site b=[w3]}");
    assertThat(neighbours(tree, 2, eight)).isEqualTo("{site=[w1], site c=[w5]}");
    assertThat(neighbours(tree, 3, eight)).isEqualTo("{site=[w4], site a=[w1]}");
    assertThat(neighbours(tree, 4, eight)).isEqualTo("{site=[w3], site d=[w7]}");
    assertThat(neighbours(tree, 8, eight)).isEqualTo("{site=[w7]}");
    assertThat(neighbours(tree, 2, 2, 3, 5, 9))
        .as("without w1, and w9 is a site by itself")
        .isEqualTo("{site b=[w3], site c=[w5]}");
    assertThat(
            tree.neighbours(
                    new WorkerId("w2"),
                    workers(eight),
                    Set.of(
                        new WorkerPair(new WorkerId("w1"), new WorkerId("w3")),
                        new WorkerPair(new WorkerId("w1"), new WorkerId("w4"))))
                .toString())
        .as("w1 has no line to site b")
        .isEqualTo("{site=[w1], site b=[w3], site c=[w5]}");
  }

  @Test
  void aTreeOfSitesHalvesLinksWhereThereAreEnoughOfThem() {
    Map<WorkerId, String> pairs = new HashMap<>();
    for (int k = 1; k <= 6; k++) {
      pairs.put(new WorkerId("w" + k), "site" + (k - 1) / 2);
    }
    SiteTree ofPairs = new SiteTree(pairs);
    assertThat(ofPairs.halves(workers(1, 2, 3, 4, 5, 6), Set.of())).isTrue();
    assertThat(ofPairs.halves(workers(1, 3, 5), Set.of())).isFalse();
    SiteTree alone = new SiteTree(Map.of());
    assertThat(alone.halves(workers(1, 2, 3), Set.of())).isFalse();
    assertThat(alone.halves(workers(1, 2, 3, 4, 5, 6), Set.of())).isFalse();
    assertThat(alone.halves(workers(1, 2, 3, 4, 5, 6, 7), Set.of())).isTrue();
    assertThat(alone.halves(workers(1), Set.of())).as("nobody to send to").isTrue();
  }

  @Test
  void edgesAreReadAndWhatFallsApartIsHeldTogether() {
    Topology edges = new SpanningTree(Edges.parse(" w1-w2  w2-w3 w4-w5 "));
    assertThat(neighbours(edges, 2, 1, 2, 3, 4, 5)).isEqualTo("{w1=[w1], w3=[w3]}");
    assertThat(neighbours(edges, 1, 1, 2, 3, 4, 5)).isEqualTo("{w2=[w2], w4=[w4]}");
    assertThat(neighbours(edges, 1, 1, 3, 4, 5)).isEqualTo("{w3=[w3], w4=[w4]}");
    for (String bad : new String[] {"w1", "w1-", "-w1", "w1-w1", "w1-w2-w3", "w1-w2,w3"}) {
      assertThatThrownBy(() -> Edges.parse("w1-w2 " + bad + " w3-w4"))
          .isInstanceOf(UserError.class)
          .hasMessageContaining(bad);
    }
    assertThatThrownBy(() -> Edges.parse("")).isInstanceOf(UserError.class);
    assertThatThrownBy(() -> Edges.parse("w1-w2 w3"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("'w3'")
        .hasMessageContaining("w1-w2 w2-w3");
  }

  @Test
  void whateverIsRelayedReachesEverybodyOnce() {
    Seeded.check(
        300,
        random -> {
          SortedSet<WorkerId> members = new TreeSet<>();
          Map<WorkerId, String> sites = new HashMap<>();
          StringBuilder edges = new StringBuilder("w1-w2");
          for (int n = 1 + random.nextInt(20); n > 0; n--) {
            int k = 1 + random.nextInt(30);
            members.add(new WorkerId("w" + k));
            sites.put(new WorkerId("w" + k), "site" + random.nextInt(4));
            edges.append(" w").append(k).append("-w").append(31 + random.nextInt(3));
            edges.append(" w").append(k).append("-w").append(k + 1 + random.nextInt(5));
          }
          Topology topology =
              switch (random.nextInt(6)) {
                case 0 -> new Mesh();
                case 1 -> new SpanningTree(new Ring());
                case 2 -> new SpanningTree(new Exponential());
                case 3 -> new Hierarchical(sites);
                case 4 -> new SiteTree(sites);
                default -> new SpanningTree(Edges.parse(edges.toString()));
              };
          Set<WorkerPair> relayed =
              random.nextBoolean() ? Set.of() : some(members, random.nextDouble(), random);
          for (WorkerId origin : members) {
            Map<WorkerId, Integer> hops = Flood.hops(topology, origin, members, relayed);
            assertThat(hops.keySet()).as("%s from %s", topology, origin).isEqualTo(members);
            int limit =
                topology instanceof Mesh
                    ? 1
                    : topology instanceof Hierarchical && relayed.isEmpty() ? 3 : 19;
            assertThat(hops.values()).allMatch(h -> h <= limit);
          }
        });
  }

  private static Set<WorkerPair> some(
      SortedSet<WorkerId> members, double share, SplittableRandom random) {
    Set<WorkerPair> pairs = new HashSet<>();
    for (WorkerId a : members) {
      for (WorkerId b : members.tailSet(a)) {
        if (!a.equals(b) && random.nextDouble() < share) {
          pairs.add(new WorkerPair(a, b));
        }
      }
    }
    return pairs;
  }

  // ---- pairs without a direct line

  private static Set<WorkerPair> pairs(int... ends) {
    Set<WorkerPair> pairs = new HashSet<>();
    for (int i = 0; i < ends.length; i += 2) {
      pairs.add(new WorkerPair(new WorkerId("w" + ends[i + 1]), new WorkerId("w" + ends[i])));
    }
    return pairs;
  }

  private static String neighbours(
      Topology topology, Set<WorkerPair> relayed, int self, int... members) {
    return topology.neighbours(new WorkerId("w" + self), workers(members), relayed).toString();
  }

  @Test
  void aRingIsCutOpenWhereALineIsMissing() {
    Topology ring = new SpanningTree(new Ring());
    assertThat(neighbours(ring, pairs(2, 3), 1, 1, 2, 3, 4)).isEqualTo("{w2=[w2], w4=[w4]}");
    assertThat(neighbours(ring, pairs(2, 3), 2, 1, 2, 3, 4)).isEqualTo("{w1=[w1]}");
    assertThat(neighbours(ring, pairs(2, 3), 4, 1, 2, 3, 4)).isEqualTo("{w1=[w1], w3=[w3]}");
    assertThat(neighbours(ring, pairs(2, 3, 1, 4, 1, 3), 3, 1, 2, 3, 4))
        .as("in two parts that w2 and w4 can join")
        .isEqualTo("{w4=[w4]}");
    assertThat(neighbours(ring, pairs(2, 3, 1, 4, 1, 3), 2, 1, 2, 3, 4))
        .isEqualTo("{w1=[w1], w4=[w4]}");
    assertThat(neighbours(ring, pairs(1, 2, 8, 9), 2, 1, 2)).isEqualTo("{w1=[w1]}");
  }

  @Test
  void neighboursInTreesAreDirectWhereverThatCanBe() {
    Seeded.check(
        200,
        random -> {
          SortedSet<WorkerId> members = new TreeSet<>();
          for (int k = 1 + random.nextInt(12); k > 0; k--) {
            members.add(new WorkerId("w" + k));
          }
          Set<WorkerPair> relayed = some(members, 0.6 * random.nextDouble(), random);
          WorkerId hub = members.stream().skip(random.nextInt(members.size())).findFirst().get();
          relayed.removeIf(pair -> pair.has(hub)); // whoever reaches all holds the graph together
          Graph graph =
              switch (random.nextInt(3)) {
                case 0 -> new Ring();
                case 1 -> new Exponential();
                default -> Edges.parse("w1-w2 w2-w3 w3-w4 w5-w6 w6-w7 w7-w1");
              };
          for (WorkerId self : members) {
            for (SortedSet<WorkerId> group :
                new SpanningTree(graph).neighbours(self, members, relayed).values()) {
              assertThat(relayed)
                  .as("%s of %s", graph, self)
                  .doesNotContain(new WorkerPair(self, group.first()));
            }
          }
        });
  }

  @Test
  void gatewaysAreThoseThatReachEachOther() {
    Topology sites = Hierarchical.parse("a:w1+w2 b:w3+w4 c:w5");
    int[] five = {1, 2, 3, 4, 5};
    assertThat(neighbours(sites, pairs(1, 3, 1, 4, 2, 3), 2, five))
        .as("only w2 and w4 reach each other")
        .isEqualTo("{gateways=[w4, w5], site=[w1]}");
    assertThat(neighbours(sites, pairs(1, 3, 1, 4, 2, 3), 1, five)).isEqualTo("{site=[w2]}");
  }

  @Test
  void whereSitesDoNotReachEachOtherAGatewayBetweenThemAddsUp() {
    Topology sites = Hierarchical.parse("a:w1+w2 b:w3+w4 c:w5");
    int[] five = {1, 2, 3, 4, 5};
    Set<WorkerPair> apart = pairs(1, 3, 1, 4, 2, 3, 2, 4);
    assertThat(neighbours(sites, apart, 1, five)).isEqualTo("{gateway w5=[w5], site=[w2]}");
    assertThat(neighbours(sites, apart, 5, five)).isEqualTo("{gateway w1=[w1], gateway w3=[w3]}");
  }

  @Test
  void sitesCanBeListed() {
    Hierarchical topology = Hierarchical.parse("a:w1+w2 b:w-3");
    assertThat(topology.sites())
        .isEqualTo(
            Map.of(new WorkerId("w1"), "a", new WorkerId("w2"), "a", new WorkerId("w-3"), "b"));
    for (String bad : new String[] {"", "a", "a:", "a:w1+", "a:w1 b", "a:w1:w2"}) {
      assertThatThrownBy(() -> Hierarchical.parse(bad))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("such as a:w1+w2 b:w3, found '");
    }
    assertThatThrownBy(() -> Hierarchical.parse("a:w1 b:w2+w1"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("found w1 twice");
  }
}
