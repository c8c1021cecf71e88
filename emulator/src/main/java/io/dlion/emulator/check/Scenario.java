package io.dlion.emulator.check;

import io.dlion.core.Phrase;
import io.dlion.core.WorkerId;
import io.dlion.core.gossip.Pairing;
import io.dlion.core.node.NodeConfig;
import io.dlion.core.settings.Goal;
import io.dlion.core.settings.Settings;
import io.dlion.core.strategy.LocalSteps;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.topology.Topology;
import io.dlion.core.transfer.KnowledgeTransfer.Scope;
import io.dlion.emulator.check.server.Circumstances;
import io.dlion.emulator.check.witness.Findings;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.Environments;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Everything about one checked run: workers, links, a preset with its times shortened, and a plan
 * of faults. The same seed gives the same.
 *
 * @param seed it was drawn from
 * @param variant the method
 * @param settings the method's, but for what has to happen often in a short run
 * @param strategy what these come to
 * @param text the environment's file
 * @param environment what that describes
 * @param plan what goes wrong
 * @param iterationSeconds more than an iteration takes the slowest worker when all is well, whole
 *     gradients to everybody included
 * @param withoutData who has no examples, if anybody: only where there is a server
 * @param goal when the run is over, if before its time: only where there is a server
 */
record Scenario(
    long seed,
    Variant variant,
    Settings settings,
    Strategy strategy,
    String text,
    Environment environment,
    FaultPlan plan,
    double iterationSeconds,
    Optional<WorkerId> withoutData,
    Goal goal) {
  static final int PARAMETERS = 1_000;
  private static final int WORKERS_MAX = 8;
  private static final int BATCH = 8;
  private static final long MILLIS = 1_000_000;
  private static final int SHARD = 400;
  private static final int STEPS = 3;

  /** So that what is drawn only where there is a server changes nothing of the rest. */
  private static final long OF_SERVERS = 0x5e7e_5e7e_5e7eL;

  /** So that what is drawn of paths changes nothing of the rest. */
  private static final long OF_PATHS = 0x9a75_9a75_9a75L;

  private static final double ALPHA_SECONDS = 0.02;
  private static final double BETA_SECONDS = 0.02;
  private static final List<Integer> CORES = List.of(24, 24, 12, 6);
  private static final List<Double> MBIT = List.of(8.0, 4.0, 2.0, 0.8);
  private static final List<String> OTHER_TOPOLOGIES =
      List.of("ring", "exponential", "hierarchical", "edges");

  /** Draws a scenario. */
  static Scenario of(long seed, Draw draw) {
    SplittableRandom random = new SplittableRandom(seed);
    // However many methods there are, that takes one number: the schedule does not depend on them.
    Variant variant = draw.variants().get(Math.floorMod(random.nextInt(), draw.variants().size()));
    Settings settings = variant.settings();
    List<WorkerId> workers = new ArrayList<>();
    Map<WorkerId, Double> mbit = new LinkedHashMap<>();
    StringBuilder text = new StringBuilder("workers:\n");
    int count = 2 + random.nextInt(WORKERS_MAX - 1);
    double slowest = 0;
    double stepsPerSecond = 0;
    double thinnest = Double.MAX_VALUE;
    for (int k = 1; k <= count; k++) {
      WorkerId id = new WorkerId("w" + k);
      int cores = CORES.get(random.nextInt(CORES.size()));
      double rate = MBIT.get(random.nextInt(MBIT.size()));
      double slowness = Math.pow(24.0 / cores, 0.9);
      slowest = Math.max(slowest, slowness);
      stepsPerSecond += 1 / (slowness * (ALPHA_SECONDS + BETA_SECONDS * BATCH));
      thinnest = Math.min(thinnest, rate);
      workers.add(id);
      mbit.put(id, rate);
      text.append(Phrase.of("  - {name: %s, cores: %d, mbit: %s}\n", id, cores, rate));
    }
    boolean serves = !settings.is("server.method", "none");
    SplittableRandom ofServers = new SplittableRandom(seed ^ OF_SERVERS);
    FaultPlan anyway = FaultPlan.draw(random, workers, w -> mbit.getOrDefault(w, 0.0));
    FaultPlan aimed = serves ? anyway.aimed(ofServers, workers) : anyway;
    FaultPlan plan =
        draw.hasPaths() ? aimed.withPaths(new SplittableRandom(seed ^ OF_PATHS), workers) : aimed;
    append(text, "links:", plan.all(Fault.SlowLink.class).toList(), "  %s");
    append(text, "events:", plan.faults().stream().filter(Fault::isEvent).toList(), "  - %s");
    text.append(
        Phrase.of(
            "real-bandwidth: true\ncalibration: {alpha-seconds: %s, beta-seconds: %s}\n",
            ALPHA_SECONDS, BETA_SECONDS));
    double compute =
        slowest
            * (ALPHA_SECONDS + BETA_SECONDS * 2 * BATCH)
            * (settings.integer("local.steps") > 0 ? STEPS : 1);
    int most = count + 2 * plan.unreachable().size(); // where one relays for all of them
    double send = most * 4.2 * PARAMETERS / (thinnest * 1e6 / 8);
    Settings drawn =
        serves
            ? DrawnServer.settings(ofServers, variant, workers)
            : linked(shortened(settings, seed, random), workers, draw.topology(), random);
    return new Scenario(
        seed,
        variant,
        drawn,
        Strategy.of(drawn),
        text.toString(),
        Environments.parse("check", text.toString()),
        plan,
        compute + send,
        serves ? DrawnServer.withoutData(ofServers, workers) : Optional.empty(),
        serves ? DrawnServer.goal(ofServers, BATCH * stepsPerSecond) : Goal.NONE);
  }

  private static void append(
      StringBuilder text, String title, List<? extends Fault> faults, String line) {
    if (!faults.isEmpty()) {
      text.append(title)
          .append('\n')
          .append(faults.stream().map(line::formatted).collect(Collectors.joining("\n")))
          .append('\n');
    }
  }

  /** Rounds of transfer, adjustments of B and checkpoints come every few iterations. */
  private static Settings shortened(Settings settings, long seed, SplittableRandom random) {
    Map<String, String> changes = new LinkedHashMap<>();
    // Where outer momentum is less, so is what comes of a local step.
    boolean plain = settings.integer("local.steps") > 0 && settings.number("outer.momentum") == 0;
    String pairs = settings.is("gossip.pairs", "on") ? "0.04" : "0.01";
    changes.put("optimizer.learning-rate", plain ? "0.05" : pairs);
    if (seed % 2 == 0 || !settings.isAuto("batching.initial")) {
      changes.put("batching.initial", Integer.toString(BATCH));
    }
    changes.put("batching.profile-steps", "1");
    changes.put("batching.period", "0.05");
    changes.put("batching.speed-up-until", "0.05");
    changes.put("batching.warm-up-until", "0.03");
    changes.put("transfer.period", Integer.toString(5 + random.nextInt(10)));
    changes.put("transfer.window", "5");
    changes.put("checkpoint.every", "0.1");
    if (settings.integer("local.steps") > 0) {
      changes.put("local.steps", Integer.toString(STEPS));
      int steps = STEPS / settings.smallInteger("local.fragments");
      changes.put("local.overlap", Integer.toString(Math.min(random.nextInt(STEPS), steps - 1)));
      changes.put("local.mixing", "0"); // all take over the same, and stay equal
      changes.put("optimizer.momentum", "0"); // three steps are too few for its memory
    }
    if (settings.integer("sync.bound") > 0) {
      changes.put("sync.bound", Integer.toString(1 + random.nextInt(5)));
    }
    return settings.with(changes);
  }

  /** Sites have two workers. */
  private static Settings linked(
      Settings settings,
      List<WorkerId> workers,
      Optional<String> topology,
      SplittableRandom random) {
    String kind = topology.orElseGet(() -> topology(settings, random));
    StringBuilder sites = new StringBuilder();
    StringBuilder chain = new StringBuilder();
    for (int k = 0; k < workers.size(); k++) {
      sites.append(k % 2 == 1 ? "+" : k == 0 ? "s0:" : " s" + k + ":").append(workers.get(k));
      chain.append(k == 0 ? "" : Phrase.of(" %s-%s", workers.get(k - 1), workers.get(k)));
    }
    Settings linked = settings.with("topology.kind", kind);
    return switch (kind) {
      case "hierarchical" -> linked.with("topology.sites", sites.toString());
      case "edges" -> linked.with("topology.edges", chain.toString());
      default -> linked;
    };
  }

  /** Half of the runs go over another topology than a mesh. */
  private static String topology(Settings settings, SplittableRandom random) {
    if (settings.integer("local.steps") > 0 || random.nextBoolean()) {
      return "mesh";
    }
    return OTHER_TOPOLOGIES.get(random.nextInt(OTHER_TOPOLOGIES.size()));
  }

  /** The words that make {@code dlion check} run this scenario again. */
  List<String> replay() {
    List<String> words =
        new ArrayList<>(List.of("check", "--first-seed", Long.toString(seed), "--seeds", "1"));
    words.addAll(variant.words());
    if (!hasServer()) {
      words.addAll(List.of("--topology", settings.text("topology.kind")));
    }
    return words;
  }

  /** Whether it is one of the family with a server. */
  boolean hasServer() {
    return strategy.server().isPresent();
  }

  /** After this long all must have found back to their work. */
  long quietNanos() {
    return plan.endMillis() * 1_000_000;
  }

  /** When it ends: quiet at last, and time enough to be of one mind again. */
  long endNanos() {
    return quietNanos() + patienceNanos() + 3_000_000_000L;
  }

  /** What checkers of runs with a server must know of the faults. */
  Circumstances circumstances() {
    return new Circumstances(
        quietNanos(),
        patienceNanos(),
        plan.faults().stream()
            .filter(Scenario::disturbsOthers)
            .map(f -> new Circumstances.Disturbance(f.atMillis() * MILLIS, f.endMillis() * MILLIS))
            .toList(),
        goal.nanos(),
        withoutData);
  }

  private static boolean disturbsOthers(Fault fault) {
    return switch (fault) {
      case Fault.FullDisk _ -> false;
      case Fault.Messages m -> m.how() != Fault.How.DUPLICATED;
      default -> true;
    };
  }

  /** How long a worker may be without an end of an iteration when all is quiet. */
  long patienceNanos() {
    return Math.round((5 + 5 * iterationSeconds) * 1e9);
  }

  /** Who exchanges gradients with whom. */
  Topology topology() {
    return strategy.topology().of(Map.of());
  }

  /** Who averages with whom, where workers do in pairs. */
  Optional<Pairing> pairing() {
    return strategy.averagesInPairs() ? Optional.of(new Pairing(seed)) : Optional.empty();
  }

  /** Watches rounds, where they end with a quorum. */
  Optional<QuorumChecker> quorum(Findings findings) {
    return strategy
        .descent()
        .local()
        .flatMap(LocalSteps::decoupling)
        .map(rule -> new QuorumChecker(findings, rule));
  }

  /** Whether all replicas must be the same bit by bit. */
  boolean keepsReplicasEqual() {
    boolean wholeModels =
        strategy.descent().local().map(local -> local.fragments() == 1).orElse(true);
    return strategy.keepsReplicasAlike()
        && strategy.exchange().exchangesGradients()
        && strategy.exchange().sendsAllTheSame()
        && strategy.transfer().scope() == Scope.NONE
        && wholeModels // else only the fragments taken over last are equal
        && !plan.breaksLinks()
        && !(relays() && plan.changesPaths());
  }

  /**
   * How near to the optimum every worker must have come. An update that has not reached everybody
   * stays missing where nothing brings replicas together again, so without knowledge transfer the
   * guarantee is weaker after broken links and for late comers, and next to nothing where gradients
   * are relayed and somebody ends who had others' with it. There is none for a single worker where
   * all that leads to it may be one link, see {@link #mayLoseAll}. Where nothing is exchanged each
   * worker takes only its own share of the steps. Steps of AdamW are as large as its rate, which
   * suits neither the way to the optimum nor staying there.
   */
  double leastAccuracy() {
    if (!strategy.exchange().exchangesGradients() || !strategy.descent().optimizer().isLinear()) {
      return 0.1;
    }
    if (strategy.transfer().scope() != Scope.NONE) {
      return 0.6;
    }
    if (mayLoseAll()) {
      return 0;
    }
    return relays() && plan.hasEnds() ? 0.1 : plan.breaksLinks() ? 0.3 : 0.6;
  }

  /**
   * How near to the optimum the best worker must have come. Replicas that have lost updates of each
   * other stay apart, on different sides of the optimum: not all of them are far from it.
   */
  double bestAccuracy() {
    return mayLoseAll() && strategy.descent().optimizer().isLinear() ? 0.3 : leastAccuracy();
  }

  /**
   * Whether a worker may miss nearly all that others do, for good: without knowledge transfer,
   * where gradients are relayed, one link is all that leads to it. What is lost on that link is
   * lost; and so is what waits for a relay that is cut off and then ends.
   */
  private boolean mayLoseAll() {
    return relays()
        && strategy.transfer().scope() == Scope.NONE
        && strategy.exchange().exchangesGradients()
        && (plan.losesMessages() || plan.leavesThoseCutOff());
  }

  private boolean relays() {
    return !strategy.topology().isMesh();
  }

  /** What a node is told, with the time of the run where that is over before its end. */
  NodeConfig withTime(NodeConfig config) {
    Goal given = config.goal();
    long nanos = Math.min(goal.nanos(), given.nanos());
    return new NodeConfig(
        config.self(),
        config.strategy(),
        config.trainingExamples(),
        config.examples(),
        new Goal(given.samples(), nanos, given.accuracy(), given.patience()),
        config.seed(),
        config.evaluates(),
        config.keepsBest(),
        config.sites(),
        config.networked(),
        config.minimumBatch());
  }

  /** Training examples over all workers. */
  int examples() {
    return shards().stream().mapToInt(StubExamples::count).sum();
  }

  /** The examples of each worker, in the order of the environment. */
  List<StubExamples> shards() {
    return environment.workers().stream()
        .map(w -> new StubExamples(withoutData.equals(Optional.of(w.id())) ? 0 : SHARD))
        .toList();
  }

  /** What it is about, beyond workers, links and events. */
  private String about() {
    if (!hasServer()) {
      return settings.text("topology.kind");
    }
    Map<String, String> preset = variant.settings().asMap();
    String changes =
        new TreeMap<>(settings.asMap())
            .entrySet().stream()
                .filter(e -> !e.getValue().equals(preset.get(e.getKey())))
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(" "));
    String without = withoutData.map(w -> ", " + w + " without data").orElse("");
    String samples = goal.samples() == Long.MAX_VALUE ? "" : ", " + goal.samples() + " samples";
    String time =
        goal.nanos() == Long.MAX_VALUE ? "" : Phrase.of(", time %.3f s", goal.nanos() / 1e9);
    return changes + without + samples + time;
  }

  @Override
  public String toString() {
    return Phrase.of(
            "seed %d: %s, %s, %d workers%n%s",
            seed, variant, about(), environment.workers().size(), text)
        + plan.faults().stream()
            .filter(f -> !f.isEvent() && !(f instanceof Fault.SlowLink))
            .map(f -> "# " + f + "\n")
            .collect(Collectors.joining());
  }
}
