package io.dlion.cli.job;

import io.dlion.core.settings.Nearest;
import io.dlion.data.DataOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everything a job can be told, each by the same name in a job file and as a flag: the one table
 * behind {@code dlion train --help} and job files.
 */
public enum JobKey {
  /** Where the data is. */
  DATA(
      Section.DATA,
      Form.VALUE,
      "PATH",
      "A file or folder: MNIST-style IDX (plain or .gz), CIFAR-10 binary, an image folder"
          + " (train/CLASS/*.jpg), a table (CSV, TSV), or plain text; it is recognised by what lies"
          + " there (dlion data PATH shows how)."
          + " Or generated:NAME. Default: "
          + Defaults.DATA),
  /** What else is learned from, as it arrives. */
  STREAM(
      Section.DATA,
      Form.VALUE,
      "DIR|URL",
      "Learn from records as they arrive, without an end: a watched folder to which files are moved,"
          + " kafka://HOST:PORT/TOPIC, mqtt://HOST:PORT/TOPIC-FILTER, or generated:drifting."
          + " {worker} in it stands for the worker's name. --data beside it is what training begins"
          + " with."),
  /** What each record of a stream is. */
  SCHEMA(
      Section.DATA,
      Form.MAP,
      "KEY=VALUE",
      "Stream: what each record is, where the data does not say it: format=json|csv|raw|image|text,"
          + " features=A,B,…, label=NAME, classes=A,B,… or task=regression, shape=C,H,W; may be"
          + " repeated."),
  /** What the files hold. */
  KIND(
      Section.DATA,
      Form.VALUE,
      "KIND",
      "What the files hold: table, text or images. Default: recognised by what lies there."),
  /** Which column of a table is to be predicted. */
  LABEL(
      Section.DATA,
      Form.VALUE,
      "COLUMN",
      "Table: the column to predict, by its name or number. Default: label, class, target or y,"
          + " else the last."),
  /** Classes or numbers. */
  TASK(
      Section.DATA,
      Form.VALUE,
      "TASK",
      "Table: classification or regression. Default: words and at most 32 different whole numbers"
          + " are classes, other numbers a regression."),
  /** The classes, of which the data may lack some. */
  CLASSES(
      Section.DATA,
      Form.LIST,
      "A,B,…",
      "Images, tables: all classes, in the order of their numbers, for data that lacks some of them"
          + " (a site of many); others in the data are an error. Default: the lines of classes.txt"
          + " in the data folder, else the classes of the data."),
  /** Whether a table's first line names its columns. */
  HEADER(
      Section.DATA,
      Form.VALUE,
      "yes|no",
      "Table: whether the first line names the columns. Default: by comparing its types with those"
          + " of the rows below."),
  /** The character between fields of a table. */
  DELIMITER(
      Section.DATA,
      Form.VALUE,
      "CHAR",
      "Table: what separates fields: one character, or comma, semicolon, tab, space, pipe."
          + " Default: the one that gives the most regular table."),
  /** The decimal mark of a table's numbers. */
  DECIMAL(
      Section.DATA,
      Form.VALUE,
      "MARK",
      "Table: the decimal mark: point (1,234.5) or comma (1.234,5). Default: the one with which"
          + " more fields are numbers."),
  /** Rows of a window. */
  WINDOW(
      Section.DATA,
      Form.VALUE,
      "ROWS",
      "Table of a time series: each ROWS rows, one after the other, are one example, with the label"
          + " of its last row; windows do not overlap. Default: each row is an example. With hours of"
          + " the day instead of ROWS it is --hours."),
  /** The column that tells sequences apart. */
  SEQUENCE_BY(
      Section.DATA,
      Form.VALUE,
      "COLUMN",
      "Table of time series: all rows with the same value in COLUMN are one example, with one"
          + " label; zeros stand before shorter ones."),
  /** Size that images are brought to. */
  IMAGE_SIZE(
      Section.DATA,
      Form.VALUE,
      "PIXELS",
      "Images: bring each to PIXELS by PIXELS: resize the shorter side, keep the middle. Default:"
          + " as they are, all of one size."),
  /** How the data is divided. */
  PARTITION(
      Section.DATA,
      Form.VALUE,
      "HOW",
      "How workers share the training data: iid (at random), by-label (each has classes of its"
          + " own), or dirichlet(ALPHA) (uneven; the smaller ALPHA, the more). Default: "
          + Defaults.PARTITION),
  /** How much of the data each worker has. */
  SHARES(
      Section.DATA,
      Form.LIST,
      "A,B,…",
      "How much of the data each worker gets, relative to the others: 5,3,2. Default: equal."),
  /** What is trained. */
  MODEL(
      Section.MODEL,
      Form.VALUE,
      "NAME|FILE",
      "A built-in model (dlion models lists them), a TorchScript file, or auto: one that suits the"
          + " data. Default: "
          + Defaults.MODEL),
  /** Length of text examples. */
  SEQUENCE_LENGTH(
      Section.MODEL,
      Form.VALUE,
      "N",
      "Text: characters per example. Default: " + DataOptions.DEFAULT_SEQUENCE_LENGTH),
  /** Named settings. */
  PRESET(
      Section.MODEL,
      Form.VALUE,
      "NAME",
      "A named set of settings (dlion presets lists them). Default: " + Defaults.PRESET),
  /** Single settings. */
  SET(
      Section.MODEL,
      Form.MAP,
      "KEY=VALUE",
      "Change one setting of the preset; may be repeated (dlion presets NAME lists them)."),
  /** When a worker trains. */
  HOURS(
      Section.WORKERS,
      Form.LIST,
      "FROM-TO",
      "Train only at these hours of each machine's local time: 22:00-06:00, or several with commas."
          + " Outside of them a worker rests, the others go on without it, and it catches up when it"
          + " comes back. For dlion worker. Default: always."),
  /** How many workers. */
  WORKERS(
      Section.WORKERS,
      Form.VALUE,
      "N",
      "Workers, called w1, w2, …; all in this process. Default: " + Defaults.WORKERS),
  /** How many workers a run on a network begins with. */
  MIN_WORKERS(
      Section.WORKERS,
      Form.VALUE,
      "N",
      "Begin when so many workers have come; later ones join. Default: the job's workers."),
  /** Threads of a worker. */
  THREADS(
      Section.WORKERS,
      Form.VALUE,
      "N",
      "Compute threads of each worker. Default: the cores divided among the workers."),
  /** Rate of all links. */
  LINK_MBIT(
      Section.WORKERS,
      Form.VALUE,
      "RATE",
      "Shape every link between workers to RATE Mbit/s each way. A job file can also name"
          + " pairs: links: {w1-w2: 5, w2>w3: 10}. Default: as fast as they go."),
  /** Rates of single links; files only, since a shell would take {@code >} for its own. */
  LINKS(Section.WORKERS, Form.MAP, "PAIR=RATE", ""),
  /** Workers slowed down. */
  SLOW(
      Section.WORKERS,
      Form.MAP,
      "WORKER=FACTOR",
      "Slow a worker down: w3=4 computes at a quarter of its speed; may be repeated."),
  /** Who serves; a list, so that two are understood, and refused. */
  SERVER(
      Section.WORKERS,
      Form.LIST,
      "NAME",
      "Who serves, with a preset that has a server. Default: the worker with the best measured"
          + " lines."),
  /** Epochs to train. */
  EPOCHS(
      Section.GOAL,
      Form.VALUE,
      "N",
      "End after N passes over the training data. Default: " + Defaults.EPOCHS),
  /** Time to train. */
  TIME(Section.GOAL, Form.VALUE, "TIME", "End after this time: 90 (seconds), 60s, 5m, 1h30m."),
  /** Accuracy to reach. */
  TARGET_ACCURACY(
      Section.GOAL,
      Form.VALUE,
      "SHARE",
      "End when the accuracy on the test set reaches SHARE, for example 0.9."),
  /** Evaluations without a better result. */
  PATIENCE(
      Section.GOAL,
      Form.VALUE,
      "N",
      "Also end when N evaluations in a row were no better than the best before them: each worker"
          + " counts its own on the test set, and the run ends when all have N."),
  /** Seed of everything random. */
  SEED(Section.GOAL, Form.VALUE, "N", "Seed of everything random. Default: " + Defaults.SEED),
  /** Folder of runs. */
  OUT(Section.RUN, Form.VALUE, "DIR", "Where run folders are made. Default: " + Defaults.OUT),
  /** Which model a run leaves. */
  KEEP_MODEL(
      Section.RUN,
      Form.VALUE,
      "best|last",
      "The model that is saved: the best that evaluations on the test set have found, or that of"
          + " the end. Default: "
          + Defaults.KEEP_MODEL),
  /** Name of the run. */
  NAME(Section.RUN, Form.VALUE, "NAME", "A name for the run, the end of its folder's name.");

