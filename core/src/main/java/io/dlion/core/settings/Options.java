package io.dlion.core.settings;

import static io.dlion.core.settings.Option.integer;
import static io.dlion.core.settings.Option.integerOr;
import static io.dlion.core.settings.Option.number;
import static io.dlion.core.settings.Option.numberOr;
import static io.dlion.core.settings.Option.text;
import static io.dlion.core.settings.Option.textOr;
import static io.dlion.core.settings.Option.word;
import static io.dlion.core.settings.SearchSpace.choice;
import static io.dlion.core.settings.SearchSpace.factor;
import static io.dlion.core.settings.SearchSpace.linear;
import static io.dlion.core.settings.SearchSpace.log;

import io.dlion.core.UserError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Every parameter there is, with its default and meaning: the one table behind {@code --set}, job
 * files and {@code dlion presets NAME}. Names follow the sections of the algorithms: batching
 * (1.1), exchange (1.2), transfer (1.3), synchronization (1.4).
 */
public final class Options {
  /**
   * The learning rate that {@code auto} means for classifications and texts, but for {@code
   * char-lstm}.
   */
  public static final double LEARNING_RATE = 0.05;

  /**
   * The learning rate that {@code auto} means for regressions. The curvature of a squared error
   * grows with the square of the inputs, while cross-entropy's is bounded: with momentum 0.9, 0.05
   * is at the edge of stability there, and gradients that come late push it over.
   */
  public static final double LEARNING_RATE_OF_REGRESSIONS = 0.01;

  /**
   * The learning rate that {@code auto} means for {@code char-lstm}, whose loss is the mean over
   * the symbols of a sequence and whose gradients are small. On tinyshakespeare, 0.6 epochs, {@code
   * dlion} reaches 28, 34, 39, 40 and 40 % at 0.05, 0.2, 0.5, 1 and 2; {@code baseline} 24, 31, 35,
   * 38 and 39 %.
   */
  public static final double LEARNING_RATE_OF_CHARACTER_LSTM = 1;

  /**
   * The learning rate that {@code auto} means at most for {@code svm}, divided by the number of
   * inputs and one. The curvature of the squared hinge loss of standardised inputs is at most twice
   * that number, and momentum 0.9 is stable up to 3.8 divided by the curvature.
   */
  public static final double LEARNING_RATE_OF_SVM = 1;

  /** The learning rate that {@code auto} means for local steps of SGD. */
  public static final double LOCAL_LEARNING_RATE = 0.01;

  /** The same for {@code char-lstm}. */
  public static final double LOCAL_LEARNING_RATE_OF_CHARACTER_LSTM = 0.2;

  /**
   * The learning rate that {@code auto} means for clients of a server, which have no momentum by
   * themselves.
   */
  public static final double CLIENT_LEARNING_RATE = 0.2;

  /** The same for regressions. */
  public static final double CLIENT_LEARNING_RATE_OF_REGRESSIONS = 0.05;

  /** The learning rate that {@code auto} means for AdamW and Muon. */
  public static final double ADAPTIVE_LEARNING_RATE = 0.003;

  /**
   * The same of AdamW for {@code char-lstm}. On tinyshakespeare {@code dlion} reaches 47.7, 48.9
   * and 50.4 % at 0.006, 0.01 and 0.015 in one epoch, and 52.2 and 53.6 % at 0.006 and 0.015 in
   * three; {@code baseline} 45.3 and 47.1 % at 0.006 and 0.015 in one.
   */
  public static final double ADAPTIVE_LEARNING_RATE_OF_CHARACTER_LSTM = 0.015;

  /** The weight decay that {@code auto} means for SGD: an L2 penalty. */
  public static final double WEIGHT_DECAY = 0.0005;

  /** The weight decay that {@code auto} means for AdamW and Muon, where it is decoupled. */
  public static final double DECOUPLED_WEIGHT_DECAY = 0.01;

  /** Samples per worker until {@code batching.initial=auto} is decided. */
  public static final int FITTED_FROM = 8;

  private static final double ANY = Double.MAX_VALUE;

  /** What only runs with a server have. */
  private static final Condition SERVER = Condition.isNot("server.method", "none");

