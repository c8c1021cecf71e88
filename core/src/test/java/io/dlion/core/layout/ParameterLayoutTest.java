package io.dlion.core.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class ParameterLayoutTest {
  private static ParameterLayout.Builder builder() {
    return new ParameterLayout.Builder();
  }

  @Test
  void variablesBeginAtMultiplesOf64Bytes() {
    ParameterLayout layout =
        builder().add("a", 3).add("scalar").add("b", 4, 4).add("c", 17).add("d", 1).build();
    assertThat(layout.variables().stream().map(Variable::offset))
        .containsExactly(0, 16, 32, 48, 80);
    assertThat(layout.variables().stream().map(Variable::count)).containsExactly(3, 1, 16, 17, 1);
    assertThat(layout.size()).isEqualTo(96);
    assertThat(layout.bytes()).isEqualTo(384);
    assertThat(layout.elements()).isEqualTo(38);
  }

  @Test
  void anEmptyLayoutHasNoSize() {
    assertThat(builder().build().size()).isZero();
    assertThat(builder().build().elements()).isZero();
  }

  @Test
  void fingerprintsTellNamesShapesAndOrderApart() {
    long fingerprint = builder().add("a", 2, 3).add("b", 4).build().fingerprint();
    assertThat(builder().add("a", 2, 3).add("b", 4).build().fingerprint()).isEqualTo(fingerprint);
    assertThat(builder().add("a", 3, 2).add("b", 4).build().fingerprint())
        .isNotEqualTo(fingerprint);
    assertThat(builder().add("a", 2, 3).add("c", 4).build().fingerprint())
        .isNotEqualTo(fingerprint);
    assertThat(builder().add("b", 4).add("a", 2, 3).build().fingerprint())
        .isNotEqualTo(fingerprint);
    assertThat(builder().add("a", 2, 3).build().fingerprint()).isNotEqualTo(fingerprint);
  }

  @Test
  void fingerprintIsTheSameOnEveryMachine() {
    // FNV-1a over the characters of "a[2, 3]", in arithmetic of any size.
    assertThat(builder().add("a", 2, 3).build().fingerprint()).isEqualTo(fnv1a("a[2, 3]"));
  }

  private static long fnv1a(String text) {
    BigInteger hash = new BigInteger("cbf29ce484222325", 16);
    BigInteger prime = new BigInteger("100000001b3", 16);
    for (int i = 0; i < text.length(); i++) {
      hash = hash.xor(BigInteger.valueOf(text.charAt(i))).multiply(prime);
      hash = hash.mod(BigInteger.TWO.pow(64));
    }
    return hash.longValue();
  }

  @Test
  void impossibleVariablesAreRefused() {
    assertThatThrownBy(() -> builder().add("a", 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder().add("a", 1L << 31)).isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> builder().add("a", 1 << 30).add("b", 1 << 30))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> builder().add("a", 2).add("a", 3).build())
        .hasMessageContaining("twice");
  }
}
