package io.dlion.data.partition;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.settings.Nearest;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How partitions are written. */
final class PartitionSyntax {
  private static final Pattern PATTERN = Pattern.compile("([a-z-]+)(?:\\(\\s*([^()\\s]+)\\s*\\))?");

  private PartitionSyntax() {}

  static Partition parse(String text) {
    Matcher m = PATTERN.matcher(text.strip());
    if (!m.matches()) {
      throw unknown(text);
    }
    @Nullable String number = m.group(2);
    if (number == null && m.group(1).equals("iid")) {
      return new IidPartition();
    }
    return switch (m.group(1)) {
      case "dirichlet" -> new DirichletPartition(number == null ? 0.5 : real(text, number));
      case "by-label" -> new ByLabelPartition(number == null ? 1 : whole(text, number));
      default -> throw unknown(text);
    };
  }

  private static double real(String text, String number) {
    try {
      return Double.parseDouble(number);
    } catch (NumberFormatException e) {
      throw notNumber(text, number, e);
    }
  }

  private static int whole(String text, String number) {
    try {
      return Integer.parseInt(number);
    } catch (NumberFormatException e) {
      throw notNumber(text, number, e);
    }
  }

  private static UserError notNumber(String text, String number, NumberFormatException e) {
    return new UserError(
        Phrase.of("partition %s: expected a number between the brackets, found '%s'", text, number),
        e);
  }

  private static UserError unknown(String text) {
    int bracket = text.indexOf('(');
    String name = bracket < 0 ? text : text.substring(0, bracket);
    return new UserError(
        Phrase.of(
            "unknown partition '%s': expected iid, dirichlet(ALPHA) or by-label(SHARDS)%s",
            text, Nearest.hint(name, List.of("iid", "dirichlet", "by-label"))));
  }
}
