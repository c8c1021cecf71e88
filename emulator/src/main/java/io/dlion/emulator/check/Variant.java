package io.dlion.emulator.check;

import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A method to be checked: a preset, and settings that differ from it.
 *
 * @param preset its name
 * @param changes settings that differ from the preset's
 */
public record Variant(String preset, Map<String, String> changes) {
  /**
   * The recommended preset without one of its parts each; and what no preset is: global batches
   * that grow where replicas must stay equal, and another optimizer.
   */
  private static final List<Variant> BESIDES_PRESETS =
      List.of(
          of("dlion", "batching.local=fixed", "batching.growth=off"),
          of("dlion", "exchange.method=full", "exchange.values=fp32", "sync.mode=bounded"),
          of("dlion", "transfer.scope=none"),
          of("dlion", "exchange.residual=drop"),
          of("dlion", "exchange.anticipation=off"),
          of("dlion", "optimizer.averaging=0"),
          of("baseline", "batching.local=adaptive", "batching.growth=schedule"),
          of("baseline", "optimizer.kind=adamw"),
          of("baseline", "optimizer.kind=adamw", "optimizer.schedule=cosine"),
          of("dlion", "optimizer.kind=adamw"),
          of("diloco", "optimizer.kind=adamw"),
          of("diloco", "exchange.values=int4", "exchange.feedback=1"),
          of("sparseloco", "exchange.chunk=4", "exchange.chunk-kept=1"));

  /** Orders the changes by key. */
  public Variant {
    changes = Collections.unmodifiableSortedMap(new TreeMap<>(changes));
  }

  /** A preset with settings changed, each {@code key=value}. */
  public static Variant of(String preset, String... changes) {
    return new Variant(
        preset,
        Stream.of(changes)
            .map(change -> change.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1])));
  }

  /**
   * What checks draw from: every preset, the recommended one without each of its parts, and more.
   */
  public static List<Variant> all() {
    List<Variant> all = new ArrayList<>();
    List<Settings> covered = BESIDES_PRESETS.stream().map(Variant::settings).toList();
    Presets.all().stream()
        .filter(preset -> !covered.contains(preset.settings()))
        .forEach(preset -> all.add(of(preset.name())));
    all.addAll(BESIDES_PRESETS);
    return all;
  }

  /**
   * Its value for every setting.
   *
   * @throws io.dlion.core.UserError for an unknown preset or key, or a value out of its range
   */
  public Settings settings() {
    return Presets.find(preset).settings().with(changes);
  }

  /** This one with more settings changed. */
  public Variant with(Map<String, String> more) {
    Map<String, String> all = new TreeMap<>(changes);
    all.putAll(more);
    return new Variant(preset, all);
  }

  /** What {@code dlion check} is told to draw this one only. */
  List<String> words() {
    List<String> words = new ArrayList<>(List.of("--preset", preset));
    changes.forEach((key, value) -> words.addAll(List.of("--set", key + "=" + value)));
    return words;
  }

  @Override
  public String toString() {
    return changes.entrySet().stream()
        .map(change -> " " + change.getKey() + "=" + change.getValue())
        .collect(Collectors.joining("", preset, ""));
  }
}
