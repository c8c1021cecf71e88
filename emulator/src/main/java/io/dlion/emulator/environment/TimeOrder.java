package io.dlion.emulator.environment;

import io.dlion.core.Phrase;
import io.dlion.emulator.yaml.Value;

/** Sees to it that moments come one after the other, whatever the budget will be. */
final class TimeOrder {
  private final String what;
  private final boolean strictly;
  private Moment last = Moment.START;

  /**
   * Nothing came so far.
   *
   * @param what in the plural, for errors
   * @param strictly whether each must be later than the one before
   */
  TimeOrder(String what, boolean strictly) {
    this.what = what;
    this.strictly = strictly;
  }

  /** Reads the next moment. */
  Moment next(Value value) {
    Moment moment = Times.moment(value);
    if (moment.isMixedWith(last)) {
      throw value.error(
          Phrase.of(
              "expected all %s at times or all at shares of the budget, found %s after %s",
              what, moment, last));
    }
    if (strictly ? !last.isBefore(moment) : moment.isBefore(last)) {
      throw value.error(
          Phrase.of("expected %s in order of time, found %s after %s", what, moment, last));
    }
    last = moment;
    return moment;
  }
}
