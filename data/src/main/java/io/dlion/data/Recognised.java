package io.dlion.data;

import io.dlion.core.Phrase;
import io.dlion.core.learn.ExampleShape.Kind;
import io.dlion.core.learn.Examples;
import io.dlion.data.file.LeftOut;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Everything that was recognised about a data set. Immutable.
 *
 * @param name the folder or file, or {@code generated:NAME}
 * @param contents what the examples are
 * @param trainExamples examples to learn from; 0 for data that a trained model is judged by
 * @param testExamples examples to judge by
 * @param testSplit where these come from
 * @param classes how often each occurs; empty for regressions and texts
 * @param source how a reader found them
 */
public record Recognised(
    String name,
    Contents contents,
    int trainExamples,
    int testExamples,
    TestSplit testSplit,
    List<ClassCount> classes,
    Source source) {
  private static final int LEFT_OUT_SHOWN_MAX = 5;

  /** Copies the list. */
  public Recognised {
    classes = List.copyOf(classes);
  }

  /** Counts examples and classes. */
  static Recognised of(
      String name,
      Contents contents,
      Examples train,
      Examples test,
      TestSplit testSplit,
      List<String> classNames,
      Source source) {
    List<ClassCount> classes =
        test.shape().kind() == Kind.CLASSIFICATION
            ? ClassCount.of(train, test, classNames)
            : List.of();
    return new Recognised(name, contents, train.count(), test.count(), testSplit, classes, source);
  }

  /** In one line. */
  public String line() {
    String what = contents.phrase() + ", " + format();
    if (trainExamples + testExamples == 0) {
      return "no examples yet: " + what + remarks("");
    }
    return trainExamples == 0
        ? judged(what)
        : String.format(
            Locale.ROOT,
            "%,d + %,d %s%s",
            trainExamples,
            testExamples,
            what,
            remarks(testSplit.note()));
  }

  private String judged(String what) {
    return String.format(
        Locale.ROOT,
        "%,d examples, %s %s (%s%s)",
        testExamples,
        testSplit == TestSplit.OWN ? "the test split of" : "all of",
        name,
        what,
        remarks(testSplit.note()));
  }

  private String format() {
    return contents instanceof Contents.Table table
        ? table.layout().map(layout -> source.format() + ": " + layout).orElse(source.format())
        : source.format();
  }

  private String remarks(String last) {
    List<String> remarks = new ArrayList<>();
    if (!source.leftOut().isEmpty()) {
      remarks.add("left out: " + leftOut());
    }
    remarks.addAll(source.notes());
    if (!last.isEmpty()) {
      remarks.add(last);
    }
    return remarks.isEmpty() ? "" : "; " + String.join("; ", remarks);
  }

  private String leftOut() {
    List<LeftOut> all = source.leftOut();
    String first =
        all.stream()
            .limit(LEFT_OUT_SHOWN_MAX)
            .map(LeftOut::toString)
            .collect(Collectors.joining(", "));
    int more = all.size() - LEFT_OUT_SHOWN_MAX;
    return more > 0 ? Phrase.of("%s and %,d more (dlion data lists them)", first, more) : first;
  }

  /** As maps, lists, texts and numbers, for JSON. */
  public Map<String, Object> asMap() {
    return RecognisedFields.of(this);
  }
}
