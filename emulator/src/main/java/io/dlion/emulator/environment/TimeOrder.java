package io.dlion.emulator.environment;

import io.dlion.emulator.yaml.Value;

/** Sees to it that moments come one after the other, whatever the budget will be. */
final class TimeOrder {
  private final String what;
  private final boolean strictly;
  private Moment last;
  private boolean anyTime;
  private boolean anyShare;

  /**
   * The next comes after a moment.
   *
   * @param what in the plural, for errors
   * @param strictly whether two may not come at once
   */
  TimeOrder(String what, Moment first, boolean strictly) {
    this.what = what;
    this.strictly = strictly;
    this.last = first;
    this.anyTime = first.nanos() > 0;
    this.anyShare = first.budgetShare() > 0;
  }

  /** Reads the next moment. */
  Moment next(Value value) {
    Moment moment = Times.moment(value);
    anyTime |= moment.nanos() > 0;
    anyShare |= moment.budgetShare() > 0;
    if (anyTime && anyShare) {
      throw value.error(
          "expected all " + what + " at times or all at shares of the budget, found both");
    }
    int order = compare(moment, last);
    if (order < 0 || (strictly && order == 0)) {
      throw value.error(
          "expected " + what + " in order of time, found " + moment + " after " + last);
    }
    last = moment;
    return moment;
  }

  private static int compare(Moment one, Moment other) {
    return one.budgetShare() == other.budgetShare()
        ? Long.compare(one.nanos(), other.nanos())
        : Double.compare(one.budgetShare(), other.budgetShare());
  }
}
