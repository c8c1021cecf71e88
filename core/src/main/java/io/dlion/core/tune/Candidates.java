package io.dlion.core.tune;

import io.dlion.core.learn.Seeds;
import io.dlion.core.settings.Effects;
import io.dlion.core.settings.Option;
import io.dlion.core.settings.Options;
import io.dlion.core.settings.SearchSpace;
import io.dlion.core.settings.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The settings of a method that are tried: its own first, then a Latin hypercube over its space
 * (McKay '79). Each option's scale is cut into as many parts as there are candidates, and each part
 * is met once. What is drawn for an option depends on the seed and its name alone, so that methods
 * which share an option try the same values of it. Immutable.
 */
public final class Candidates {
  private final Settings own;
  private final Map<Option, SearchSpace> space;
  private final int count;
  private final long seed;

  /**
   * Candidates of a method.
   *
   * @param own its settings, with nothing about the optimizer left open
   * @param fixed keys that keep their values
   * @param count how many candidates, at least 1
   * @param seed of what is drawn
   */
  public Candidates(Settings own, Set<String> fixed, int count, long seed) {
    if (count < 1) {
      throw new IllegalArgumentException(count + " candidates");
    }
    this.own = own;
    this.count = count;
    this.seed = seed;
    this.space = space(own);
    space.keySet().removeIf(option -> fixed.contains(option.key()));
  }

  /** The options that are tuned where a method is such, each with its space. */
  public static Map<Option, SearchSpace> space(Settings own) {
    Map<Option, SearchSpace> space = new LinkedHashMap<>();
    for (Option option : Options.all()) {
      option.spaceOf(own).ifPresent(its -> space.put(option, its));
    }
    return space;
  }

  /** What each of them changes of the method's own settings, in order; the first one nothing. */
  public List<Map<String, String>> all() {
    List<Map<String, String>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(new LinkedHashMap<>());
    }
    space.forEach((option, values) -> {
      String mine = own.text(option.key());
      boolean whole = option.kind() == Option.Kind.INTEGER;
      double[] places = places(option.key());
      for (int i = 0; i < places.length; i++) {
        String value = values.value(places[i], whole, mine);
        if (!value.equals(mine)) {
          all.get(i + 1).put(option.key(), value);
        }
      }
    });
    return all.stream().map(changes -> Effects.only(changes, own)).toList();
  }

  /** Where on the option's scale the candidates after the first are. */
  private double[] places(String key) {
    SplittableRandom random = new SplittableRandom(Seeds.derive(seed, "tune " + key));
    int parts = count - 1;
    double[] places = new double[parts];
    for (int i = 0; i < parts; i++) {
      int j = random.nextInt(i + 1);
      places[i] = places[j];
      places[j] = i;
    }
    for (int i = 0; i < parts; i++) {
      places[i] = (places[i] + random.nextDouble()) / parts;
    }
    return places;
  }
}
