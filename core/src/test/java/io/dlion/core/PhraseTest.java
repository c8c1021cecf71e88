package io.dlion.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhraseTest {
  private Locale before = Locale.ROOT;

  @BeforeEach
  void remember() {
    before = Locale.getDefault();
  }

  @AfterEach
  void restore() {
    Locale.setDefault(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar-EG", "fa-IR", "bn-BD", "mr-IN", "th-TH-u-nu-thai", "tr-TR", "de-DE"})
  void numbersLookTheSameInEveryLocale(String locale) {
    Locale.setDefault(Locale.forLanguageTag(locale));
    assertThat(Phrase.of("%d %,d %.2f %e %tY %S", -12, 34_567, 0.5, 1e-9, 0L, "title"))
        .isEqualTo("-12 34,567 0.50 1.000000e-09 1970 TITLE");
  }
}
