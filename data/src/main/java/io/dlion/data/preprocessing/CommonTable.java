package io.dlion.data.preprocessing;

import io.dlion.data.schema.CsvColumn;
import io.dlion.data.schema.CsvSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The encoding of a table whose rows lie at several places. Columns are found by their names, the
 * second of two with one name as the second. Columns that are left out are not in it.
 */
final class CommonTable {
  private CommonTable() {}

  static TablePreprocessing of(List<CommonPreprocessing.Place> places) {
    List<Site> sites =
        places.stream()
            .map(p -> new Site((TablePreprocessing) p.preprocessing(), p.examples()))
            .toList();
    CsvSchema first = sites.getFirst().table.schema();
    List<String> names = new ArrayList<>();
    List<CsvColumn> columns = new ArrayList<>();
    List<Standard> features = new ArrayList<>();
    Map<String, Integer> met = new HashMap<>();
    int label = -1;
    for (int c = 0; c < first.columns().size(); c++) {
      CsvColumn column = first.columns().get(c);
      if (!(column instanceof CsvColumn.LeftOut)) {
        String name = first.names().get(c);
        int turn = met.merge(name, 1, Integer::sum) - 1;
        CsvColumn all = column(sites, name, turn, c == first.label());
        if (c == first.label()) {
          label = names.size();
        } else if (!(all instanceof CsvColumn.Sequence)) {
          features.addAll(standards(sites, name, turn, all));
        }
        names.add(name);
        columns.add(all);
      }
    }
    CsvSchema schema = new CsvSchema(names, columns, label);
    PooledStandard target = new PooledStandard();
    sites.forEach(site -> target.add(site.examples, site.table.target()));
    int steps = sites.stream().mapToInt(site -> site.table.steps()).max().orElse(0);
    return new TablePreprocessing(
        schema, steps, features, schema.isRegression() ? target.standard() : new Standard(0, 1));
  }

  private static CsvColumn column(List<Site> sites, String name, int turn, boolean label) {
    List<String> words = List.of();
    for (Site site : sites) {
      CsvColumn column = site.column(name, turn);
      if (!(column instanceof CsvColumn.Category(List<String> values))) {
        return column;
      }
      words = Vocabulary.union(words, values);
    }
    CommonPreprocessing.requireFewWords(name, words.size(), label);
    return new CsvColumn.Category(words);
  }

  private static List<Standard> standards(
      List<Site> sites, String name, int turn, CsvColumn column) {
    List<Standard> standards = new ArrayList<>();
    if (column instanceof CsvColumn.Category(List<String> words)) {
      for (String word : words) {
        PooledStandard pooled = new PooledStandard();
        sites.forEach(site -> pooled.addWord(site.examples, site.share(name, turn, word)));
        standards.add(pooled.standard());
      }
    } else {
      PooledStandard pooled = new PooledStandard();
      sites.forEach(site -> pooled.add(site.examples, site.standard(name, turn, 0)));
      standards.add(pooled.standard());
    }
    return standards;
  }

  /** One place with rows of the table. */
  static final class Site {
    private final TablePreprocessing table;
    private final long examples;

    /** The columns of each name that are used, in their order. */
    private final Map<String, List<Integer>> places = new HashMap<>();

    /** The first of the numbers that a model gets from each column. */
    private final int[] firstFeature;

    Site(TablePreprocessing table, long examples) {
      this.table = table;
      this.examples = examples;
      CsvSchema schema = table.schema();
      firstFeature = new int[schema.columns().size()];
      int feature = 0;
      for (int c = 0; c < firstFeature.length; c++) {
        firstFeature[c] = feature;
        feature += c == schema.label() ? 0 : schema.columns().get(c).width();
        if (!(schema.columns().get(c) instanceof CsvColumn.LeftOut)) {
          places.computeIfAbsent(schema.names().get(c), _ -> new ArrayList<>()).add(c);
        }
      }
    }

    CsvColumn column(String name, int turn) {
      return table.schema().columns().get(place(name, turn));
    }

    /** Of the rows, those with a word. */
    double share(String name, int turn, String word) {
      int index =
          column(name, turn) instanceof CsvColumn.Category(List<String> words)
              ? words.indexOf(word)
              : -1;
      return index < 0 ? 0 : standard(name, turn, index).mean();
    }

    /** Of the numbers that a model gets from a column. */
    Standard standard(String name, int turn, int index) {
      return table.features().get(firstFeature[place(name, turn)] + index);
    }

    private int place(String name, int turn) {
      return places.getOrDefault(name, List.of()).get(turn);
    }
  }
}