  /** Local steps for which nobody waits. */
  private static final Condition DECOUPLED = Condition.isNot("local.quorum", "all");

  private static final Condition ADSP = Condition.is("server.method", "adsp");
  private static final Condition ADWIN = Condition.is("drift.detector", "adwin");

  /** Sections, and single options, of the family without a server. */
  private static final List<String> OF_PEERS =
      List.of(
          "optimizer.averaging",
          "local.",
          "outer.",
          "gossip.",
          "batching.growth",
          "batching.weighting",
          "exchange.",
          "transfer.",
          "sync.",
          "topology.");

  private static final List<Option> DECLARED =
      List.of(
          word(
              "optimizer.kind",
              "sgd: with momentum; adamw; muon; auto: adamw for texts and lstm, else sgd",
              "auto",
              "sgd",
              "adamw",
              "muon"),
          numberOr(
                  "auto",
                  "optimizer.learning-rate",
                  "auto",
                  0,
                  ANY,
                  "step size η; auto: of sgd "
                      + LEARNING_RATE
                      + ", for regressions "
                      + LEARNING_RATE_OF_REGRESSIONS
                      + ", for char-lstm "
                      + LEARNING_RATE_OF_CHARACTER_LSTM
                      + ", for svm at most 1/(inputs + 1), for local steps with"
                      + " outer momentum "
                      + LOCAL_LEARNING_RATE
                      + ", for clients of a server "
                      + CLIENT_LEARNING_RATE
                      + " (regressions "
                      + CLIENT_LEARNING_RATE_OF_REGRESSIONS
                      + "); of adamw and muon "
                      + ADAPTIVE_LEARNING_RATE
                      + ", of adamw for char-lstm "
                      + ADAPTIVE_LEARNING_RATE_OF_CHARACTER_LSTM)
              .in(factor(0.1, 10)),
          number("optimizer.momentum", "0.9", 0, 0.9999, "momentum of sgd and muon; 0 is plain SGD")
              .with(Condition.isNot("optimizer.kind", "adamw"))
              .in(choice("0", "0.5", "0.9")),
          number(
                  "optimizer.beta1",
                  "0.9",
                  0,
                  0.9999,
                  "adamw, muon: memory of the mean gradient, β₁")
              .with(Condition.isNot("optimizer.kind", "sgd")),
          number(
                  "optimizer.beta2",
                  "0.99",
                  0,
                  0.99999,
                  "adamw, muon: memory of the mean squared gradient, β₂")
              .with(Condition.isNot("optimizer.kind", "sgd")),
          numberOr(
              "auto",
              "optimizer.weight-decay",
              "auto",
              0,
              ANY,
              "sgd: L2 penalty, added to the gradient as weight-decay · w, auto "
                  + Option.plain(WEIGHT_DECAY)
                  + "; adamw, muon: decoupled, auto "
                  + DECOUPLED_WEIGHT_DECAY),
          word(
              "optimizer.schedule",
              "learning rate over the run's epochs or time; where neither ends it, halved at"
                  + " plateaus",
              "constant",
              "cosine",
              "warmup-stable-decay"),
          number("optimizer.warm-up", "0.02", 0, 0.5, "share of the run in which the rate rises")
              .with(Condition.isNot("optimizer.schedule", "constant")),
          number(
                  "optimizer.decay",
                  "0.2",
                  0.01,
                  0.5,
                  "share of the run, at its end, in which the rate falls")
              .with(Condition.is("optimizer.schedule", "warmup-stable-decay")),
          number(
                  "optimizer.final-rate",
                  "0.01",
                  0.0001,
                  1,
                  "share of the learning rate at the end of the run")
              .with(Condition.isNot("optimizer.schedule", "constant")),
          integer(
                  "optimizer.averaging",
                  0,
                  0,
                  1_000_000,
                  "the model is the average of about the newest 1/γ of all steps; 0: it is the"
                      + " last step")
              .with(Condition.is0("local.steps"))
              .in(choice("0", "4", "8", "16")),
          integer(
                  "local.steps",
                  0,
                  0,
                  1000,
                  "gradients a worker applies on its own before it exchanges how far it went, H; 0:"
                      + " every gradient is exchanged")
              .in(log(5, 100).where(Condition.above0("local.steps"))),
          integer(
                  "local.fragments",
                  1,
                  1,
                  1000,
                  "parts of the model that are exchanged by turns, each every H steps")
              .with(Condition.above0("local.steps")),
          integer(
                  "local.overlap",
                  0,
                  0,
                  999,
                  "local steps that go on while what was sent is under way, τ")
              .with(Condition.above0("local.steps"))
              .in(choice("0", "2", "4")),
          number(
                  "local.mixing",
                  "0.5",
                  0,
                  1,
                  "share of the local weights that is kept where there is overlap, α")
              .with(Condition.above0("local.steps"), Condition.above0("local.overlap")),
          numberOr(
                  "all",
                  "local.quorum",
                  "all",
                  0,
                  1,
                  "share of the workers whose distances end a round; those of the others are applied"
                      + " when they come; all: rounds end as sync.mode says")
              .with(Condition.above0("local.steps"), Condition.is("sync.mode", "asynchronous"))
              .in(choice("0", "0.5", "0.8").where(DECOUPLED)),
          number(
                  "local.grace",
                  "0.1",
                  0,
                  100,
                  "how long the others are waited for once the quorum is there, as a share of the"
                      + " time that the steps of a round take")
              .with(Condition.above0("local.steps"), DECOUPLED)
              .in(choice("0", "0.1", "0.3")),
          word(
                  "local.by-speed",
                  "with local.quorum: the fastest worker takes H steps in a round, slower ones as"
                      + " many as they can in that time; or all take H",
                  "on",
                  "off")
              .with(Condition.above0("local.steps"), DECOUPLED),
          number(
                  "outer.learning-rate",
                  "0.7",
                  0,
                  10,
                  "local steps: share of the workers' mean distance that is taken, η_o")
              .with(Condition.above0("local.steps"))
              .in(linear(0.3, 1)),
          number("outer.momentum", "0.9", 0, 0.9999, "local steps: Nesterov momentum of that step")
              .with(Condition.above0("local.steps"))
              .in(choice("0", "0.5", "0.8", "0.9")),
          integer(
                  "outer.delay",
                  1,
                  1,
                  1000,
                  "with local.quorum: rounds of a worker from one step of its outer momentum to the"
                      + " next (delayed Nesterov)")
              .with(Condition.above0("local.steps"), DECOUPLED, Condition.above0("outer.momentum"))
              .in(choice("1", "2", "4")),
          number(
                  "outer.staleness-discount",
                  "0.5",
                  0,
                  10,
                  "with local.quorum: exponent a of (1 + s)^-a, what a distance counts in whose round peers"
                      + " have ended s more than one, on average")
              .with(Condition.above0("local.steps"), DECOUPLED)
              .in(choice("0", "0.5", "1")),
          word(
                  "gossip.pairs",
                  "after local steps average with one peer, drawn anew for each round, instead of"
                      + " with all",
                  "off",
                  "on")
              .with(Condition.above0("local.steps")),
          number(
                  "gossip.consensus-rate",
                  "0.7",
                  0,
                  10,
                  "how strongly the weights of a pair are pulled together, γ")
              .with(Condition.above0("local.steps"), Condition.is("gossip.pairs", "on")),
          integerOr(
                  "auto",
                  "batching.initial",
                  "32",
                  1,
                  65536,
                  "samples per worker at the start, b_0; auto: what reaches an accuracy soonest, by"
                      + " the measured cost of steps ("
                      + FITTED_FROM
                      + " until that is known, or where batches are fixed)")
              .in(log(4, 256)),
          word(
              "batching.local",
              "batch size of each worker follows its measured speed, or stays b_0",
              "adaptive",
              "fixed"),
          word("batching.division", "how B is divided by speed", "equal-finish", "proportional")
              .with(Condition.is("batching.local", "adaptive")),
          word(
                  "batching.weighting",
                  "weight of a gradient: by samples of the whole, or relative to the receiver's"
                      + " batch",
                  "samples",
                  "relative")
              .with(Condition.isNot("exchange.method", "none")),
          word(
              "batching.growth",
              "growth of the global batch B: none, the paper's schedule, or where gradient"
                  + " noise dominates",
              "noise",
              "off",
              "schedule"),
          number(
                  "batching.period",
                  "1",
                  0.0001,
                  ANY,
                  "epochs between two adjustments of B, at least b_0 · workers samples")
              .with(Condition.isNot("batching.growth", "off")),
          numberOr(
                  "auto",
                  "batching.warm-up-step",
                  "auto",
                  1,
                  ANY,
                  "samples added to B per adjustment in warm-up, c_w; auto: b_0 · workers")
              .with(Condition.is("batching.growth", "schedule")),
          number(
                  "batching.warm-up-until",
                  "0.01",
                  0,
                  1,
                  "warm-up ends when B reaches this share of the training samples")
              .with(Condition.is("batching.growth", "schedule")),
          number(
                  "batching.speed-up-factor",
                  "1.5",
                  1,
                  16,
                  "factor of B per adjustment after warm-up, c_s")
              .with(Condition.isNot("batching.growth", "off")),
          number(
                  "batching.speed-up-until",
                  "0.1",
                  0,
                  1,
                  "growth ends when B reaches this share of the training samples")
              .with(Condition.isNot("batching.growth", "off")),
          number(
                  "batching.noise-factor",
                  "16",
                  0,
                  ANY,
                  "growth: noise needs a gradient noise scale of this many times B")
              .with(Condition.is("batching.growth", "noise"))
              .in(log(4, 64).where(Condition.is("server.method", "none"))),
          integer(
                  "batching.profile-steps",
                  3,
                  1,
                  100,
                  "timed steps per batch size among the first iterations")
              .with(Condition.is("batching.local", "adaptive")),
          number(
                  "batching.announce-change",
                  "0.05",
                  0,
                  1,
                  "relative change of a worker's step time that is announced")
              .with(Condition.is("batching.local", "adaptive")),
          word(
              "exchange.method",
              "what goes on each link: the largest entries, those that change weights"
                  + " significantly, one block after the other, the largest of each chunk of a"
                  + " distance of local steps, the whole gradient, or nothing",
              "max-n",
              "significant",
              "blocks",
              "chunks",
              "full",
              "none"),
          numberOr(
                  "auto",
                  "exchange.n",
                  "auto",
                  0.001,
                  100,
                  "N of Max N; auto: as much as the link's budget carries")
              .with(Condition.is("exchange.method", "max-n")),
          number(
                  "exchange.minimum-n",
                  "0.85",
                  0,
                  100,
                  "N never falls below this, whatever the budget")
              .with(Condition.is("exchange.method", "max-n")),
          number(
                  "exchange.significance",
                  "0.01",
                  0.000001,
                  1,
                  "relative change of a weight that is significant in iteration 1, S; falls as"
                      + " 1/√t")
              .with(Condition.is("exchange.method", "significant"))
              .in(log(0.001, 0.1)),
          number(
                  "exchange.budget-share",
                  "0.9",
                  0.01,
                  1,
                  "share of what a link carries in one iteration that gradients may use")
              .with(Condition.is("exchange.method", "max-n", "blocks")),
          word(
                  "exchange.residual",
                  "entries not sent: kept per link and added to the next gradient, or"
                      + " forgotten",
                  "accumulate",
                  "drop")
              .with(Condition.is("exchange.method", "max-n")),
          word(
                  "exchange.momentum",
                  "momentum is applied before a gradient is sent (momentum correction), or on"
                      + " arrival",
                  "sender",
                  "receiver")
              .with(Condition.is0("local.steps"), Condition.isNot("exchange.method", "none")),
          integer("exchange.chunk", 4096, 2, 65536, "entries of a variable in a chunk")
              .with(Condition.is("exchange.method", "chunks")),
          integer(
                  "exchange.chunk-kept",
                  64,
                  1,
                  65536,
                  "entries that are sent of each chunk, k; smaller variables are sent whole")
              .with(Condition.is("exchange.method", "chunks")),
          number(
                  "exchange.feedback",
                  "0",
                  0,
                  1,
                  "local steps: share of what was not sent, or lost by rounding, that is added to"
                      + " the next distance, β")
              .with(
                  Condition.above0("local.steps"),
                  Condition.is("exchange.method", "chunks", "full")),
          word(
                  "exchange.values",
                  "format of sent values; int4 has a scale, int2 a table of four, for each 64"
                      + " values",
                  "fp32",
                  "bf16",
                  "int8",
                  "int4",
                  "int2")
              .with(Condition.isNot("exchange.method", "none"))
              .in(
                  choice("fp32", "bf16", "int8")
                      .where(
                          Condition.isNot("exchange.values", "int4", "int2"),
                          Condition.is("gossip.pairs", "off"))),
          number(
                  "exchange.gather-share",
                  "0",
                  0,
                  1,
                  "share of the model that is worth a message: a thin link gathers several"
                      + " iterations for it")
              .with(Condition.is("exchange.method", "max-n", "blocks"))
              .in(choice("0", "0.02", "0.05", "0.1", "0.2")),
          integer("exchange.gather-iterations", 16, 1, 10_000, "how many iterations at most")
              .with(
                  Condition.is("exchange.method", "max-n", "blocks"),
                  Condition.above0("exchange.gather-share")),
          number(
                  "exchange.processor-share",
                  "1",
                  0.001,
                  1,
                  "share of the machine's processors that exchange with other processes may take"
                      + " while all of them are busy: links then carry less; 1: no limit")
              .with(Condition.is("exchange.method", "max-n"), Condition.is0("local.steps")),
          word(
                  "exchange.anticipation",
                  "until gradients of a peer arrive, step as if it had those of this worker; no"
                      + " effect where replicas are kept equal, or on local steps",
                  "off",
                  "on")
              .with(Condition.is0("local.steps"), Condition.isNot("exchange.method", "none")),
          word(
              "transfer.scope",
              "who takes over weights from the best worker: all others, the worst one, or"
                  + " nobody",
              "all",
              "worst",
              "none"),
          word(
                  "transfer.rule",
                  "timely: λ shrinks with the snapshot's age, and only a difference beyond"
                      + " noise counts; plain: the paper's",
                  "timely",
                  "plain")
              .with(Condition.isNot("transfer.scope", "none")),
          integer("transfer.period", 100, 1, 1_000_000_000, "iterations between two rounds")
              .with(Condition.isNot("transfer.scope", "none")),
          integer(
                  "transfer.window",
                  100,
                  1,
                  1_000_000,
                  "iterations whose mean training loss is compared, L")
              .with(Condition.isNot("transfer.scope", "none")),
          number(
                  "transfer.lambda",
                  "0.75",
                  0,
                  1,
                  "share of the difference to the best weights that is taken over, λ")
              .with(Condition.isNot("transfer.scope", "none")),
          number(
              "transfer.reserved-share",
              "0.2",
              0,
              0.9,
              "share of a link reserved for weights while they are under way"),
          number(
                  "transfer.max-age",
                  "2",
                  0.01,
                  ANY,
                  "weights older than this many periods are dropped")
              .with(Condition.isNot("transfer.scope", "none")),
          word(
              "sync.mode",
              "wait for gradients of slower workers within a bound, or for nobody",
              "bounded",
              "asynchronous"),
          integer(
                  "sync.bound",
                  5,
                  0,
                  1_000_000,
                  "iterations a worker may lead the slowest, s; 0 is bulk-synchronous")
              .with(Condition.is("sync.mode", "bounded"))
              .in(choice("2", "5", "10", "20").where(Condition.above0("sync.bound"))),
          integer(
                  "sync.backup",
                  0,
                  0,
                  1_000_000,
                  "peers that may be further behind than the bound without being waited for")
              .with(Condition.is("sync.mode", "bounded")),
          integer(
              "sync.tokens",
              0,
              0,
              1_000_000,
              "iterations a worker may run ahead of any peer, whoever is not waited for; 0: no"
                  + " limit"),
          word(
              "sync.barrier",
              "gradients that take longer on a link than an iteration are announced ahead and"
                  + " waited for",
              "off",
              "on"),
          word(
              "topology.kind",
              "who exchanges gradients with whom; those that are not neighbours get them"
                  + " relayed; tree: of sites; auto: mesh, or tree where lines are thin and nobody"
                  + " waits",
              "mesh",
              "ring",
              "exponential",
              "hierarchical",
              "edges",
              "tree",
              "auto"),
          text(
                  "topology.edges",
                  "w1-w2",
                  "links of topology.kind=edges, as pairs of workers such as w1-w2 w2-w3")
              .with(Condition.is("topology.kind", "edges")),
          textOr(
                  "auto",
                  "topology.sites",
                  "sites of topology.kind=hierarchical, such as a:w1+w2 b:w3; auto: those of"
                      + " the environment")
              .with(Condition.is("topology.kind", "hierarchical")),
          word(
              "server.method",
              "one member keeps the model and the others train and commit to it: when they"
                  + " commit and are answered; none: there is no server",
              "none",
              "staleness",
              "adacomm",
              "adsp"),
          textOr(
                  "auto",
                  "server.name",
                  "who serves; auto: a member without data, else the one with the best measured"
                      + " lines")
              .with(SERVER),
          word(
                  "server.trains",
                  "whether the server trains, too, where it has data",
                  "true",
                  "false")
              .with(SERVER),
          word(
                  "server.codec",
                  "format of commits and answers; with int8 answers are bf16; errors of commits"
                      + " are fed back",
                  "fp32",
                  "bf16",
                  "int8")
              .with(SERVER)
              .in(choice("fp32", "bf16", "int8")),
          integer(
                  "server.staleness",
                  0,
                  0,
                  1_000_000,
                  "commits a client may lead the slowest, s; 0: all wait for all")
              .with(Condition.is("server.method", "staleness"))
              .in(log(5, 60).where(Condition.above0("server.staleness"))),
          integer("commit.steps", 1, 1, 1_000_000, "local steps between two commits, τ")
              .with(Condition.is("server.method", "staleness"))
              .in(log(5, 100).where(Condition.isNot("commit.steps", "1"))),
          number(
                  "commit.weight",
                  "1",
                  0.000001,
                  1000,
                  "what a commit is multiplied by, besides its share of all clients' batches")
              .with(SERVER),
          word(
                  "commit.overlap",
                  "whether a client trains on until its commit is answered",
                  "off",
                  "on")
              .with(SERVER),
          numberOr(
                  "auto",
                  "commit.trial",
                  "auto",
                  0.001,
                  ANY,
                  "seconds that each τ is tried; auto: 60, at most a 40th of the run, 10 in a"
                      + " run without --time")
              .with(Condition.is("server.method", "adacomm")),
          numberOr(
                  "auto",
                  "commit.period",
                  "auto",
                  0.001,
                  ANY,
                  "seconds between two changes of τ; auto: 60, at most a 20th of the run, 10 in"
                      + " a run without --time")
              .with(Condition.is("server.method", "adacomm")),
          numberOr(
                  "auto",
                  "adsp.period",
                  "auto",
                  0.001,
                  ANY,
                  "seconds of a check period Γ, by whose end all clients have made as many"
                      + " commits; auto: 60, at most a 25th of the run, 10 in a run without"
                      + " --time")
              .with(ADSP),
          integerOr(
                  "search",
                  "adsp.commits",
                  "search",
                  1,
                  1_000_000,
                  "commits of each client in a period, C; search: what makes the loss fall"
                      + " fastest")
              .with(ADSP),
          numberOr(
                  "auto",
                  "adsp.commit-min",
                  "auto",
                  0,
                  ANY,
                  "least seconds between two commits of a client, T_min; auto: a sixth of a"
                      + " period")
              .with(ADSP),
          numberOr(
                  "auto",
                  "adsp.probe",
                  "auto",
                  0.001,
                  ANY,
                  "seconds that each C is tried in a search; auto: a period")
              .with(ADSP, Condition.is("adsp.commits", "search")),
          numberOr(
                  "auto",
                  "adsp.epoch",
                  "auto",
                  0.001,
                  ANY,
                  "seconds between two searches; auto: 16.7 periods")
              .with(ADSP, Condition.is("adsp.commits", "search")),
          numberOr(
                  "auto",
                  "adsp.target-loss",
                  "auto",
                  0,
                  ANY,
                  "loss ℓ by whose distance rates are compared; auto: half of the loss when a"
                      + " search begins")
              .with(ADSP, Condition.is("adsp.commits", "search")),
          number(
                  "adsp.loss-rise",
                  "0.3",
                  0,
                  ANY,
                  "share by which the loss rises in a period before a search begins at once")
              .with(ADSP, Condition.is("adsp.commits", "search")),
          number(
              "evaluate.every", "1", 0.001, ANY, "epochs between two evaluations on the test set"),
          integer(
              "evaluate.examples",
              2000,
              1,
              1_000_000_000,
              "test examples used during training; the last evaluation uses all"),
          number("checkpoint.every", "1", 0.001, ANY, "epochs between two checkpoints"),
          word(
              "stream.idle",
              "what a worker does while no record arrives: train on what it has seen, or rest",
              "replay",
              "rest"),
          integer("stream.queue", 4096, 16, 1_000_000, "records that wait at most"),
          word(
              "stream.shed",
              "which record is dropped while the queue is full; wait: none, they stay at the source",
              "wait",
              "newest",
              "oldest",
              "sample"),
          number("stream.test", "0", 0, 0.5, "share of the records to evaluate with, not to learn"),
          integer(
              "stream.window",
              1000,
              10,
              1_000_000,
              "records in the window of prequential accuracy"),
          integer("replay.size", 2000, 16, 10_000_000, "learned records kept to learn from again"),
          number("replay.share", "0.5", 0, 0.99, "share of each batch that is learned again"),
          word(
              "replay.balance",
              "which learned records are kept: a random sample, or as many of each class",
              "off",
              "classes"),
          number(
              "replay.passes",
              "4",
              0,
              ANY,
              "times that a record is worth learning from, on average; then a worker rests until more"
                  + " come, and gets a smaller batch; 0: no limit"),
          word(
              "drift.detector",
              "how a change of the world is found in prequential errors",
              "adwin",
              "off"),
          number("drift.delta", "0.002", 1e-9, 0.5, "confidence δ of ADWIN").with(ADWIN),
          number("drift.rate", "1", 1, 100, "factor of the learning rate after a change")
              .with(ADWIN),
          number("drift.share", "0.2", 0, 0.99, "replayed share of each batch after a change")
              .with(ADWIN),
          word(
                  "drift.forget",
                  "whether what is kept for replay is dropped at a change",
                  "on",
                  "off")
              .with(ADWIN),
          number("drift.seconds", "30", 0, ANY, "how long the reaction to a change lasts")
              .with(ADWIN));

