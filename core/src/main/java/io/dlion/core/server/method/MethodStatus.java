package io.dlion.core.server.method;

/**
 * Where a method is in its search, for people.
 *
 * @param commitTarget commits that each client is to make in a check period, or steps between two
 *     commits; 0 where the method sets neither
 * @param search what is being tried; empty if nothing is
 * @param reward of the last probe; NaN before the first
 * @param implicitMomentum μ; NaN where unknown
 * @param searches begun so far
 */
public record MethodStatus(
    int commitTarget, String search, double reward, double implicitMomentum, int searches) {
  /** Of a method that searches nothing. */
  public static final MethodStatus NONE = new MethodStatus(0, "", Double.NaN, Double.NaN, 0);
}
