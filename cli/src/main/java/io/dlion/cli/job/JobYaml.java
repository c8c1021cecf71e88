package io.dlion.cli.job;

import io.dlion.core.Phrase;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.data.DataOptions;
import io.dlion.data.csv.Delimiters;
import io.dlion.data.csv.TableLayout;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes a job as YAML, every setting spelled out. */
final class JobYaml {
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z0-9_/.][A-Za-z0-9_/.()>-]*(:[A-Za-z0-9]+)?");

  private final Job job;
  private final StringBuilder text = new StringBuilder();

  JobYaml(Job job) {
    this.job = job;
  }

  String text(List<String> comments) {
    comments.forEach(this::comment);
    value(JobKey.DATA, job.data());
    job.stream().ifPresent(this::stream);
    reading(job.reading());
    value(JobKey.PARTITION, job.partition());
    if (!job.shares().isEmpty()) {
      String shares =
          job.shares().stream().map(NumberReader::text).collect(Collectors.joining(", "));
      line(JobKey.SHARES.key() + ": [" + shares + "]");
    }
    value(JobKey.MODEL, job.model());
    if (!job.hours().spans().isEmpty()) {
      String spans =
          job.hours().spans().stream()
              .map(span -> '"' + span.toString() + '"')
              .collect(Collectors.joining(", "));
      line(JobKey.HOURS.key() + ": [" + spans + "]");
    }
    value(JobKey.WORKERS, Integer.toString(job.workers()));
    job.minWorkers().ifPresent(n -> value(JobKey.MIN_WORKERS, n.toString()));
    job.threads().ifPresent(threads -> value(JobKey.THREADS, threads.toString()));
    job.links().defaultMbit().ifPresent(rate -> value(JobKey.LINK_MBIT, NumberReader.text(rate)));
    numbers(JobKey.LINKS, job.links().pairs());
    numbers(JobKey.SLOW, job.slow());
    goal(job.goal());
    value(JobKey.SEED, Long.toString(job.seed()));
    value(JobKey.KEEP_MODEL, job.keepModel().key());
    value(JobKey.OUT, job.out());
    job.name().ifPresent(name -> value(JobKey.NAME, name));
    value(JobKey.PRESET, job.preset());
    settings(job.settings(), Presets.find(job.preset()).settings());
    return text.toString();
  }

  private void stream(StreamJob stream) {
    value(JobKey.STREAM, stream.address());
    if (!stream.schema().isEmpty()) {
      line(JobKey.SCHEMA.key() + ":");
      stream.schema().forEach((key, value) -> line("  " + key + ": " + scalar(value)));
    }
  }

  private void reading(DataOptions reading) {
    reading.kind().ifPresent(kind -> value(JobKey.KIND, kind.key()));
    reading.table().label().ifPresent(label -> value(JobKey.LABEL, label));
    reading.table().task().ifPresent(task -> value(JobKey.TASK, task.key()));
    if (!reading.classes().isEmpty()) {
      String names =
          reading.classes().stream().map(JobYaml::scalar).collect(Collectors.joining(", "));
      line(JobKey.CLASSES.key() + ": [" + names + "]");
    }
    reading.table().header().ifPresent(header -> value(JobKey.HEADER, header ? "yes" : "no"));
    reading.table().delimiter().ifPresent(d -> value(JobKey.DELIMITER, Delimiters.name(d)));
    reading
        .table()
        .decimal()
        .ifPresent(mark -> value(JobKey.DECIMAL, TableLayout.decimalName(mark)));
    reading.table().window().ifPresent(n -> value(JobKey.WINDOW, n.toString()));
    reading.table().sequenceBy().ifPresent(column -> value(JobKey.SEQUENCE_BY, column));
    reading.imageSize().ifPresent(size -> value(JobKey.IMAGE_SIZE, size.toString()));
    reading.sequenceLength().ifPresent(n -> value(JobKey.SEQUENCE_LENGTH, n.toString()));
  }

  private void goal(JobGoal goal) {
    goal.epochs().ifPresent(epochs -> value(JobKey.EPOCHS, NumberReader.text(epochs)));
    goal.time().ifPresent(time -> value(JobKey.TIME, Durations.text(time)));
    goal.targetAccuracy()
        .ifPresent(accuracy -> value(JobKey.TARGET_ACCURACY, NumberReader.text(accuracy)));
    goal.patience().ifPresent(n -> value(JobKey.PATIENCE, n.toString()));
  }

  private void numbers(JobKey key, Map<?, Double> numbers) {
    if (!numbers.isEmpty()) {
      line(key.key() + ":");
      numbers.forEach((name, number) -> line("  " + name + ": " + NumberReader.text(number)));
    }
  }

  private void settings(Settings settings, Settings preset) {
    line(JobKey.SET.key() + ":");
    Map<String, String> implied = preset.asMap();
    settings
        .asMap()
        .forEach((key, value) -> {
          String was = implied.getOrDefault(key, "");
          String note = value.equals(was) ? "" : "  # " + job.preset() + ": " + was;
          line("  " + key + ": " + value + note);
        });
  }

  private void comment(String comment) {
    line("# " + comment.replaceAll("\\R", " "));
  }

  private void value(JobKey key, String value) {
    line(key.key() + ": " + scalar(value));
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  /** The text plain where that is safe, else in double quotes with everything unusual escaped. */
  static String scalar(String value) {
    if (PLAIN.matcher(value).matches() && !value.equalsIgnoreCase("null")) {
      return value;
    }
    StringBuilder quoted = new StringBuilder("\"");
    value
        .codePoints()
        .forEach(c -> {
          if (c == '"' || c == '\\') {
            quoted.append('\\').append((char) c);
          } else if ((c >= ' ' && c <= '~') || Character.isLetterOrDigit(c)) {
            quoted.appendCodePoint(c);
          } else {
            quoted.append(Phrase.of("\\U%08x", c));
          }
        });
    return quoted.append('"').toString();
  }
}
