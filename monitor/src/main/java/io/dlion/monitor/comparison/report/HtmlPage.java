package io.dlion.monitor.comparison.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What all reports have in common: the style sheet, templates, and text that is safe in HTML. */
public final class HtmlPage {
  private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z]+)}}");

  private HtmlPage() {}

  /** The style sheet. */
  public static String style() {
    return resource(HtmlPage.class, "report.css");
  }

  /** Text as HTML, safe inside elements and quoted attributes. */
  public static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** Fills a template in one pass: what is put in is not looked at again. */
  public static String filled(String template, Map<String, String> values) {
    return PLACE
        .matcher(template)
        .replaceAll(place -> {
          String value = values.get(place.group(1));
          if (value == null) {
            throw new IllegalStateException("nothing for {{" + place.group(1) + "}}");
          }
          return Matcher.quoteReplacement(value);
        });
  }

  /** The text of a resource that lies beside a class. */
  public static String resource(Class<?> beside, String name) {
    try (InputStream in = beside.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name, e);
    }
  }
}
