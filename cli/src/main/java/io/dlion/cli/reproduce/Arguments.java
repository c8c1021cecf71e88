package io.dlion.cli.reproduce;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Flags of {@code dlion emulate}, in order.
 *
 * @param flags each with its value
 */
record Arguments(List<Flag> flags) {
  /** The one flag that may be repeated. */
  private static final String SET = "--set";

  /** One flag; switches have no value. */
  record Flag(String name, Optional<String> value) {}

  Arguments {
    flags = List.copyOf(flags);
  }

  /**
   * Reads flags as they are typed, without quotes: {@code --budget 300s --no-ideal}.
   *
   * @return empty where the text does not begin with a flag, or has two values behind one
   */
  static Optional<Arguments> parse(String text) {
    List<Flag> flags = new ArrayList<>();
    for (String word : text.strip().split("\\s+", -1)) {
      if (word.matches("--[a-z-]+")) {
        flags.add(new Flag(word, Optional.empty()));
      } else if (flags.isEmpty() || flags.getLast().value().isPresent()) {
        return Optional.empty();
      } else {
        flags.set(flags.size() - 1, new Flag(flags.getLast().name(), Optional.of(word)));
      }
    }
    return Optional.of(new Arguments(flags));
  }

  /** These, with those of the other in place of flags that both have; {@value #SET} is added. */
  Arguments with(Arguments other) {
    List<Flag> all = new ArrayList<>();
    for (Flag flag : flags) {
      if (flag.name().equals(SET)
          || other.flags.stream().noneMatch(o -> o.name().equals(flag.name()))) {
        all.add(flag);
      }
    }
    all.addAll(other.flags);
    return new Arguments(all);
  }

  /** These, with one flag set. */
  Arguments with(String name, String value) {
    return with(new Arguments(List.of(new Flag(name, Optional.of(value)))));
  }

  /** Word for word, as a program takes them. */
  List<String> words() {
    List<String> words = new ArrayList<>();
    for (Flag flag : flags) {
      words.add(flag.name());
      flag.value().ifPresent(words::add);
    }
    return words;
  }
}
