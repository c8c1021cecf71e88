package io.dlion.cli.command;

import io.dlion.cli.console.Console;
import io.dlion.core.Phrase;
import io.dlion.core.settings.Effects;
import io.dlion.core.settings.Option;
import io.dlion.core.settings.Options;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Presets.Preset;
import io.dlion.core.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Presets and their settings as lines of text. */
record PresetText(Console console) {
  private static final String INDENT = "      ";

  List<String> list() {
    List<String> lines = new ArrayList<>();
    int width = Presets.all().stream().mapToInt(p -> p.name().length()).max().orElseThrow();
    for (Preset preset : Presets.all()) {
      String name = preset.name() + " ".repeat(width - preset.name().length());
      lines.add(console.bold(name) + "  " + preset.meaning());
    }
    lines.add("");
    lines.add("dlion presets NAME shows every setting of one; --set KEY=VALUE changes it.");
    return lines;
  }

  List<String> settings(Preset preset) {
    List<String> lines = new ArrayList<>();
    lines.add(console.bold(preset.name()) + ": " + preset.meaning());
    lines.add("* differs from the default; --set KEY=VALUE changes any of them.");
    Settings settings = preset.settings();
    Set<String> idle = Effects.idleSections(settings);
    String section = "";
    for (Option option : Options.all()) {
      String its = option.section();
      if (!its.equals(section)) {
        lines.add("");
        String note = idle.contains(its) ? "  (no effect with this preset)" : "";
        lines.add(console.bold(its) + note);
        section = its;
      }
      lines.add(setting(option, settings.text(option.key())));
      lines.add(INDENT + option.meaning());
      option.spaceOf(settings).ifPresent(space -> lines.add(INDENT + "tuned: " + space));
    }
    return lines;
  }

  private String setting(Option option, String value) {
    boolean changed = !value.equals(option.initial());
    String assignment = Phrase.of("%-42s", option.key() + "=" + value);
    return (changed ? "  * " : "    ")
        + (changed ? console.bold(assignment) : assignment)
        + "  "
        + option.range()
        + (changed ? "  (default: " + option.initial() + ")" : "");
  }

  List<String> differences(Preset first, Preset second) {
    List<String> lines = new ArrayList<>();
    lines.add(row("", first.name(), second.name()));
    for (Option option : Options.all()) {
      String one = first.settings().text(option.key());
      String other = second.settings().text(option.key());
      if (!one.equals(other)) {
        lines.add(row(option.key(), one, other));
      }
    }
    if (lines.size() == 1) {
      return List.of(first.name() + " and " + second.name() + " have the same settings.");
    }
    return lines;
  }

  private static String row(String key, String one, String other) {
    return Phrase.of("%-28s  %-14s  %s", key, one, other);
  }
}
