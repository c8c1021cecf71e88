package io.dlion.cli.run;

/** How the program was called, so that a command it suggests can be typed as it stands. */
final class Invocation {
  /** As the launcher was told: {@code ./dlion} in a checkout, {@code dlion} from the path. */
  static final String COMMAND = System.getProperty("dlion.command", "dlion");

  private Invocation() {}

  static String train() {
    return COMMAND + " train";
  }

  static String worker() {
    return COMMAND + " worker";
  }
}
