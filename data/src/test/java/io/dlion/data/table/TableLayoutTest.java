package io.dlion.data.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import io.dlion.data.Contents;
import io.dlion.data.Copies;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.Reading;
import io.dlion.data.csv.TableLayout;
import io.dlion.data.recognise.DataSets;
import io.dlion.data.schema.TableColumn;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a table is written is recognised, whichever program wrote it, or said by options. */
class TableLayoutTest {
  private static final DataOptions DEFAULTS = DataOptions.defaults();

  @TempDir Path folder;

  private DataSet open(String text) throws IOException {
    return open(text, DEFAULTS);
  }

  private DataSet open(String text, DataOptions options) throws IOException {
    Path file = Files.writeString(folder.resolve("t.csv"), text);
    return DataSets.open(file.toString(), options);
  }

  private static Contents.Table table(DataSet set) {
    return (Contents.Table) set.recognised().contents();
  }

  private static TableLayout layout(DataSet set) {
    return table(set).layout().orElseThrow();
  }

  private static List<String> names(DataSet set) {
    return table(set).columns().stream().map(TableColumn::name).toList();
  }

  private static String range(DataSet set, String column) {
    return table(set).columns().stream()
        .filter(c -> c.name().equals(column))
        .map(TableColumn::values)
        .findFirst()
        .orElseThrow();
  }

  private static int rows(DataSet set) {
    return set.train().count() + set.test().count();
  }

  private void assertError(String text, DataOptions options, String... parts) {
    assertThatThrownBy(() -> open(text, options))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(parts)
        .hasMessageNotContaining("\n");
  }

