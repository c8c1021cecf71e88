package io.dlion.core.settings;

import io.dlion.core.UserError;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The one place where names become compositions: a preset is a name, a line of explanation, and
 * changed settings.
 */
public final class Presets {
  private static final Map<String, Preset> ALL = new LinkedHashMap<>();

  private Presets() {}

  /**
   * A named composition.
   *
   * @param name what {@code --preset} takes
   * @param meaning one line
   * @param changes what differs from the defaults
   */
  public record Preset(String name, String meaning, Map<String, String> changes) {
    /** Copies the changes. */
    public Preset {
      changes = Map.copyOf(changes);
    }

    /** The preset's value for every setting. */
    public Settings settings() {
      return Settings.defaults().with(changes);
    }
  }

  static {
    Map<String, String> best =
        Map.of(
            "topology.kind",
            "auto",
            "optimizer.averaging",
            "8",
            "batching.initial",
            "auto",
            "exchange.values",
            "int8",
            "exchange.gather-share",
            "0.05",
            "exchange.processor-share",
            "0.1",
            "exchange.anticipation",
            "on",
            "sync.mode",
            "asynchronous");
    add(
        "dlion",
        "links carry what fits and matters most, nobody waits, batches follow speed: the best"
            + " known",
        best);
    add(
        "dlion-paper",
        "DLion as published (HPDC '21): batch growth, Max N without residuals, plain transfer",
        Map.of(
            "batching.growth",
            "schedule",
            "batching.division",
            "proportional",
            "exchange.budget-share",
            "1",
            "exchange.residual",
            "drop",
            "exchange.momentum",
            "receiver",
            "transfer.rule",
            "plain"));
    // What the published systems have in common: they do nothing of DLion's.
    Map<String, String> plain =
        Map.of("batching.local", "fixed", "batching.growth", "off", "transfer.scope", "none");
    add(
        "baseline",
        "whole gradients to every peer, bulk-synchronous, equal fixed batches",
        plain,
        Map.of("exchange.method", "full", "exchange.momentum", "receiver", "sync.bound", "0"));
    add(
        "hop",
        "Hop (ASPLOS '19): whole gradients, bounded staleness with a backup worker, token queues",
        plain,
        Map.of(
            "exchange.method",
            "full",
            "exchange.momentum",
            "receiver",
            "sync.backup",
            "1",
            "sync.tokens",
            "8"));
    add(
        "gaia",
        "Gaia (NSDI '17): updates gather until they are significant; bounded staleness with"
            + " barriers",
        plain,
        Map.of("exchange.method", "significant", "sync.barrier", "on"));
    add(
        "ako",
        "Ako (SoCC '16): accumulated gradients, block by block as the link carries them,"
            + " asynchronous",
        plain,
        Map.of(
            "exchange.method",
            "blocks",
            "exchange.momentum",
            "receiver",
            "sync.mode",
            "asynchronous"));
    add(
        "diloco",
        "20 local steps, then their distance as int8 to every peer; Nesterov outer step (Douillard"
            + " '23)",
        Map.of(
            "local.steps",
            "20",
            "batching.growth",
            "off",
            "exchange.method",
            "full",
            "exchange.values",
            "int8",
            "transfer.scope",
            "none",
            "sync.bound",
            "0"));
    add(
        "sparseloco",
        "20 local steps, then the 64 largest of each 4,096 entries of their distance in two bits,"
            + " with error feedback (Sarfi '25)",
        Map.of(
            "local.steps",
            "20",
            "outer.learning-rate",
            "1",
            "outer.momentum",
            "0",
            "batching.growth",
            "off",
            "exchange.method",
            "chunks",
            "exchange.values",
            "int2",
            "exchange.feedback",
            "0.95",
            "transfer.scope",
            "none",
            "sync.bound",
            "0"));
    add(
        "noloco",
        "50 local steps, then the mean with one peer, another each round; no all-reduce"
            + " (Kolehmainen '25)",
        Map.of(
            "local.steps",
            "50",
            "outer.momentum",
            "0.5",
            "gossip.pairs",
            "on",
            "batching.growth",
            "off",
            "exchange.method",
            "full",
            "transfer.scope",
            "none",
            "sync.bound",
            "0"));
    add(
        "diloco-async",
        "20 local steps of the fastest worker, fewer of slower ones; then their distance as int8;"
            + " nobody waits (Liu '24)",
        Map.ofEntries(
            Map.entry("local.steps", "20"),
            Map.entry("local.quorum", "0.5"),
            Map.entry("outer.learning-rate", "1"),
            Map.entry("outer.momentum", "0"),
            Map.entry("batching.local", "fixed"),
            Map.entry("batching.growth", "off"),
            Map.entry("exchange.method", "full"),
            Map.entry("exchange.values", "int8"),
            Map.entry("transfer.scope", "none"),
            Map.entry("sync.mode", "asynchronous")));
    add(
        "local",
        "every worker for itself: no exchange at all, to see what exchange is worth",
        plain,
        Map.of("exchange.method", "none", "sync.mode", "asynchronous"));
  }

  static {
    // What the methods with a server have in common.
    Map<String, String> client = Map.of("optimizer.momentum", "0", "batching.local", "fixed");
    add(
        "adsp",
        "ADSP (AAAI '20), with a server: nobody waits, all commit equally often, as often as pays"
            + " best",
        client,
        Map.of("server.method", "adsp"));
    add(
        "bsp",
        "with a server: all commit each step and wait for all (Valiant '90)",
        client,
        Map.of("server.method", "staleness"));
    add(
        "ssp",
        "with a server: all commit each step, and may lead the slowest by 30 (SSP, NIPS '13)",
        client,
        Map.of("server.method", "staleness", "server.staleness", "30"));
    add(
        "adacomm",
        "with a server: all commit together after τ steps, tried first, then falling (MLSys '19)",
        client,
        Map.of("server.method", "adacomm"));
    add(
        "fixed-adacomm",
        "with a server: all commit together after 40 steps",
        client,
        Map.of("server.method", "staleness", "commit.steps", "40"));
    Map<String, String> tuned =
        Map.of(
            "server.method",
            "staleness",
            "batching.local",
            "adaptive",
            "batching.division",
            "proportional");
    add(
        "batchtune-bsp",
        "bsp with batches by speed, so that steps take equally long",
        client,
        tuned);
    Map<String, String> stale = new LinkedHashMap<>(tuned);
    stale.put("server.staleness", "30");
    add(
        "batchtune-ssp",
        "ssp with batches by speed, so that steps take equally long",
        client,
        stale);
  }

  private static void add(
      String name, String meaning, Map<String, String> base, Map<String, String> changes) {
    Map<String, String> all = new LinkedHashMap<>(base);
    all.putAll(changes);
    add(name, meaning, all);
  }

  private static void add(String name, String meaning, Map<String, String> changes) {
    ALL.put(name, new Preset(name, meaning, changes));
  }

  /** All presets, the recommended one first. */
  public static Collection<Preset> all() {
    return Collections.unmodifiableCollection(ALL.values());
  }

  /**
   * The preset of that name.
   *
   * @throws UserError with the nearest name where there is none
   */
  public static Preset find(String name) {
    Preset preset = ALL.get(name);
    if (preset == null) {
      throw new UserError(
          "unknown preset '"
              + name
              + "'"
              + Nearest.hint(name, ALL.keySet())
              + " (dlion presets lists them)");
    }
    return preset;
  }
}
