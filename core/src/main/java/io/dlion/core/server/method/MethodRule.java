package io.dlion.core.server.method;

import io.dlion.core.settings.Goal;

/** A method with its parameters, as the settings say. Each method reads its own. */
public interface MethodRule {
  /**
   * The method at the beginning of a run, or of the life of a server.
   *
   * @param goal of the run, to which times that are left open are fitted
   */
  Method open(Goal goal);

  /**
   * Checks that the method can do what it does within a run.
   *
   * @throws io.dlion.core.UserError if a run that short is over before
   */
  default void requireTime(Goal goal) {}
}
