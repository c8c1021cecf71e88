package io.dlion.cli.job;

import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.settings.Effects;
import io.dlion.core.settings.Goal;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.strategy.Strategy;
import io.dlion.data.ClassList;
import io.dlion.data.DataOptions;
import io.dlion.data.TableOptions;
import io.dlion.data.csv.Delimiters;
import io.dlion.data.partition.Partition;
import io.dlion.data.preprocessing.DataKind;
import io.dlion.data.preprocessing.TablePreprocessing;
import io.dlion.data.record.RecordSchema;
import io.dlion.data.schema.LabelTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Makes a job of a draft: fills in defaults and checks every value. */
public final class Resolver {
  private static final int MAX_THREADS = 1024;
  private static final int MAX_SEQUENCE_LENGTH = 65536;
  private static final int MAX_PATIENCE = 1_000_000;
  private static final double MAX_EPOCHS = 1e6;
  private static final double MAX_MBIT = 1e6;
  private static final Pattern RUN_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}");

  private final Draft draft;
  private final KnownNames names;

  private Resolver(Draft draft, KnownNames names) {
    this.draft = draft;
    this.names = names;
  }

  /**
   * The job that a draft describes.
   *
   * @throws UserError for the first value that cannot be, with its place
   */
  public static Job resolve(Draft draft, KnownNames names) {
    return new Resolver(draft, names).job();
  }

  /**
   * How data is to be read, as far as a draft says it.
   *
   * @throws UserError for the first value that cannot be, with its place
   */
  public static DataOptions reading(Draft draft) {
    return new Resolver(draft, new KnownNames(List.of(), List.of())).reading();
  }

  private Job job() {
    Sources sources = new Sources(names);
    Presets.Preset preset = draft.preset();
    int workers = whole(JobKey.WORKERS, Job.MAX_WORKERS).orElse(JobKey.Defaults.WORKERS);
    Workers known = new Workers(workers);
    Settings settings = settings(preset.settings());
    Optional<StreamJob> stream = stream(sources);
    JobGoal goal = stream.isPresent() ? goalOfStream() : goal();
    requireTime(settings, goal);
    return new Job(
        draft
            .one(JobKey.DATA)
            .filter(item -> stream.isEmpty() || !item.text().equals(Job.NO_DATA))
            .map(sources::data)
            .orElse(stream.isPresent() ? Job.NO_DATA : JobKey.Defaults.DATA),
        stream,
        reading(),
        draft.one(JobKey.PARTITION).map(Resolver::partition).orElse(JobKey.Defaults.PARTITION),
        shares(workers),
        draft.one(JobKey.MODEL).map(sources::model).orElse(JobKey.Defaults.MODEL),
        preset.name(),
        settings,
        workers,
        whole(JobKey.MIN_WORKERS, Job.MAX_WORKERS),
        whole(JobKey.THREADS, MAX_THREADS),
        goal,
        draft.one(JobKey.SEED).map(NumberReader::whole).orElse((long) JobKey.Defaults.SEED),
        new LinkSpeeds(
            draft.one(JobKey.LINK_MBIT).map(Resolver::mbit),
            new PairRates(known).read(draft.all(JobKey.LINKS))),
        slow(known),
        draft
            .one(JobKey.KEEP_MODEL)
            .map(item -> oneOf(item, KeepModel.values(), KeepModel::key))
            .orElse(KeepModel.BEST),
        text(JobKey.OUT).orElse(JobKey.Defaults.OUT),
        draft.one(JobKey.NAME).map(Resolver::runName),
        hours());
  }

  private DataOptions reading() {
    return new DataOptions(
        draft.one(JobKey.KIND).map(item -> oneOf(item, DataKind.values(), DataKind::key)),
        new TableOptions(
            text(JobKey.LABEL),
            draft.one(JobKey.TASK).map(item -> oneOf(item, LabelTask.values(), LabelTask::key)),
            draft.one(JobKey.HEADER).map(Resolver::yesOrNo),
            draft.one(JobKey.DELIMITER).map(Resolver::delimiter),
            draft.one(JobKey.DECIMAL).map(Resolver::decimal),
            windowRows(),
            text(JobKey.SEQUENCE_BY)),
        classes(),
        whole(JobKey.IMAGE_SIZE, DataOptions.IMAGE_SIZE_MAX),
        whole(JobKey.SEQUENCE_LENGTH, MAX_SEQUENCE_LENGTH),
        DataOptions.defaults().seed(),
        Optional.empty());
  }

  /** {@code window: 22:00-06:00} is when to train, and no rows. */
  private Optional<Integer> windowRows() {
    return draft
        .one(JobKey.WINDOW)
        .filter(item -> !HoursReader.isOfDay(item))
        .map(item -> NumberReader.whole(item, 1, TablePreprocessing.STEPS_MAX));
  }

  private TrainingHours hours() {
    List<TrainingHours.Span> spans = new ArrayList<>();
    draft.all(JobKey.HOURS).forEach(item -> spans.add(HoursReader.span(item)));
    draft
        .one(JobKey.WINDOW)
        .filter(HoursReader::isOfDay)
        .ifPresent(item -> spans.addAll(HoursReader.spans(item)));
    return new TrainingHours(spans);
  }

  private List<String> classes() {
    List<Item> items = draft.all(JobKey.CLASSES);
    if (items.isEmpty()) {
      return List.of();
    }
    Place place = items.getFirst().place();
    if (draft.has(JobKey.STREAM) && !draft.has(JobKey.DATA)) {
      throw place.error("says what classes --data has; those of a stream: --schema classes=A,B,…");
    }
    try {
      return ClassList.checked(items.stream().map(Item::text).toList());
    } catch (UserError invalid) {
      throw place.error(String.valueOf(invalid.getMessage()));
    }
  }

  private static <T> T oneOf(Item item, T[] values, Function<T, String> key) {
    for (T value : values) {
      if (key.apply(value).equals(item.text().strip().toLowerCase(Locale.ROOT))) {
        return value;
      }
    }
    throw item.place()
        .expected(Arrays.stream(values).map(key).collect(Collectors.joining(" or ")), item.text());
  }

  private static boolean yesOrNo(Item item) {
    return switch (item.text().strip().toLowerCase(Locale.ROOT)) {
      case "yes", "true" -> true;
      case "no", "false" -> false;
      default -> throw item.place().expected("yes or no", item.text());
    };
  }

  private static char delimiter(Item item) {
    return Delimiters.find(item.text())
        .orElseThrow(() ->
            item.place()
                .expected("one character, or comma, semicolon, tab, space or pipe", item.text()));
  }

  private static char decimal(Item item) {
    return switch (item.text().strip().toLowerCase(Locale.ROOT)) {
      case "point", "." -> '.';
      case "comma", "," -> ',';
      default -> throw item.place().expected("point or comma", item.text());
    };
  }

  private Optional<String> text(JobKey key) {
    return draft
        .one(key)
        .map(item -> {
          if (item.text().isBlank()) {
            throw item.place().expected("a value", "");
          }
          return item.text();
        });
  }

  private Optional<Integer> whole(JobKey key, int maximum) {
    return draft.one(key).map(item -> NumberReader.whole(item, 1, maximum));
  }

  private static String partition(Item item) {
    try {
      return Partition.parse(item.text()).toString();
    } catch (UserError invalid) {
      throw item.place().wrap(invalid);
    }
  }

  private List<Double> shares(int workers) {
    List<Item> items = draft.all(JobKey.SHARES);
    if (!items.isEmpty() && items.size() != workers) {
      throw items
          .getFirst()
          .place()
          .error(
              "expected "
                  + workers
                  + (workers == 1 ? " number" : " numbers")
                  + ", one for each worker, found "
                  + items.size());
    }
    return items.stream()
        .map(item ->
            NumberReader.positive(item, Double.MAX_VALUE, "numbers above 0, one per worker"))
        .toList();
  }

  private Settings settings(Settings preset) {
    Settings settings = preset;
    for (Item item : draft.all(JobKey.SET)) {
      try {
        settings = settings.with(item.name(), item.text());
      } catch (UserError invalid) {
        throw item.place().wrap(invalid);
      }
    }
    settings = ServerName.in(settings, draft);
    Strategy.of(settings); // throws where settings contradict each other
    for (Item item : draft.all(JobKey.SET)) {
      try {
        Effects.require(item.name(), settings, preset);
      } catch (UserError ineffective) {
        throw item.place().wrap(ineffective);
      }
    }
    return settings;
  }

  private Optional<StreamJob> stream(Sources sources) {
    Map<String, String> schema = new TreeMap<>();
    List<Item> items = draft.all(JobKey.SCHEMA);
    items.forEach(item -> schema.put(item.name(), item.text()));
    Optional<Item> address = draft.one(JobKey.STREAM);
    if (address.isEmpty() && !items.isEmpty()) {
      throw items.getFirst().place().error("says what the records of a stream are: give --stream");
    }
    if (!schema.isEmpty()) {
      RecordSchema.parse("schema", schema); // throws where it makes no sense
    }
    return address.map(item -> new StreamJob(sources.stream(item), schema));
  }

  /** A stream has no end, and no epochs; the test set, if there is one, may age. */
  private JobGoal goalOfStream() {
    for (JobKey key : List.of(JobKey.EPOCHS, JobKey.PATIENCE)) {
      if (draft.has(key)) {
        throw draft
            .all(key)
            .getFirst()
            .place()
            .error(
                "has no meaning with --stream, which has no end: give --time or --target-accuracy, or"
                    + " nothing to learn until it is stopped");
      }
    }
    return new JobGoal(Optional.empty(), time(), targetAccuracy(), Optional.empty());
  }

  private Optional<Duration> time() {
    return draft.one(JobKey.TIME).map(NumberReader::duration);
  }

  private Optional<Double> targetAccuracy() {
    return draft
        .one(JobKey.TARGET_ACCURACY)
        .map(item -> NumberReader.positive(item, 1, "a number above 0, at most 1 (0.9 is 90 %)"));
  }

  private JobGoal goal() {
    Optional<Double> epochs =
        draft
            .one(JobKey.EPOCHS)
            .map(item ->
                NumberReader.positive(item, MAX_EPOCHS, "a number above 0, at most 1000000"));
    Optional<Duration> time = time();
    Optional<Double> accuracy = targetAccuracy();
    Optional<Integer> patience = whole(JobKey.PATIENCE, MAX_PATIENCE);
    boolean none = epochs.isEmpty() && time.isEmpty() && accuracy.isEmpty();
    Optional<Double> end = none ? Optional.of((double) JobKey.Defaults.EPOCHS) : epochs;
    return new JobGoal(end, time, accuracy, patience);
  }

  /** A method with a server must have time for what it does. */
  private static void requireTime(Settings settings, JobGoal goal) {
    long nanos = goal.time().map(Duration::toNanos).orElse(Long.MAX_VALUE);
    Strategy.of(settings)
        .server()
        .ifPresent(rule -> rule.method().requireTime(new Goal(Long.MAX_VALUE, nanos, 2)));
  }

  static double mbit(Item item) {
    return NumberReader.positive(item, MAX_MBIT, "a rate above 0 in Mbit/s, at most 1000000");
  }

  private Map<WorkerId, Double> slow(Workers known) {
    Map<WorkerId, Double> factors = new TreeMap<>();
    for (Item item : draft.all(JobKey.SLOW)) {
      WorkerId worker = known.find(item.name(), item.place());
      factors.put(
          worker, NumberReader.atLeast(item, 1, "a factor of at least 1 (4: four times slower)"));
    }
    return factors;
  }

  private static String runName(Item item) {
    if (!RUN_NAME.matcher(item.text()).matches()) {
      throw item.place()
          .expected("up to 64 letters, digits, dots, dashes or underscores", item.text());
    }
    return item.text();
  }
}