  private static final List<Option> ALL = ofFamilies(DECLARED);

  private static final Map<String, Option> BY_KEY = index();

  private Options() {}

  /** Options of peers have no effect where there is a server. */
  private static List<Option> ofFamilies(List<Option> options) {
    Condition noServer = Condition.is("server.method", "none");
    return options.stream()
        .map(o -> OF_PEERS.stream().anyMatch(o.key()::startsWith) ? o.and(noServer) : o)
        .toList();
  }

  private static Map<String, Option> index() {
    Map<String, Option> map = new LinkedHashMap<>();
    for (Option option : ALL) {
      map.put(option.key(), option);
    }
    return map;
  }

  /** All options in the order they are explained in. */
  public static List<Option> all() {
    return ALL;
  }

  /**
   * The option of that key.
   *
   * @throws UserError with the nearest key where there is none
   */
  public static Option find(String key) {
    Option option = BY_KEY.get(key);
    if (option == null && key.startsWith("environment.")) {
      throw new UserError(
          key
              + " is no setting of a method: it changes emulated environments, and only dlion"
              + " emulate has those");
    }
    if (option == null) {
      throw new UserError(
          "unknown setting '"
              + key
              + "'"
              + Nearest.hint(key, BY_KEY.keySet())
              + " (dlion presets dlion lists them all)");
    }
    return option;
  }
}
