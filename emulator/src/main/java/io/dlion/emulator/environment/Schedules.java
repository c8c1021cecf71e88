package io.dlion.emulator.environment;

import io.dlion.emulator.environment.Schedule.Step;
import io.dlion.emulator.yaml.Fields;
import io.dlion.emulator.yaml.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoublePredicate;

/** Reads schedules: a number, or a list of {@code {from: 1/3, value: 12}}. */
final class Schedules {
  private static final double MAX = 1e9;
  private static final int PER_SECOND_MAX = 100_000;

  private Schedules() {}

  /** A capacity in cores; 0 for a while is a worker that stands still. */
  static Schedule cores(Value value) {
    Schedule cores = read(value, "a number of cores, at least 0", Schedules::isAmount);
    if (cores.greatest() == 0) {
      throw value.error("expected some cores some time, found 0 always: leave the worker out");
    }
    return cores;
  }

  /** A speed relative to the slowest workers; 0 for a while is a worker that stands still. */
  static Schedule speed(Value value) {
    Schedule speed =
        read(value, "a relative speed, at least 0, such as 1 or 4", Schedules::isAmount);
    if (speed.greatest() == 0) {
      throw value.error("expected some speed some time, found 0 always: leave the worker out");
    }
    return speed;
  }

  /** A rate in Mbit/s. */
  static Schedule mbit(Value value) {
    return read(value, "a rate above 0 in Mbit/s", mbit -> mbit > 0 && mbit <= MAX);
  }

  /** Records a second; 0 for a while is a stream that rests. */
  static Schedule perSecond(Value value) {
    return read(
        value, "records a second, from 0 to " + PER_SECOND_MAX, n -> n >= 0 && n <= PER_SECOND_MAX);
  }

  /** A rate in Mbit/s that does not change. */
  static double fixedMbit(Value value) {
    return value.number("a rate above 0 in Mbit/s", mbit -> mbit > 0 && mbit <= MAX);
  }

  private static Schedule read(Value value, String expected, DoublePredicate condition) {
    if (!value.isList()) {
      return Schedule.constant(value.number(expected, condition));
    }
    TimeOrder order = new TimeOrder("steps", true);
    List<Step> steps = new ArrayList<>();
    for (Value element : value.list("steps such as {from: 1/3, value: 12}")) {
      Fields step = element.fields("from", "value");
      Moment from = steps.isEmpty() ? first(step.get("from")) : order.next(step.get("from"));
      steps.add(new Step(from, step.get("value").number(expected, condition)));
    }
    if (steps.isEmpty()) {
      throw value.error("expected steps such as {from: 0s, value: 12}, found an empty list");
    }
    return new Schedule(steps, Environment.DEFAULT_BUDGET_NANOS);
  }

  private static Moment first(Value from) {
    Moment moment = Times.moment(from);
    if (moment.nanos() > 0 || moment.budgetShare() > 0) {
      throw from.error("expected the first step from 0s, found it from " + moment);
    }
    return moment;
  }

  private static boolean isAmount(double number) {
    return number >= 0 && number <= MAX;
  }
}