  private final Section section;
  private final Form form;
  private final String parameter;
  private final String meaning;

  JobKey(Section section, Form form, String parameter, String meaning) {
    this.section = section;
    this.form = form;
    this.parameter = parameter;
    this.meaning = meaning;
  }

  /** The parts that help is arranged in. */
  public enum Section {
    /** What is learned from. */
    DATA("Data"),
    /** What is learned, and how. */
    MODEL("Model and method"),
    /** Who learns. */
    WORKERS("Workers and links"),
    /** Until when. */
    GOAL("When to stop (the first goal reached ends the run)"),
    /** What stays. */
    RUN("The run");

    private final String title;

    Section(String title) {
      this.title = title;
    }

    /** Its heading. */
    public String title() {
      return title;
    }
  }

  /** What a key holds. */
  public enum Form {
    /** One value. */
    VALUE,
    /** Several values: {@code 5,3,2} or a YAML list. */
    LIST,
    /** Named values: {@code w3=4} or YAML keys. */
    MAP
  }

  /** What holds where nothing is said. */
  static final class Defaults {
    static final String DATA = "generated:shapes";
    static final String PARTITION = "iid";
    static final String MODEL = Job.AUTO_MODEL;
    static final String PRESET = "dlion";
    static final int WORKERS = 3;
    static final int EPOCHS = 8;
    static final int SEED = 1;
    static final String OUT = "runs";
    static final String KEEP_MODEL = "best";

