package io.dlion.core.settings;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/**
 * Among which values of an option {@code dlion tune} looks for the best.
 *
 * @param scale how values are spread
 * @param least value; of {@link Scale#FACTOR} the least factor; 0 for choices
 * @param greatest likewise
 * @param choices the values of {@link Scale#CHOICE}; empty for others
 * @param within what else a preset must be for it to be searched: outside of it the preset would
 *     become another method
 */
public record SearchSpace(
    Scale scale, double least, double greatest, List<String> choices, List<Condition> within) {
  private static final MathContext DIGITS = new MathContext(3);

  /** Rounding to three digits may go beyond a bound by so much. */
  private static final double ROUNDING = 0.005;

  /** How values are spread over a space. */
  public enum Scale {
    /** Equal differences are equally far. */
    LINEAR,
    /** Equal ratios are equally far. */
    LOG,
    /** Of the preset's own value, which depends on the model; equal ratios are equally far. */
    FACTOR,
    /** One of a few values. */
    CHOICE
  }

  /** Copies the choices. */
  public SearchSpace {
    choices = List.copyOf(choices);
    within = List.copyOf(within);
  }

  static SearchSpace linear(double least, double greatest) {
    return new SearchSpace(Scale.LINEAR, least, greatest, List.of(), List.of());
  }

  static SearchSpace log(double least, double greatest) {
    return new SearchSpace(Scale.LOG, least, greatest, List.of(), List.of());
  }

  static SearchSpace factor(double least, double greatest) {
    return new SearchSpace(Scale.FACTOR, least, greatest, List.of(), List.of());
  }

  static SearchSpace choice(String... choices) {
    return new SearchSpace(Scale.CHOICE, 0, 0, List.of(choices), List.of());
  }

  /** The same for presets that are such, no others. */
  SearchSpace where(Condition... within) {
    return new SearchSpace(scale, least, greatest, choices, List.of(within));
  }

  /** Whether it is searched where a preset is such. */
  boolean isSearched(Settings preset) {
    return within.stream().allMatch(condition -> condition.holds(preset));
  }

  /**
   * A value of it.
   *
   * @param place from 0 to below 1; equal distances are equally far on its scale
   * @param whole whether it is to be a whole number
   * @param own the preset's own value
   */
  public String value(double place, boolean whole, String own) {
    if (!(place >= 0 && place < 1)) {
      throw new IllegalArgumentException("place " + place);
    }
    return switch (scale) {
      case CHOICE -> choices.get((int) (place * choices.size()));
      case LINEAR -> text(least + place * (greatest - least), whole);
      case LOG -> text(ofRatio(place), whole);
      case FACTOR -> text(Double.parseDouble(own) * ofRatio(place), whole);
    };
  }

  private double ofRatio(double place) {
    return least * Math.pow(greatest / least, place);
  }

  private static String text(double number, boolean whole) {
    BigDecimal rounded =
        whole
            ? BigDecimal.valueOf(Math.round(number))
            : BigDecimal.valueOf(number).round(DIGITS).stripTrailingZeros();
    return rounded.toPlainString();
  }

  /** Whether a valid value of the option lies in it; of a factor that cannot be known here. */
  public boolean contains(String value) {
    if (scale == Scale.CHOICE) {
      return choices.contains(value);
    }
    try {
      double number = Double.parseDouble(value);
      return scale == Scale.FACTOR
          ? number > 0
          : number >= least * (1 - ROUNDING) && number <= greatest * (1 + ROUNDING);
    } catch (NumberFormatException word) {
      return false;
    }
  }

  /** For people: {@code "4 to 256 (log)"}, {@code "0 | 4 | 8"}. */
  @Override
  public String toString() {
    String range = Option.plain(least) + " to " + Option.plain(greatest);
    return switch (scale) {
      case CHOICE -> String.join(" | ", choices);
      case LINEAR -> range;
      case LOG -> range + " (log)";
      case FACTOR -> range + " times the preset's own (log)";
    };
  }
}