  /** A line for each number from 0, with {@code %d}, {@code %f} and a class. */
  private static String lines(int count, String delimiter, String decimal) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      double x = 10.0 / (i + 3);
      String number = String.format(Locale.ROOT, "%.4f", x).replace(".", decimal);
      text.append(i * i % 7).append(delimiter).append(number).append(delimiter);
      text.append(i % 2 == 0 ? "cat" : "dog").append('\n');
    }
    return text.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {"','!point", "';'!point", "';'!comma", "'|'!point", "'|'!comma", "' '!comma"})
  void delimiterAndDecimalMarkAreRecognised(String delimiter, String decimal) throws IOException {
    String mark = decimal.equals("comma") ? "," : ".";
    String header = String.join(delimiter, "n", "x", "kind") + "\n";
    DataSet set = open(header + lines(40, delimiter, mark));
    assertThat(layout(set)).isEqualTo(new TableLayout(delimiter.charAt(0), mark.charAt(0), true));
    assertThat(range(set, "x")).isEqualTo("0.2381 to 3.3333");
    assertThat(rows(set)).isEqualTo(40);
    assertThat(set.description())
        .contains("delimiter " + layout(set).delimiterName() + ", decimal " + decimal + ", header");
  }

  @Test
  void tabsMayPartDecimalCommas() throws IOException {
    DataSet set = open("n\tx\tkind\n" + lines(40, "\t", ","));
    assertThat(layout(set)).isEqualTo(new TableLayout('\t', ',', true));
  }

  @Test
  void twoColumnsOfDecimalCommasAreNotThreeOfWholeNumbers() throws IOException {
    DataSet set = open("x;kind\n1,5;cat\n2,25;dog\n3,125;cat\n0,5;dog\n");
    assertThat(layout(set)).isEqualTo(new TableLayout(';', ',', true));
    assertThat(range(set, "x")).isEqualTo("0.5 to 3.125");
  }

  @Test
  void groupsOfThreeDigitsMayBeParted() throws IOException {
    DataSet german = open("x;y\n1.234,5;a\n12,25;b\n1.234.567,0;a\n");
    assertThat(range(german, "x")).isEqualTo("12.25 to 1234567");
    DataSet english = open("x,y\n\"1,234.5\",a\n12.25,b\n\"1,234,567\",a\n");
    assertThat(range(english, "x")).isEqualTo("12.25 to 1234567");
    DataSet french = open("x;y\n1\u00a0234,5;a\n12,25;b\n1\u202f234\u202f567,0;a\n");
    assertThat(range(french, "x")).isEqualTo("12.25 to 1234567");
  }

  @Test
  void aNumberThatCanBeReadInTwoWaysIsDecidedByTheDelimiterOrRefused() throws IOException {
    assertThat(range(open("x;y\n1,234;a\n5,678;b\n"), "x")).isEqualTo("1.234 to 5.678");
    assertThat(range(open("x,y\n\"1,234\",a\n\"5,678\",b\n"), "x")).isEqualTo("1234 to 5678");
    assertThat(range(open("x;y\n1.234;a\n5.678;b\n"), "x")).isEqualTo("1.234 to 5.678");
    assertError("x|y\n1,234|a\n5,678|b\n", DEFAULTS, "5,678", "--decimal comma", "--decimal point");
  }

  @Test
  void aMarkThatStandsBesideWholeNumbersGroupsDigits() throws IOException {
    DataSet german = open("x;y\n12;a\n850;b\n1.500;a\n20.345;b\n");
    assertThat(range(german, "x")).isEqualTo("12 to 20345");
    DataSet english = open("x;y\n12;a\n850;b\n1,500;a\n20,345;b\n");
    assertThat(range(english, "x")).isEqualTo("12 to 20345");
    DataSet fractions = open("x;z;y\n12;0.5;a\n850;2.5;b\n1.500;1.5;a\n");
    assertThat(range(fractions, "x")).isEqualTo("1.5 to 850");
  }

  @Test
  void linesAboveTheTableAreRefusedWithAdvice() {
    assertError(
        "Quarterly report\n\na;b;y\n1;2;p\n2;3;q\n3;2;p\n",
        DEFAULTS,
        "t.csv",
        "expected the names of 3 columns in the first row, found 1",
        "begin them with #");
  }

  @Test
  void theOptionsWin() throws IOException {
    DataOptions comma = Reading.decimal(',');
    assertThat(range(open("x|y\n1,234|a\n5,678|b\n", comma), "x")).isEqualTo("1.234 to 5.678");
    DataOptions tilde = Reading.delimiter('~');
    assertThat(names(open("a,b~y\n1~p\n2~q\n", tilde))).containsExactly("a,b", "y");
    assertError("a,y\n1,p\n2,q\n", tilde, "t.csv", "'~'", "--delimiter");
    DataOptions none = Reading.header(false);
    assertThat(rows(open("a,y\nb,z\na,z\nb,y\n", none))).isEqualTo(4);
    DataOptions header = Reading.header(true);
    assertThat(names(open("3,5\n1,0\n2,1\n", header))).containsExactly("3", "5");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0,1,2,label", // pandas without names
        "1,2,3,target", // counted from 1
        "2019,2020,2021,kind" // years
      })
  void aHeaderMayHoldNumbers(String header) throws IOException {
    DataSet set = open(header + "\n" + "0.5,1.25,3.5,cat\n1.5,0.25,4.5,dog\n".repeat(10));
    assertThat(names(set)).containsExactly(header.split(","));
    assertThat(rows(set)).isEqualTo(20);
  }

  @Test
  void aHeaderOfNumbersAloneIsRecognisedAboveFractions() throws IOException {
    DataSet set = open("0,1,2\n" + "0.5,1.25,0\n1.5,0.25,1\n".repeat(10));
    assertThat(names(set)).containsExactly("0", "1", "2");
    assertThat(set.classNames()).containsExactly("0", "1");
  }

  @Test
  void aHeaderOfCountedNumbersIsRecognisedBelowRowNumbersAndAboveOtherNumbers() throws IOException {
    assertThat(names(open("0 1 2\n14191 17580 0\n341 10985 1\n5000 12000 1\n")))
        .containsExactly("0", "1", "2");
    assertThat(names(open(",0,1\n0,2019,3\n1,2300,2\n2,4100,3\n")))
        .containsExactly("row number", "0", "1");
    assertThat(names(open("0;1\n\"1\";640;1\n\"2\";244;2\n")))
        .containsExactly("row number", "0", "1");
    assertThat(names(open("2019|label\n5711|1\n1846|0\n2100|1\n")))
        .containsExactly("2019", "label");
    assertThat(rows(open("1,2,3\n3,1,2\n2,3,1\n1,3,2\n"))).as("a row like the others").isEqualTo(4);
  }

  @Test
  void aHeaderOfWavelengthsIsRecognised() throws IOException {
    String header = "400.5,401.0,401.5,402.0,402.5,quality";
    DataSet set =
        open(header + "\n" + "0.5,0.25,0.1,0.2,0.3,good\n0.1,0.2,0.5,0.3,0.2,bad\n".repeat(8));
    assertThat(names(set)).contains("402.5", "quality");
    assertThat(rows(set)).isEqualTo(16);
  }

  @Test
  void rowsOfDataAreNoHeader() throws IOException {
    assertThat(rows(open("5.1,3.5,setosa\n4.9,3.0,virginica\n" + "5.0,3.1,setosa\n".repeat(8))))
        .isEqualTo(10);
    assertThat(rows(open("p,x,s\ne,x,s\np,b,n\ne,b,n\np,x,n\n"))).as("words alone").isEqualTo(5);
    assertThat(rows(open("7,0,0,3,1\n0,1,2,0,1\n5,0,2,9,0\n1,1,1,1,0\n"))).isEqualTo(4);
    assertThat(rows(open("2020-01-01,1.5,a\n2020-01-02,2.5,b\n2020-01-03,1.5,a\n"))).isEqualTo(3);
  }

  @Test
  void aTableOfWordsHasAHeaderWhoseWordsAreNew() throws IOException {
    DataSet set = open("cap,odor,class\np,x,s\ne,x,s\np,b,n\ne,b,n\n");
    assertThat(names(set)).containsExactly("cap", "odor", "class");
  }

  @Test
  void anOpenQuoteIsNamedWithItsLine() {
    String rows = "1.5,2.5,cat\n0.5,1.5,dog\n".repeat(20);
    String head = "a,b,label\n" + rows;
    assertError(head + "1.0,2.0,\"cat\n" + rows, DEFAULTS, "t.csv:42:", "quote", "never closes");
    assertError(
        head + "1.0,2.0,\"cat\n" + rows + "1.0,2.0,\"dog\"\n" + rows,
        DEFAULTS,
        "t.csv:42:",
        "quote");
    assertError(
        head + "1.0,2.0,\"cat\n" + rows + "1.0,2.0,dog\"\n" + rows,
        DEFAULTS,
        "t.csv:42:",
        "quote",
        "look like rows");
  }

  @Test
  void sentencesInQuotesMayHaveLinesAndCommas() throws IOException {
    DataSet set = open("t,y\n\"I like it, really\nand more, yes\",p\n\"bad, bad\",n\nok,p\n");
    assertThat(rows(set)).isEqualTo(3);
  }

  @Test
  void trailingDelimitersAreDroppedAndSaid() throws IOException {
    for (String text :
        List.of(
            "a,b,label,\n1.5,2,cat,\n2.5,3,dog,\n",
            "a,b,label\n1.5,2,cat,\n2.5,3,dog,\n",
            "a,b,label,\n1.5,2,cat\n2.5,3,dog\n")) {
      DataSet set = open(text);
      assertThat(names(set)).as(text).containsExactly("a", "b", "label");
      assertThat(set.description()).contains("the last column (empty, without a name)");
    }
    assertThat(open("a;b;;;\n1;p;;;\n2;q;;;\n").description())
        .contains("the last 3 columns (empty, without a name)");
    assertThat(names(open("1.5;2.5;a;\n2.5;1.5;b;\n3.5;1.5;a;\n"))).containsExactly("1", "2", "3");
    assertError(
        "a,b,label,\n1.5,2,cat,\n2.5,3,dog,7\n", DEFAULTS, "t.csv:2: column '4'", "an empty field");
  }

  @Test
  void byteOrderMarksLineEndsAndBlankRowsDoNotMatter() throws IOException {
    String text = "a,b,label\n1.5,2,cat\n\n2.5,3,dog\n ,,\n1.0,2,\"c\nd\"\n";
    for (String end : List.of("\n", "\r\n", "\r")) {
      for (String mark : List.of("", "\uFEFF")) {
        DataSet set = open(mark + text.replace("\n", end));
        assertThat(names(set)).containsExactly("a", "b", "label");
        assertThat(rows(set)).isEqualTo(3);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-8"})
  void excelWritesUnicodeWithAByteOrderMark(String charset) throws IOException {
    String text = "\uFEFFGröße\tArt\r\n1,5\tIgel\r\n2,5\tBär\r\n";
    Path file = folder.resolve("t.txt");
    Files.write(file, text.getBytes(Charset.forName(charset)));
    DataSet set = DataSets.open(file.toString(), DEFAULTS);
    assertThat(names(set)).containsExactly("Größe", "Art");
    assertThat(set.classNames()).containsExactly("Bär", "Igel");
  }

  @Test
  void bytesOfAnotherEncodingAreRefusedWithAdvice() throws IOException {
    Path file = folder.resolve("t.csv");
    Files.write(file, "Art;Wert\nIgel;1,5\nBär;2,5\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> DataSets.open(file.toString(), DEFAULTS))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("t.csv:3:", "UTF-8", "0xE4", "CSV UTF-8");
  }

  @Test
  void excelsLineWithTheDelimiterIsObeyed() throws IOException {
    DataSet set = open("sep=;\r\na,b;y\r\n1,5;p\r\n2,5;q\r\n");
    assertThat(names(set)).containsExactly("a,b", "y");
    assertError("sep=;\na;y\n1;p\nx;q\n2;q\n", DEFAULTS, "t.csv:4:", "found 'x'");
  }

  @Test
  void commentsBeforeTheTableAreLeftOutUnlessTheyNameTheColumns() throws IOException {
    DataSet set = open("# measured in May\n#\na,b,y\n1,2,p\n2,3,q\n");
    assertThat(names(set)).containsExactly("a", "b", "y");
    assertThat(set.description()).contains("2 lines (comments before the table)");
    String numpy = "# a b y\n1.5e+00 2.5e+00 0\n2.5e+00 3.5e+00 1\n";
    assertThat(names(open(numpy))).containsExactly("a", "b", "y");
    assertThat(names(open("#id,x,y\n7,1.5,p\n3,2.5,q\n"))).containsExactly("id", "x", "y");
  }

  @Test
  void alignedColumnsAreReadAsIfOneSpaceStoodBetweenThem() throws IOException {
    DataSet set =
        open(
            "   x      z  kind\n  1.5   10.0   cat\n 12.5    9.0   \"big dog\"  \n\t3.5 \t 1.0 cat\n");
    assertThat(names(set)).containsExactly("x", "z", "kind");
    assertThat(set.classNames()).containsExactly("big dog", "cat");
    assertThat(range(set, "x")).isEqualTo("1.5 to 12.5");
  }

  @Test
  void rowNamesOfRAndIndexesOfPandasAreLeftOut() throws IOException {
    String r = "\"x\" \"kind\"\n\"1\" 1.5 \"cat\"\n\"2\" 2.5 \"dog\"\n\"3\" 0.5 \"cat\"\n";
    String r2 = "\"\";\"x\";\"kind\"\n\"1\";1,5;\"cat\"\n\"2\";2,5;\"dog\"\n";
    String pandas = ",x,kind\n0,1.5,cat\n1,2.5,dog\n";
    String twice = "Unnamed: 0,x,kind\n0,1.5,cat\n1,2.5,dog\n";
    String id = "Id,x,kind\n1,1.5,cat\n2,2.5,dog\n3,3.5,dog\n";
    for (String text : List.of(r, r2, pandas, twice, id)) {
      DataSet set = open(text);
      assertThat(set.train().shape().input()).as(text).containsExactly(1);
      assertThat(set.description()).contains("(numbers the rows)");
      assertThat(set.classNames()).containsExactly("cat", "dog");
    }
  }

  @Test
  void anIdThatDoesNotCountTheRowsIsAFeature() throws IOException {
    assertThat(open("id,x,kind\n7,1.5,cat\n2,2.5,dog\n").train().shape().input())
        .containsExactly(2);
  }

  @Test
  void percentAndCurrencySignsAreUnits() throws IOException {
    DataSet set =
        open("share;price;kind\n12,5 %;€ 1.234,50;a\n7,25\u00a0%;-€ 3,00;b\n100%;0,99 €;a\n");
    assertThat(range(set, "share")).isEqualTo("7.25 to 100");
    assertThat(range(set, "price")).isEqualTo("-3 to 1234.5");
    assertThat(table(set).columns().getFirst().type()).isEqualTo("number, %");
    assertError(
        "price,y\n"
            + IntStream.range(0, 40)
                .mapToObj(i -> (i % 2 == 0 ? "$" : "€") + i + ".5,a\n")
                .reduce("", String::concat)
            + "$1.0,b\n",
        DEFAULTS,
        "column 'price'",
        "several units");
  }

  @Test
  void numbersWithUnitsMayBeWordsOrClasses() throws IOException {
    DataSet words = open("x,fee,y\n1.5,$5,a\n2.5,free,b\n3.5,none,a\n0.5,free,b\n");
    assertThat(words.description()).contains("2 classes");
    DataSet classes = open("x,rate\n1.5,5 %\n2.5,10 %\n3.5,5 %\n0.5,10 %\n");
    assertThat(classes.classNames()).containsExactly("10 %", "5 %");
  }

  @Test
  void tablesOfManyColumnsHaveLongLines() throws IOException {
    int columns = 30_000;
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < 4; row++) {
      for (int c = 0; c < columns; c++) {
        text.append(row == 0 ? "gene" + c : Integer.toString(c * row % 97)).append(',');
      }
      text.append(row == 0 ? "label" : row % 2 == 0 ? "ill" : "well").append('\n');
    }
    assertThat(open(text.toString()).train().shape().input()).containsExactly(columns);
  }

  @Test
  void datesOfSeveralCountriesAreLeftOut() throws IOException {
    for (String day :
        List.of(
            "04.02.2015",
            "2/4/2015",
            "2015-02-04T17:51:00Z",
            "04-Feb-2015",
            "4 février 2015",
            "Feb 4, 2015",
            "04/02/2015 17:51",
            "5:30 PM")) {
      DataSet set = open("d;x;y\n" + ("\"" + day + "\";1;p\n\"" + day + "\";2;q\n").repeat(2));
      assertThat(set.description()).as(day).contains("column 'd' (date or time)");
    }
  }

  @Test
  void columnsWithoutValuesAreLeftOut() throws IOException {
    DataSet set = open("a,nothing,,y\n1,,,p\n2,,,q\n");
    assertThat(set.description())
        .contains("column 'nothing' (no values)", "column '3' (no values)");
    assertThat(set.train().shape().input()).containsExactly(1);
  }

  @Test
  void aMissingValueIsNamedWithAdvice() {
    for (String missing : List.of("", "NA", "?", "null")) {
      assertError(
          "a,b,y\n1,5,p\n2,6,q\n" + missing + ",7,p\n4,8,q\n",
          DEFAULTS,
          "t.csv:4: column 'a'",
          "fill it in, or remove the row");
    }
  }

  @Test
  void aLabelWhoseNameTwoColumnsHaveIsRefused() {
    assertError("x,a,a\n1,2,p\n2,3,q\n", DEFAULTS.withLabel("a"), "--label a", "columns 2 and 3");
  }

  @Test
  void theTestFileIsReadAsTheTrainingFileIs() throws IOException {
    Files.writeString(folder.resolve("train.csv"), "0;1;y\n0,5;1,25;p\n1,5;2,5;q\n0,5;2,5;p\n");
    Files.writeString(folder.resolve("test.csv"), "0;1;y\n1.234;2.345;q\n");
    DataSet set = DataSets.open(folder.toString(), DEFAULTS);
    assertThat(set.test().count()).isEqualTo(1);
    assertThat(Copies.input(set.test(), 0)[0]).as("1234, not 1.234").isGreaterThan(100);
  }

  @Test
  void aTableToJudgeByIsRecognisedAnewOrReadAsTheOptionsSay() throws IOException {
    DataSet trained = open("x,n,y\n0.5,1,p\n1.5,2,q\n2.5,3,p\n");
    Path other = Files.writeString(folder.resolve("o.tsv"), "n\tx\ty\n1\t0,5\tp\n2\t1,25\tq\n");
    DataSet set = DataSets.openFor(other.toString(), DEFAULTS, trained.preprocessing());
    assertThat(layout(set)).isEqualTo(new TableLayout('\t', ',', true));
    Path unclear = Files.writeString(folder.resolve("u.tsv"), "n\tx\ty\n1\t1,234\tp\n");
    assertThatThrownBy(
            () -> DataSets.openFor(unclear.toString(), DEFAULTS, trained.preprocessing()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("--decimal");
    DataSet said =
        DataSets.openFor(unclear.toString(), Reading.decimal(','), trained.preprocessing());
    assertThat(said.test().count()).isEqualTo(1);
  }

  @Test
  void aNumberOfTheOtherDecimalMarkIsNamedWithTheOption() {
    String text = "x;z;y\n1,5;2,5;p\n2,5;3,5;q\n1.25;4,5;p\n";
    assertError(text, DEFAULTS, "t.csv:4: column 'x'", "'1.25'", "--decimal point");
    String few = "x;z;y\n1,5;2;p\n2.5;3;q\n1.25;4;p\n";
    assertError(few, Reading.decimal('.'), "t.csv:2: column 'x'", "'1,5'", "--decimal comma");
    assertError("a,b\n1,5\n2,6\n3,7\n", Reading.header(false), "t.csv:1:", "'a'", "--header yes");
  }

  @Test
  void numbersThatAreTakenForWordsAreSaid() throws IOException {
    DataSet set = open("v;x;y\n1.2;0,5;p\n1.3;1,5;q\n1.2;2,5;p\n", Reading.decimal(','));
    assertThat(set.description())
        .contains("column 'v' is taken for words, --decimal point takes it for numbers");
  }

  @Test
  void numbersDoNotDependOnTheLocaleOfTheMachine() throws IOException {
    Locale before = Locale.getDefault();
    try {
      for (String tag : List.of("de-DE", "ar-EG-u-nu-arab", "fa-IR", "tr-TR")) {
        Locale.setDefault(Locale.forLanguageTag(tag));
        DataSet set = open("ID,X,Kind\n1,1.5,a\n2,1234.5,b\n3,2.5,a\n");
        assertThat(range(set, "X")).isEqualTo("1.5 to 1234.5");
        assertThat(set.description()).startsWith("2 + 1 rows of 1 features, 2 classes");
      }
    } finally {
      Locale.setDefault(before);
    }
  }
}
