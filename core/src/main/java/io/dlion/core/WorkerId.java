package io.dlion.core;

import java.util.regex.Pattern;

/**
 * A worker's name, unique in its cluster. The order is by name with a trailing number compared as a
 * number (w2 before w10); wherever the algorithms break a tie by "least worker id", this order
 * decides.
 *
 * @param name 1 to 64 letters, digits, dots, dashes or underscores
 */
public record WorkerId(String name) implements Comparable<WorkerId> {
  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /** Checks the name. */
  public WorkerId {
    if (!VALID.matcher(name).matches()) {
      throw new UserError(
          "worker name '"
              + name
              + "': expected 1 to 64 letters, digits, dots, dashes or underscores");
    }
  }

  @Override
  public int compareTo(WorkerId other) {
    if (name.equals(other.name)) {
      return 0;
    }
    int mine = numberFrom(name);
    int theirs = numberFrom(other.name);
    int byStem = compare(name, 0, mine, other.name, 0, theirs);
    if (byStem != 0) {
      return byStem;
    }
    // Without leading zeros, the longer number is the greater one.
    int from = withoutZeros(name, mine);
    int otherFrom = withoutZeros(other.name, theirs);
    int byLength = Integer.compare(name.length() - from, other.name.length() - otherFrom);
    int byNumber =
        byLength != 0
            ? byLength
            : compare(name, from, name.length(), other.name, otherFrom, other.name.length());
    return byNumber != 0 ? byNumber : name.compareTo(other.name);
  }

  /**
   * Compares parts of two names as strings are compared, without making any: this is called often.
   */
  private static int compare(String a, int from, int to, String b, int otherFrom, int otherTo) {
    int common = Math.min(to - from, otherTo - otherFrom);
    for (int i = 0; i < common; i++) {
      int difference = a.charAt(from + i) - b.charAt(otherFrom + i);
      if (difference != 0) {
        return difference;
      }
    }
    return (to - from) - (otherTo - otherFrom);
  }

  /** Where the trailing number begins. */
  private static int numberFrom(String name) {
    int i = name.length();
    while (i > 0 && isDigit(name.charAt(i - 1))) {
      i--;
    }
    return i;
  }

  /** Names are ASCII. */
  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** Where the trailing number begins without its zeros. */
  private static int withoutZeros(String name, int from) {
    int i = from;
    while (i < name.length() && name.charAt(i) == '0') {
      i++;
    }
    return i;
  }

  @Override
  public String toString() {
    return name;
  }
}
