package io.dlion.monitor.comparison.report;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * Writes SVG, an element a line. Attributes are given as name, value, name, value, …; numbers have
 * one decimal at most. Not thread safe.
 */
final class Svg {
  private final StringBuilder text = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /** Begins an element; {@link #close} ends it. */
  void open(String tag, Object... attributes) {
    begin(tag, attributes);
    text.append(">\n");
    open.push(tag);
  }

  /** Ends the element begun last. */
  void close() {
    text.append("</").append(open.pop()).append(">\n");
  }

  /** An element without content. */
  void element(String tag, Object... attributes) {
    begin(tag, attributes);
    text.append("/>\n");
  }

  /** An element with text. */
  void content(String tag, String content, Object... attributes) {
    begin(tag, attributes);
    text.append('>').append(escape(content)).append("</").append(tag).append(">\n");
  }

  private void begin(String tag, Object... attributes) {
    text.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      text.append(' ').append(attributes[i]).append("=\"");
      text.append(escape(value(attributes[i + 1]))).append('"');
    }
  }

  private static String value(Object value) {
    return value instanceof Double number ? number(number) : value.toString();
  }

  /** {@code 12.3}, {@code 12}. */
  static String number(double value) {
    String text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** What was written. */
  @Override
  public String toString() {
    return text.toString();
  }
}
