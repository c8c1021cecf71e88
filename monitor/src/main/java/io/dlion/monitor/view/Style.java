package io.dlion.monitor.view;

/**
 * How a view looks beyond its words. Colour only repeats what a word or sign already says, and is
 * blue or yellow, never red against green.
 */
enum Style {
  /** Words alone. */
  PLAIN,
  /** With ANSI colours. */
  COLOUR;

  /** Stands back. */
  String faint(String text) {
    return in("2", text);
  }

  /** Stands out as good news does. */
  String accent(String text) {
    return in("34", text);
  }

  /** Stands out as trouble does. */
  String alarm(String text) {
    return in("1;33", text);
  }

  private String in(String code, String text) {
    return this == PLAIN || text.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
  }
}