    private Defaults() {}
  }

  /** Its name in a job file, and behind {@code --} as a flag. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Where help shows it. */
  public Section section() {
    return section;
  }

  /** What it holds. */
  public Form form() {
    return form;
  }

  /** What stands for its value in help. */
  public String parameter() {
    return parameter;
  }

  /** What help says about it. */
  public String meaning() {
    return meaning;
  }

  /** Where the data is and how it is read, and further keys. */
  public static List<JobKey> readingAnd(JobKey... further) {
    Stream<JobKey> reading =
        Stream.of(
            DATA,
            KIND,
            LABEL,
            TASK,
            CLASSES,
            HEADER,
            DELIMITER,
            DECIMAL,
            WINDOW,
            SEQUENCE_BY,
            IMAGE_SIZE,
            SEQUENCE_LENGTH);
    return Stream.concat(reading, Arrays.stream(further)).toList();
  }

  /** Whether it is a flag of {@code dlion train} too, not only a key of job files. */
  public boolean isFlag() {
    return this != LINKS && this != MIN_WORKERS && this != HOURS;
  }

  static Optional<JobKey> find(String key) {
    return Arrays.stream(values()).filter(k -> k.key().equals(key)).findFirst();
  }

  static String hint(String key) {
    List<String> keys = Arrays.stream(values()).map(JobKey::key).toList();
    String near = Nearest.hint(key, keys);
    return near.isEmpty() ? "; the keys are " + String.join(", ", keys) : near;
  }
}
