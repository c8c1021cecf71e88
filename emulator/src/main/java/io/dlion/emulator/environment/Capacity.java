package io.dlion.emulator.environment;

/**
 * What a worker computes over time: in cores of a reference CPU, or as a speed relative to a class
 * of slow workers, which have speed 1.
 *
 * @param unit of the amounts
 * @param amount at any time; 0 stands still
 */
public record Capacity(Unit unit, Schedule amount) {
  /** The speed that is as fast as the reference worker of 24 cores. */
  public static final double REFERENCE_SPEED = 4;

  /** That of the reference worker. */
  static final Capacity REFERENCE =
      new Capacity(Unit.CORES, Schedule.constant(Unit.REFERENCE_CORES));

  /** What amounts are given in. */
  public enum Unit {
    /** Cores of a reference CPU: twice as many are 2^0.9 times as fast. */
    CORES {
      @Override
      double speed(double cores) {
        return StrictMath.pow(cores / REFERENCE_CORES, SCALING);
      }

      @Override
      double factor(double timesAsFast) {
        return StrictMath.pow(timesAsFast, 1 / SCALING);
      }
    },

    /** Relative speed: twice as much is twice as fast. */
    SPEED {
      @Override
      double speed(double relative) {
        return relative / REFERENCE_SPEED;
      }

      @Override
      double factor(double timesAsFast) {
        return timesAsFast;
      }
    };

    private static final double REFERENCE_CORES = 24;

    /** What parallel work loses. */
    private static final double SCALING = 0.9;

    /** How many times as fast as the reference worker. */
    abstract double speed(double amount);

    /** How many times as much it takes to be so many times as fast. */
    abstract double factor(double timesAsFast);
  }

  /** How many times as fast as the reference worker it is at a time; 0 where it stands still. */
  double speedAt(long nanos) {
    return unit.speed(amount.at(nanos));
  }

  /** When it changes next after a time; {@link Long#MAX_VALUE} where it does not. */
  long nextChangeNanos(long afterNanos) {
    return amount.nextChangeNanos(afterNanos);
  }

  /** So many times as fast, at any time. */
  Capacity times(double timesAsFast) {
    return new Capacity(unit, amount.times(unit.factor(timesAsFast)));
  }

  Capacity withBudget(long budgetNanos) {
    return new Capacity(unit, amount.withBudget(budgetNanos));
  }
}
