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
    int mine = numberFrom(name);
    int theirs = numberFrom(other.name);
    int byStem = name.substring(0, mine).compareTo(other.name.substring(0, theirs));
    if (byStem != 0) {
      return byStem;
    }
    // Without leading zeros, the longer number is the greater one.
    String number = withoutZeros(name.substring(mine));
    String otherNumber = withoutZeros(other.name.substring(theirs));
    int byNumber =
        number.length() == otherNumber.length()
            ? number.compareTo(otherNumber)
            : Integer.compare(number.length(), otherNumber.length());
    return byNumber != 0 ? byNumber : name.compareTo(other.name);
  }

  /** Where the trailing number begins. */
  private static int numberFrom(String name) {
    int i = name.length();
    while (i > 0 && Character.isDigit(name.charAt(i - 1))) {
      i--;
    }
    return i;
  }

  private static String withoutZeros(String digits) {
    int i = 0;
    while (i < digits.length() && digits.charAt(i) == '0') {
      i++;
    }
    return digits.substring(i);
  }

  @Override
  public String toString() {
    return name;
  }
}
