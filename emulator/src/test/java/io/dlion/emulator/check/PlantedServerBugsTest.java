package io.dlion.emulator.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.family.Nodes;
import io.dlion.core.node.Node;
import io.dlion.core.node.NodeConfig;
import io.dlion.core.node.Replica;
import io.dlion.core.wire.Buffers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each checker of runs with a server finds the bug it exists for, planted in members that misbehave
 * on purpose.
 */
class PlantedServerBugsTest {
  private static final int SCHEDULES_MAX = 80;
  private static final long FIRST_SEED = 5_000_000;

  /** The first to serve is w1, by setting. */
  private static final String SERVER = "w1";

  private static final String CLIENT = "w2";
  private static final String ALL = "w";

  /** A bug, in whom it is planted, the methods, and what a checker must say of it. */
  record Bug(
      String name,
      String where,
      BiFunction<NodeConfig, Replica, Node> node,
      String finding,
      List<Variant> methods) {
    @Override
    public String toString() {
      return name;
    }

    Node node(NodeConfig config, Replica replica) {
      String self = config.self().name();
      return where.equals(ALL) || where.equals(self)
          ? node.apply(config, replica)
          : Nodes.of(config, replica, Buffers.FRESH);
    }
  }

  private static Bug bug(
      String name,
      String where,
      BiFunction<NodeConfig, Replica, Node> node,
      String finding,
      String... presets) {
    return new Bug(
        name,
        where,
        node,
        finding,
        Stream.of(presets)
            .map(p -> Variant.of(p, "server.name=w1", "server.codec=fp32", "server.trains=true"))
            .toList());
  }

  static List<Bug> bugs() {
    String off = "the model is off by";
    return List.of(
        bug(
            "a commit is applied twice",
            SERVER,
            ServerBugs.AppliesTwice::new,
            off,
            "adsp",
            "bsp",
            "ssp",
            "adacomm",
            "fixed-adacomm",
            "batchtune-bsp",
            "batchtune-ssp"),
        bug("a commit is left out", SERVER, ServerBugs.LeavesCommitOut::new, off, "adsp", "ssp"),
        bug(
            "a commit of the dead is applied",
            SERVER,
            ServerBugs.AppliesCommitsOfTheDead::new,
            off,
            "bsp",
            "adsp"),
        bug(
            "a commit has another weight",
            SERVER,
            ServerBugs.WrongWeight::new,
            off,
            "ssp",
            "batchtune-bsp"),
        bug(
            "a client is answered early",
            SERVER,
            ServerBugs.AnswersEarly::new,
            "which leads by",
            "bsp",
            "ssp",
            "adacomm"),
        bug(
            "an old model is sent",
            SERVER,
            ServerBugs.SendsStale::new,
            "a model that is off by",
            "adsp",
            "bsp"),
        bug("a version goes back", SERVER, ServerBugs.GoesBack::new, "tells of version", "ssp"),
        bug(
            "a client is not answered",
            SERVER,
            ServerBugs.DoesNotAnswer::new,
            "does not answer",
            "bsp",
            "adsp"),
        bug(
            "a client goes on from other weights",
            CLIENT,
            ServerBugs.OtherStart::new,
            "goes on from other weights",
            "bsp",
            "ssp"),
        bug(
            "a commit is not what steps came to",
            CLIENT,
            ServerBugs.OtherCommit::new,
            "a commit is off by",
            "adsp",
            "fixed-adacomm"),
        bug(
            "nobody takes over",
            ALL,
            ServerBugs.NeverMissesAnybody::new,
            "nobody serves for",
            "adsp",
            "bsp"),
        bug("two serve for ever", ALL, ServerBugs.ServesOn::new, "still serves beside", "ssp"),
        bug(
            "a client waits for ever",
            CLIENT,
            ServerBugs.NotAnswered::new,
            "has made no step for",
            "adsp",
            "bsp"),
        bug(
            "the last model is not sent",
            ALL,
            ServerBugs.KeepsLastModel::new,
            "from the run's",
            "ssp",
            "adsp"),
        bug(
            "a client does not end",
            CLIENT,
            ServerBugs.NeverEnds::new,
            "has not ended with the run",
            "bsp"),
        bug(
            "it serves from an old model",
            ALL,
            ServerBugs.ServesFromOld::new,
            "begins to serve from term",
            "ssp"));
  }

  @ParameterizedTest
  @MethodSource("bugs")
  void isFound(Bug bug) {
    for (Variant method : bug.methods()) {
      Draw draw = Draw.any(List.of(method));
      try (CheckRun planted = new CheckRun(bug::node);
          CheckRun sound = new CheckRun()) {
        List<String> found = new ArrayList<>();
        long seed = FIRST_SEED;
        while (found.stream().noneMatch(f -> f.contains(bug.finding()))) {
          assertThat(seed)
              .as("schedules until %s is found with %s; found: %s", bug, method, found)
              .isLessThan(FIRST_SEED + SCHEDULES_MAX);
          found.addAll(planted.run(seed++, draw).findings());
        }
        assertThat(sound.run(seed - 1, draw).findings()).as("without the bug").isEmpty();
      }
    }
  }
}
