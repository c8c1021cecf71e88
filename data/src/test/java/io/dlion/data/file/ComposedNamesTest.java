package io.dlion.data.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.preprocessing.Preprocessing;
import io.dlion.data.recognise.DataSets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComposedNamesTest {
  private static final String ROWS = "Größe,Gerät\n1,Säge\n2,Bohrer\n3,Säge\n4,Bohrer\n";
  private static final String DECOMPOSED = Normalizer.normalize(ROWS, Normalizer.Form.NFD);

  @TempDir Path folder;

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void namesBecomeComposed() {
    assertThat(ComposedNames.composed("o\u0308")).isEqualTo("ö");
    assertThat(ComposedNames.composed("ö a")).isEqualTo("ö a");
  }

  @Test
  void columnsWordsAndTheLabelOptionAreComparedInTheirComposedForm() throws IOException {
    DataSet composed =
        DataSets.open(
            file("a.csv", ROWS),
            DataOptions.defaults().withLabel(Normalizer.normalize("Gerät", Normalizer.Form.NFD)));
    DataSet decomposed =
        DataSets.open(file("b.csv", DECOMPOSED), DataOptions.defaults().withLabel("Gerät"));
    assertThat(decomposed.classNames()).containsExactly("Bohrer", "Säge");
    assertThat(decomposed.preprocessing()).isEqualTo(composed.preprocessing());
  }

  @Test
  void aModelIsJudgedByNamesInEitherForm() throws IOException {
    DataSet trained = DataSets.open(file("a.csv", ROWS), DataOptions.defaults());
    String json = Normalizer.normalize(trained.preprocessing().toJson(), Normalizer.Form.NFD);
    Preprocessing read = Preprocessing.parse(json, "test");
    assertThat(read).isEqualTo(trained.preprocessing());
    DataSet judged = DataSets.openFor(file("b.csv", DECOMPOSED), DataOptions.defaults(), read);
    assertThat(judged.test().count()).isEqualTo(4);
  }
}
