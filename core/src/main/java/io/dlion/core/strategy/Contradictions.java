package io.dlion.core.strategy;

import io.dlion.core.UserError;
import io.dlion.core.settings.Settings;

/** Settings that cannot be had together, whoever has set them. */
final class Contradictions {
  private Contradictions() {}

  static void check(Settings settings) {
    int fragments = settings.smallInteger("local.fragments");
    requireSteps(settings, "local.fragments", fragments);
    requireSteps(
        settings, "local.overlap", (settings.smallInteger("local.overlap") + 1) * fragments);
    requireChunks(settings);
    if (fragments > 1
        && !settings.is("exchange.method", "full")
        && !settings.is("exchange.method", "chunks")) {
      throw new UserError(
          "local.fragments="
              + fragments
              + ": exchange.method="
              + settings.text("exchange.method")
              + " selects from the whole model; expected exchange.method=full or chunks, or 1 fragment");
    }
    if (settings.integer("local.steps") > 0 && settings.is("gossip.pairs", "on")) {
      requireWithPairs(settings, "exchange.method", "full");
      requireWithPairs(settings, "exchange.values", "fp32"); // weights travel, and must stay exact
      requireWithPairs(settings, "sync.mode", "bounded");
      requireWithPairs(settings, "sync.bound", "0");
      requireWithPairs(settings, "sync.backup", "0");
    }
    if (settings.integer("local.steps") > 0 && !settings.is("local.quorum", "all")) {
      requireDecoupled(settings);
    }
    if (settings.integer("local.steps") > 0
        && !settings.is("topology.kind", "mesh")
        && !settings.is("topology.kind", "auto")) {
      throw new UserError(
          "topology.kind="
              + settings.text("topology.kind")
              + ": expected mesh with local.steps="
              + settings.text("local.steps")
              + ", for all workers must take the mean of the same round, and what is relayed comes"
              + " rounds later. Set topology.kind=mesh, or local.steps=0");
    }
  }

  /** What is owed is kept for all peers together: they must see each distance alike. */
  private static void requireChunks(Settings settings) {
    boolean chunks = settings.is("exchange.method", "chunks");
    if (settings.integer("local.steps") == 0
        && (chunks || settings.number("exchange.feedback") > 0)) {
      throw new UserError(
          (chunks
                  ? "exchange.method=chunks"
                  : "exchange.feedback=" + settings.text("exchange.feedback"))
              + ": needs local.steps of at least 1, found 0");
    }
    if (chunks && settings.integer("exchange.chunk-kept") > settings.integer("exchange.chunk")) {
      throw new UserError(
          "exchange.chunk-kept="
              + settings.text("exchange.chunk-kept")
              + ": expected at most exchange.chunk="
              + settings.text("exchange.chunk"));
    }
  }

  /** Distances are measured from where a round began, and what a busy link misses is sent later. */
  private static void requireDecoupled(Settings settings) {
    String method = settings.text("exchange.method");
    if (!method.equals("full") && !method.equals("chunks")) {
      throw refused(settings, "exchange.method", "full or chunks", "what all peers see is one sum");
    }
    requireWithQuorum(settings, "sync.mode", "asynchronous", "nobody waits for all");
    requireWithQuorum(settings, "sync.tokens", "0", "nobody waits for all");
    requireWithQuorum(settings, "sync.barrier", "off", "nobody waits for a thin link");
    requireWithQuorum(settings, "gossip.pairs", "off", "partners wait for each other");
    requireWithQuorum(
        settings,
        "local.fragments",
        "1",
        "others move a fragment between the rounds in which this worker measures its distance");
    requireWithQuorum(
        settings, "batching.weighting", "samples", "a distance counts the same to all workers");
  }

  private static void requireWithQuorum(
      Settings settings, String key, String needed, String reason) {
    if (!settings.text(key).equals(needed)) {
      throw refused(settings, key, needed, reason);
    }
  }

  private static UserError refused(Settings settings, String key, String needed, String reason) {
    return new UserError(
        key
            + "="
            + settings.text(key)
            + ": expected "
            + needed
            + " with local.quorum="
            + settings.text("local.quorum")
            + ", for "
            + reason
            + ". Set that, or local.quorum=all");
  }

  /** A partner is sent all, exactly, and waited for in each round. */
  private static void requireWithPairs(Settings settings, String key, String needed) {
    if (!settings.text(key).equals(needed)) {
      throw new UserError(
          key
              + "="
              + settings.text(key)
              + ": expected "
              + needed
              + " with gossip.pairs=on, for a partner is sent exact weights and waited for in each"
              + " round. Set "
              + key
              + "="
              + needed
              + ", or gossip.pairs=off");
    }
  }

  private static void requireSteps(Settings settings, String key, int steps) {
    int found = settings.smallInteger("local.steps");
    if (steps > 1 && steps > found) {
      throw new UserError(
          key
              + "="
              + settings.text(key)
              + ": needs local.steps of at least "
              + steps
              + ", found "
              + found);
    }
  }
}
